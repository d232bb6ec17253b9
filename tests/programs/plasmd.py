"""Drives the plasmd binary that the environment variable PLASMD names, and plasm, which PLASM does.

PLASM_TEST_DATA_DIR, when set, names a data folder that outlives the test: compiled modules
are kept there, which is most of the time of a large program's first run.
"""
import base64
import contextlib
import fcntl
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SKIPPED = 77  # what ctest's SKIP_RETURN_CODE says
START_TIME = "2024-02-29T12:34:56Z"
SEED = "5eed" * 16
# Every way to run a module must give the same result: (--engine, --tier).
TIERS = (("native", "quick"), ("native", "full"), ("pulley", "full"))


class Missing(Exception):
    """Something that the test needs is not here; the message says what and why."""


def binary():
    path = os.environ.get("PLASMD")
    if not path:
        sys.exit("PLASMD must name the plasmd binary to test")
    return path


def data_dir():
    path = os.environ.get("PLASM_TEST_DATA_DIR") or os.path.join(tempfile.gettempdir(), "plasm-test-data")
    os.makedirs(path, mode=0o700, exist_ok=True)
    return path


def fresh_data_dir():
    """A folder for a `with` statement. A background compilation may outlive the job in it."""
    return tempfile.TemporaryDirectory(prefix="plasm-test-", ignore_cleanup_errors=True)


def cache_dir():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    path = pathlib.Path(base) / "plasm" / "test-programs"
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextlib.contextmanager
def locked(path):
    """Holds an exclusive lock on a file that stays behind."""
    with open(path, "w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def run(verb, module, *args, flags=(), stdin=b"", data=None):
    """The finished process of `plasmd VERB`, with its output as bytes."""
    command = [binary(), verb, "--data-dir", data or data_dir(), *flags, "--", str(module), *args]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=600)


def execute_job(module, *args, flags=(), stdin=b"", data=None):
    """The JSON object that `plasmd execute-job` prints."""
    done = run("execute-job", module, *args, flags=flags, stdin=stdin, data=data)
    if done.returncode != 0:
        raise AssertionError(f"plasmd execute-job ended with {done.returncode}: "
                             f"{done.stderr.decode(errors='replace').strip()}")
    return json.loads(done.stdout)


def plasm(*words, data=None):
    """The finished process of `plasm WORDS`."""
    command = [os.environ["PLASM"], *map(str, words), "--data-dir", data or data_dir()]
    return subprocess.run(command, capture_output=True, check=False, timeout=600)


def compile_fully(module):
    """Puts the module's full tier into the data folder. Otherwise the first run in the automatic
    tier would start a second compilation beside those that the tests wait for."""
    execute_job(module, flags=["--tier", "full", "--fuel", "1"])


def observed(job):
    """What must not depend on the tier, the engine or the day."""
    return {key: job.get(key) for key in ("status", "trap", "exit_code", "stdout", "stdout_base64",
                                          "stderr", "stderr_base64", "fuel_used")}


def written(job, stream):
    """The bytes that the guest wrote to "stdout" or "stderr"."""
    exact = job.get(f"{stream}_base64")
    return job[stream].encode() if exact is None else base64.b64decode(exact)


class ProgramTest(unittest.TestCase):
    maxDiff = 4000

    def assert_replays(self, module, *args, flags=(), stdin=b""):
        """Runs twice in every tier; all must agree. Returns what they agreed on."""
        fixed = ["--profile", "plasm-det-1", "--start-time", START_TIME, "--seed", SEED, *flags]
        first = None
        for engine, tier in TIERS:
            for attempt in ("first", "second"):
                job = execute_job(module, *args, stdin=stdin,
                                  flags=[*fixed, "--engine", engine, "--tier", tier])
                self.assertEqual((job["engine"], job["tier"]), (engine, tier))
                seen = observed(job)
                first = first or seen
                self.assertEqual(seen, first, f"{attempt} run, engine {engine}, tier {tier}")
        self.assertGreater(int(first["fuel_used"]), 0)
        return first


    def assert_verifies_and_replays(self, module, *args, flags=(), stdin=b"", outputs=()):
        """A job gets a receipt v2 that is valid, with these outputs, and that a second run confirms."""
        with tempfile.TemporaryDirectory() as work:
            receipt = pathlib.Path(work) / "receipt.json"
            job = execute_job(module, *args, stdin=stdin,
                              flags=["--tier", "full", "-o", str(receipt), *flags])
            trusted = plasm("trust", "add", "me", "--self")
            self.assertEqual(trusted.returncode, 0, trusted.stderr)
            files = []
            for stream in ("stdout", "stderr"):
                (pathlib.Path(work) / stream).write_bytes(written(job, stream))
                files += ["--output", f"{stream}={work}/{stream}"]
            for output in outputs:
                files += ["--output", output]
            done = plasm("verify", receipt, "--manifest", f"{receipt}.manifest.json", *files, "--replay", "--json")
            report = json.loads(done.stdout)
            self.assertEqual((done.returncode, report["verdict"]), (0, "VALID"), report)
            self.assertTrue(report["replay"]["identical"], report)
            self.assertEqual(len(report["outputs"]), 2 + len(outputs))
            self.assertEqual(report["result"]["fuel_used"], job["fuel_used"])
        return job


def main(needed=lambda: None):
    """Runs the tests of the calling script, or says why it can't and ends with SKIPPED."""
    binary()
    try:
        needed()
    except Missing as reason:
        print(f"skipped: {reason}")
        sys.exit(SKIPPED)
    unittest.main(module="__main__", verbosity=2)
