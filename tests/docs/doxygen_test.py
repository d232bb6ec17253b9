"""Every member of the C++ interface is described: doxygen finds nothing to complain about."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class DoxygenTest(unittest.TestCase):
    def run_doxygen(self, root, output):
        settings = (root / "docs" / "Doxyfile").read_text("utf-8") + f"OUTPUT_DIRECTORY = {output}\n"
        return subprocess.run(["doxygen", "-"], cwd=root, input=settings, text=True, timeout=300,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)

    def test_every_public_member_is_described(self):
        with tempfile.TemporaryDirectory() as output:
            done = self.run_doxygen(ROOT, output)
            self.assertEqual((done.returncode, done.stdout), (0, ""))
            pages = [page.name for page in pathlib.Path(output, "html").iterdir()]
            self.assertTrue(any("Client" in page for page in pages), pages)

    def test_one_that_is_not_would_be_found(self):
        with tempfile.TemporaryDirectory() as work:
            copy = pathlib.Path(work, "tree")
            for folder in ("include", "docs", "examples/libplasm"):
                shutil.copytree(ROOT / folder, copy / folder)
            header = copy / "include" / "plasm" / "client.h"
            text = header.read_text("utf-8")
            header.write_text(text.replace("  /// The nodes that are known here.\n", "", 1), "utf-8")
            done = self.run_doxygen(copy, pathlib.Path(work, "out"))
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("Nodes", done.stdout)


if __name__ == "__main__":
    if not shutil.which("doxygen"):
        print("doxygen is not installed: script/bootstrap test installs it")
        sys.exit(77)
    unittest.main(verbosity=2)
