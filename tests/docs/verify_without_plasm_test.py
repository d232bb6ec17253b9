"""Every command of docs/verify-without-plasm.md works as printed: those of its first section where
Plasm is, the others where it is not.

A section whose tool is not here is skipped: Go needs its module proxy, cosign has to be built
(tests/interop/cosign.py).
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import cosign
import golang
import plasmd
from commands import demo_folder, run_as_printed

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = ("cut", "openssl", "sh", "sha256sum")


def sections():
    """{title: text} of the document."""
    parts = re.split(r"^## (.*)\n", (ROOT / "docs" / "verify-without-plasm.md").read_text("utf-8"), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


class VerifyWithoutPlasmTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        cls.addClassCleanup(temporary.cleanup)
        cls.work = pathlib.Path(temporary.name)
        cls.elsewhere = cls.work / "elsewhere"
        # Nothing but these tools on the other machine.
        cls.bin = cls.work / "bin"
        cls.bin.mkdir()
        (cls.bin / "python3").symlink_to(sys.executable)
        for tool in TOOLS:
            (cls.bin / tool).symlink_to(shutil.which(tool))

    def needs(self, tool, path):
        try:
            link = self.bin / tool
            if not link.exists():
                link.symlink_to(path())
        except plasmd.Missing as reason:
            self.skipTest(str(reason))

    def run_section(self, title, folder, **environment):
        return run_as_printed(self, sections()[title], folder,
                              {"HOME": os.environ.get("HOME", "/"), "PATH": str(self.bin), **environment})

    def test_a_receipt_is_verified_where_plasm_never_was(self):
        tree = demo_folder(self.work, pathlib.Path(plasmd.binary()).parent, ROOT)
        self.run_section("On the node", tree, HOME=str(self.work), PATH=os.environ["PATH"])
        (tree / "build" / "passed-on").rename(self.elsewhere)
        shutil.rmtree(tree)
        found = subprocess.run(["sh", "-c", "command -v plasm plasmd"], env={"PATH": str(self.bin)},
                               stdout=subprocess.PIPE, check=False)
        self.assertEqual(found.stdout, b"")

        ran = {}
        for title, text in list(sections().items())[1:]:
            with self.subTest(section=title):
                if "cosign" in title:
                    self.needs("cosign", cosign.program)
                elif "Go" in title:
                    self.needs("go", golang.require)
                    (self.elsewhere / "check_proof").mkdir()
                    program = re.search(r"^```go\n(.*?)^```$", text, re.M | re.S).group(1)
                    (self.elsewhere / "check_proof" / "main.go").write_text(program, encoding="utf-8")
                ran[title] = self.run_section(title, self.elsewhere)
        self.assertGreaterEqual(sum(ran.values()), 3 + 5)
        # Every section but the last tells what to do.
        self.assertEqual([title for title, count in ran.items() if count == 0], [list(sections())[-1]])


if __name__ == "__main__":
    unittest.main(verbosity=2)
