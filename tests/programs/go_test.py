"""A Go program with goroutines, timers, folders and standard input runs and replays."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import plasmd

SOURCE = pathlib.Path(__file__).resolve().parent / "go_guest"
OLDEST = (1, 22)  # wasip1 came with 1.21, loop variables of their own with 1.22


def require_go():
    go = shutil.which("go")
    if go is None:
        raise plasmd.Missing("there is no `go` on the PATH to build the guest with")
    said = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=True).stdout
    version = re.match(r"go(\d+)\.(\d+)", said)
    if version is None or tuple(map(int, version.groups())) < OLDEST:
        raise plasmd.Missing(f"`go` is {said.strip()}, and the guest needs {OLDEST[0]}.{OLDEST[1]}")
    return go


class GoTest(plasmd.ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.guest = pathlib.Path(plasmd.data_dir()) / "go_guest.wasm"
        environment = dict(os.environ, GOOS="wasip1", GOARCH="wasm", GOTOOLCHAIN="local",
                           GOFLAGS="-trimpath", GOPROXY="off", CGO_ENABLED="0")
        subprocess.run([require_go(), "build", "-ldflags=-s -w -buildid=", "-buildvcs=false",
                        "-o", str(cls.guest), "."], cwd=SOURCE, env=environment, check=True)
        plasmd.compile_fully(cls.guest)

    def test_replays_bit_for_bit_in_every_tier(self):
        with tempfile.TemporaryDirectory() as work:
            host = pathlib.Path(work)
            (host / "sub").mkdir()
            for name in ("zebra", "apple"):
                (host / name).touch()
            seen = self.assert_replays(self.guest, "/data", flags=["--dir", f"{host}::/data"],
                                       stdin=b"to be or not\nto be\n")
            self.assertFalse((host / "result.txt").exists())
        self.assertEqual(seen["exit_code"], 4)
        lines = seen["stdout"].splitlines()
        self.assertEqual(lines[0], f"start {plasmd.START_TIME}")
        self.assertEqual([line[:8] for line in lines[1:5]], [f"worker {i}" for i in (3, 2, 1, 0)])
        self.assertEqual(lines[5:], ["slept 4m0s", "entry apple false", "entry sub true", "entry zebra false",
                                     "count be 2", "count not 1", "count or 1", "count to 2"])
        self.assertRegex(seen["stderr"], r"^map order \[(\w+ ?){4}\]\n$")

    def test_a_receipt_is_confirmed_by_a_second_run(self):
        with tempfile.TemporaryDirectory() as work:
            back = pathlib.Path(work) / "back.txt"
            host = pathlib.Path(work) / "in"
            (host / "empty").mkdir(parents=True)
            job = self.assert_verifies_and_replays(
                self.guest, "/data", stdin=b"to be or not\nto be\n", outputs=[f"/data/result.txt={back}"],
                flags=["--dir", f"{host}::/data", "--env", "MESSAGE=a=b c", "--output", f"/data/result.txt={back}"])
            self.assertEqual(job["exit_code"], 4)
            self.assertIn("count to 2", job["stdout"])

    def test_brings_its_file_back(self):
        with tempfile.TemporaryDirectory() as work:
            back = pathlib.Path(work) / "back.txt"
            (pathlib.Path(work) / "in").mkdir()
            done = plasmd.run("run", self.guest, "/data", flags=[
                "--dir", f"{work}/in::/data", "--env", "MESSAGE=a=b c",
                "--output", f"/data/result.txt={back}"])
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertEqual(back.read_text(encoding="utf-8"), "a=b c")


if __name__ == "__main__":
    plasmd.main(require_go)
