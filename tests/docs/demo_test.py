"""script/demo-remote, which script/demo --remote ends in: all of it works, and nothing stays behind."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS = 120


class DemoTest(unittest.TestCase):
    def setUp(self):
        # Short, since Unix sockets are below it.
        temporary = tempfile.TemporaryDirectory(prefix="demo-", ignore_cleanup_errors=True)
        self.addCleanup(temporary.cleanup)
        self.work = pathlib.Path(temporary.name).resolve()

    def start(self, path=None):
        environment = {"PATH": path or os.environ["PATH"], "HOME": str(self.work / "nobody"), "TMPDIR": str(self.work)}
        process = subprocess.Popen(
            [ROOT / "script" / "demo-remote", pathlib.Path(os.environ["PLASMD"]).parent], text=True, env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=SECONDS)

    def assert_nothing_is_left(self):
        self.assertEqual(list(self.work.iterdir()), [])
        for command in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = command.read_bytes()
            except OSError:
                continue
            self.assertNotIn(str(self.work).encode(), words)

    def test_both_nodes_are_found_run_jobs_and_are_verified(self):
        process = self.start()
        output, _ = process.communicate(timeout=SECONDS)
        self.assertEqual(process.returncode, 0, output)
        for node in ("north", "south"):
            # By the list and by the DHT; when they were started and when they became known.
            self.assertEqual(output.count(f"\n{node}  SHA256:"), 2, output)
            self.assertEqual(output.count(f"\n{node}  https://127.0.0.1:"), 2, output)
            self.assertIn(f"\n{node}: !dlroW ,olleH\n", output)
        self.assertIn("agree     2 of 2, 2 needed", output)
        self.assertIn("replay    identical", output)
        self.assertRegex(output, r"\nsize    [1-9]")
        self.assertIn("\nsound: ", output)
        if shutil.which("php"):
            self.assertTrue("\nnorth: VALID  job-" in output or "left out: php" in output, output)
        self.assert_nothing_is_left()

    def test_without_php_it_says_so_and_goes_on(self):
        tools = self.work / "tools"
        tools.mkdir()
        for tool in ("sh", "dirname", "mktemp", "rm", "sed", "head", "sleep", "cat", "grep", "mkdir"):
            (tools / tool).symlink_to(shutil.which(tool))
        process = self.start(path=str(tools))
        output, _ = process.communicate(timeout=SECONDS)
        self.assertEqual(process.returncode, 0, output)
        self.assertIn("left out: php", output)
        self.assertIn("replay    identical", output)
        shutil.rmtree(tools)
        self.assert_nothing_is_left()

    def test_nothing_is_left_when_it_is_interrupted(self):
        for step in ("== 2", "== 5"):
            with self.subTest(step=step):
                process = self.start()
                for line in process.stdout:
                    if line.startswith(step):
                        break
                # As a terminal does for Ctrl-C.
                os.killpg(process.pid, signal.SIGINT)
                process.communicate(timeout=SECONDS)
                self.assertEqual(process.returncode, 130)
                self.assert_nothing_is_left()

    def test_a_folder_without_the_programs_is_refused(self):
        done = subprocess.run([ROOT / "script" / "demo-remote", self.work], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=SECONDS, check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("script/demo --remote", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
