"""Go's own packages, and Tessera's checker, accept the logs that we write.

Without `go`, or with no way to its module proxy, the test skips. Building Tessera's checker takes a minute the first time: it is done only
with PLASM_TEST_TESSERA=1.
"""
import os
import pathlib
import subprocess
import tempfile
import unittest

import golang
import plasmd

TESSERA = "github.com/transparency-dev/tessera/cmd/fsck@v1.0.4"


class GoLogTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="plasm-interop-")
        cls.addClassCleanup(temporary.cleanup)
        cls.work = pathlib.Path(temporary.name)
        cls.checker = cls.work / "go_log"
        golang.build_checker(cls.checker)

    def make(self, name, count, group):
        """The verifier key, the log and the folder of proofs."""
        log, proofs = self.work / name, self.work / f"{name}-proofs"
        made = subprocess.run([os.environ["PLASM_MAKE_LOG"], log, proofs, str(count), str(group)],
                              capture_output=True, text=True, check=False)
        self.assertEqual(made.returncode, 0, made.stderr)
        return made.stdout.strip(), log, proofs

    def check(self, *arguments):
        return subprocess.run([self.checker, *arguments], capture_output=True, text=True, check=False)

    def test_accepts_logs_of_every_shape(self):
        for count, group in [(1, 1), (2, 1), (255, 17), (256, 17), (257, 300), (1000, 7), (70000, 999)]:
            with self.subTest(count=count, group=group):
                checked = self.check(*self.make(f"log-{count}", count, group))
                self.assertEqual(checked.returncode, 0, checked.stderr)
                self.assertRegex(checked.stdout, rf"^{count} entries, [1-9]\d* tiles, [2-9]\d* "
                                                 r"inclusion proofs, [1-9]\d* consistency proofs$")

    def test_refuses_the_same_log_when_it_is_damaged(self):
        key, log, proofs = self.make("damaged", 600, 100)
        for path in ("checkpoint", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2",
                     "tile/entries/001", "tile/entries/002.p/88"):
            file = log / path
            intact = file.read_bytes()
            # For the checkpoint a digit of the size, elsewhere a byte inside the first value.
            offset = intact.index(b"\n600\n") + 1 if path == "checkpoint" else 5
            file.write_bytes(intact[:offset] + bytes([intact[offset] ^ 1]) + intact[offset + 1:])
            self.assertNotEqual(self.check(key, log, proofs).returncode, 0, path)
            file.write_bytes(intact)
        self.assertEqual(self.check(key, log, proofs).returncode, 0)

    @unittest.skipUnless(os.environ.get("PLASM_TEST_TESSERA") == "1", "PLASM_TEST_TESSERA is not 1")
    def test_tesseras_checker_accepts_a_log_of_70000_entries(self):
        subprocess.run([golang.require(), "install", TESSERA], cwd=self.work,
                       env=golang.environment(GOBIN=str(self.work)), check=True)
        key, log, _ = self.make("tessera", 70000, 999)
        key_file = self.work / "tessera.vkey"
        key_file.write_text(key, encoding="utf-8")

        def fsck(seconds):
            # It ends with status 0 whatever it has found, or, when something is wrong, not at
            # all: only its words count.
            with subprocess.Popen([self.work / "fsck", "-ui=false", "-storage_url", f"file://{log}/",
                                   "-public_key", key_file],
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
                try:
                    return process.communicate(timeout=seconds)[0]
                except subprocess.TimeoutExpired:
                    process.kill()
                    return process.communicate()[0]

        self.assertIn("Successfully fsck'd log with size 70000", fsck(300))
        bundle = log / "tile/entries/100"
        bundle.write_bytes(bundle.read_bytes().replace(b"receipt ", b"Receipt ", 1))
        self.assertNotIn("Successfully", fsck(20))


if __name__ == "__main__":
    plasmd.main(golang.require)
