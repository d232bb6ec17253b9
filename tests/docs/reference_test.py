"""docs/reference is what the programs and spec/openapi.yaml say now."""
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ["PLASMD"]).parent


def reference(tree, *flags):
    return subprocess.run([sys.executable, tree / "script" / "reference", *flags, PROGRAMS], text=True, timeout=300,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


class ReferenceTest(unittest.TestCase):
    def test_it_is_what_the_programs_and_the_description_give(self):
        done = reference(ROOT, "--check")
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_every_verb_and_every_operation_is_in_it(self):
        pages = {path.name: path.read_text("utf-8") for path in (ROOT / "docs" / "reference").glob("*.md")}
        for verb in ("plasm run", "plasm trust add", "plasm nodes", "plasm log cosign"):
            self.assertIn(f" {verb}\n", pages["plasm.md"])
        self.assertIn(" plasmd client add\n", pages["plasmd.md"])
        for line in (ROOT / "spec" / "openapi.yaml").read_text("utf-8").splitlines():
            if line.startswith("  /") and line.endswith(":"):
                self.assertIn(f" {line[2:-1]}`\n", pages["api.md"])

    def test_a_text_that_is_out_of_date_is_told_and_written_anew(self):
        with tempfile.TemporaryDirectory() as work:
            tree = pathlib.Path(work)
            for file in ("script/reference", "packaging/man_page.py", "spec/openapi.yaml"):
                (tree / file).parent.mkdir(exist_ok=True)
                shutil.copy(ROOT / file, tree / file)
            shutil.copytree(ROOT / "docs" / "reference", tree / "docs" / "reference")
            old = tree / "docs" / "reference" / "plasm.md"
            right = old.read_text("utf-8")
            old.write_text(right.replace("--fuel", "--feul", 1), "utf-8")
            done = reference(tree, "--check")
            self.assertEqual(done.returncode, 1)
            self.assertTrue(done.stdout.startswith("docs/reference/plasm.md is not what"), done.stdout)
            self.assertEqual(reference(tree).stdout, "docs/reference/plasm.md\n")
            self.assertEqual(old.read_text("utf-8"), right)


if __name__ == "__main__":
    if not importlib.util.find_spec("yaml"):
        print("python3-yaml is not installed: script/bootstrap test installs it")
        sys.exit(77)
    unittest.main(verbosity=2)
