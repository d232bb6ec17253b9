"""Drives the binaries that the environment variables PLASMD and PLASM name, as a user would.

Each test class has a data folder of its own, and HOME points into it: nothing of the user's
is read or written.
"""
import os
import pathlib
import select
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

SECONDS = 120  # what is not over by then hangs

USAGE = 2
TIMED_OUT, NODE_FAILED, MODULE_BAD, MODULE_MISSING = 124, 125, 126, 127
TRAPPED, OUT_OF_FUEL, OUTPUT_LIMIT = 134, 152, 153


def plasmd():
    return os.environ["PLASMD"]


def plasm():
    return os.environ["PLASM"]


def example(name):
    return str(pathlib.Path(os.environ["PLASM_EXAMPLES"]) / name)


def guest(name):
    return example(f"guests/{name}.wasm")


class CliTest(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.home = pathlib.Path(tempfile.mkdtemp(prefix="plasm-cli-"))
        cls.data = cls.home / "data"

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.home, ignore_errors=True)

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=self.home))

    def environment(self):
        return {"HOME": str(self.home), "PATH": os.environ["PATH"]}

    def start(self, *words, program=None, **popen):
        """A plasmd, or another program, that runs beside the test."""
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                   "stderr": subprocess.PIPE, "env": self.environment(), **popen}
        return subprocess.Popen([program or plasmd(), *map(str, words)], **options)

    def finish(self, process, words, stdin=b""):
        """Waits for its end: .returncode, .stdout and .stderr, the latter two as bytes."""
        try:
            out, err = process.communicate(stdin, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            self.fail(f"{' '.join(map(str, words))}: not over after {SECONDS} s")
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def plasmd(self, *words, stdin=b"", **popen):
        process = self.start(*words, stdin=subprocess.PIPE, **popen)
        return self.finish(process, ("plasmd", *words), stdin)

    def plasm(self, *words, data=None, **popen):
        """plasm with the class's data folder, or with `data`."""
        command = (*words, "--data-dir", data or self.data)
        process = self.start(*command, program=plasm(), **popen)
        return self.finish(process, ("plasm", *command), None)

    def run_guest(self, *words, verb="run", tier="quick", **popen):
        return self.plasmd(verb, "--data-dir", self.data, "--tier", tier, *words, **popen)

    def assert_ends(self, done, status, *in_stderr):
        message = (done.stderr or b"").decode(errors="replace")
        self.assertEqual(done.returncode, status, message)
        for text in in_stderr:
            self.assertIn(text, message)

    def assert_one_sentence(self, done):
        """Exactly one line on standard error, by its program, without control characters."""
        lines = done.stderr.decode().splitlines()
        self.assertEqual(len(lines), 1, lines)
        self.assertRegex(lines[0], "^plasmd?: ")
        self.assertTrue(lines[0].isprintable(), lines)


def children(parent):
    """The process ids of a process's children."""
    found = []
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            stat = pathlib.Path(entry.path, "stat").read_bytes()
        except OSError:
            continue
        if int(stat[stat.rindex(b")") + 4:].split()[0]) == parent:
            found.append(int(entry.name))
    return found


def wait_for_signals_held(pid, numbers=(signal.SIGINT, signal.SIGTERM)):
    """Returns once the process takes these signals as a wish to cancel its job."""
    wanted = sum(1 << (number - 1) for number in numbers)
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        blocked = next(line for line in status.splitlines() if line.startswith("SigBlk:"))
        # Exactly these: while it starts a process it holds back all that there are.
        if int(blocked.split()[1], 16) == wanted:
            return
    raise AssertionError("the signals are not held")


def wait_gone(pidfd):
    """Whether the process behind a pidfd ends; waits for that, not for a time."""
    return bool(select.select([pidfd], [], [], SECONDS)[0])


main = unittest.main
