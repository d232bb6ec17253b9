"""plasmd is killed at every step of making a receipt, and at any moment.

What was promised holds: the log is sound after each kill, it still has everything that any of its
older checkpoints says, and each receipt that was there is valid and in the log. The next job
goes on from there.

strace kills before the N-th call that changes something on disk. Where it is not there or may not
trace, only the kills after a delay remain.
"""
import json
import random
import shutil
import subprocess
import time
import unittest

import cli
import long_log
import receipt_files

BUDGET = 8  # seconds for each way of killing; on a slow machine it tries fewer moments
AT_LEAST = 6  # moments, however slow the machine is
CHANGING = "write,fsync,rename,renameat,unlink,unlinkat,mkdir,mkdirat,fchmod,link,linkat,flock"


def can_trace():
    if shutil.which("strace") is None:
        return False
    done = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False)
    return done.returncode == 0


class KillTest(receipt_files.ReceiptTest):
    def setUp(self):
        super().setUp()
        self.out = self.folder / "out"
        self.out.mkdir()
        self.checkpoints = {}  # by size
        self.random = random.Random(20261125)

    def with_log_of(self, size):
        """A copy of the class's node with a log so long. It trusts itself, where there is a proof."""
        data = self.copy_of(self.data, "node")
        long_log.replace_log(data, size)
        self.assertEqual(self.assert_sound_log(data), size)
        self.assert_ends(self.plasm("trust", "level", "me", "logged", data=data), 0)
        return data

    def command(self, data, file, *flags):
        return ["execute-job", "--data-dir", data, "--tier", "quick", *flags, "-o", file, cli.example("hello.wasm"), "x"]

    def killed_at(self, number, data, file, *flags):
        """Whether the kill came before the end."""
        words = ["-qq", "-o", "/dev/null", "-e", f"trace={CHANGING}",
                 "-e", f"inject={CHANGING}:signal=SIGKILL:when={number}", cli.plasmd(), *self.command(data, file, *flags)]
        process = self.start_traced(*words, stdout=subprocess.DEVNULL)
        done = self.finish(process, words, None)
        if done.returncode == 0:
            return False
        self.assertIn(done.returncode, (-9, 137), done.stderr)
        return True

    def start_traced(self, *words, **popen):
        """By strace, under which the leak check of an AddressSanitizer build can't work."""
        return self.start(*words, program="strace",
                          env=self.environment() | {"ASAN_OPTIONS": "detect_leaks=0"}, **popen)

    def killed_after(self, seconds, data, file, *flags):
        process = self.start(*self.command(data, file, *flags), stdout=subprocess.PIPE)
        time.sleep(seconds)
        process.kill()
        out, err = process.communicate(timeout=cli.SECONDS)
        if process.returncode == 0:
            return False
        self.assertEqual(process.returncode, -9, err)
        return True

    def remember_checkpoint(self, data):
        """The log's checkpoint as anybody could have fetched it now. Two of one size have one root."""
        file = data / "log" / "checkpoint"
        if not file.exists():
            return
        text = file.read_text()
        size = int(text.splitlines()[1])
        self.assertEqual(self.checkpoints.setdefault(size, text), text)

    def assert_keeps_its_word(self, data):
        """After a kill, and before anything has been put right."""
        if not (data / "log" / "checkpoint").exists():
            self.assertEqual(self.checkpoints, {})
            self.assertEqual(list(self.out.glob("*.json")), [])
            return
        self.remember_checkpoint(data)
        if (data / "card.json").exists():
            self.assertEqual(self.assert_sound_log(data), max(self.checkpoints))

    def trust(self, data):
        self.assert_ends(self.plasm("trust", "add", "me", "--self", "--level", "logged", data=data), 0)

    def assert_goes_on(self, data, file):
        done = self.plasmd(*self.command(data, file))
        self.assert_ends(done, 0)
        self.assertEqual(json.loads(done.stdout)["receipt_v2"], json.loads(file.read_bytes()))
        self.remember_checkpoint(data)

    def assert_every_promise_was_kept(self, data):
        """Of all checkpoints that were seen and all receipts that were delivered."""
        size = self.assert_sound_log(data)
        self.assertEqual(size, max(self.checkpoints))
        for older, text in self.checkpoints.items():
            if older == size:
                continue
            file = self.write("older", text)
            done = self.plasm("log", "check", file, data=data)
            self.assert_ends(done, 0)
            self.assertIn(f"consistent: {older} entries have become {size}", done.stdout.decode())
        for file in self.out.glob("*.json"):
            if file.name.endswith(".manifest.json"):
                continue
            issued = receipt_files.Issued(file, None)
            # Its own proof, and that the checkpoint in it is one of this log.
            self.assert_verified(issued, "VALID", "--manifest", issued.manifest, data=data, says=["log  "])
            self.assert_ends(self.plasm("log", "check", issued.proof, data=data), 0)

    def moments(self, start):
        """All steps of a job that starts from a data folder like `start` (or from none), shuffled."""
        data = self.folder / "count"
        if start is not None:
            shutil.copytree(start, data)
        trace = self.folder / "trace"
        words = ["-qq", "-o", trace, "-e", f"trace={CHANGING}", cli.plasmd(),
                 *self.command(data, self.folder / "count.json")]
        self.assert_ends(self.finish(self.start_traced(*words), words, None), 0)
        calls = sum(" = " in line for line in trace.read_text().splitlines())
        self.assertGreater(calls, 20)
        moments = list(range(1, calls + 1))
        self.random.shuffle(moments)
        return moments

    def kill_at_every_step(self, start):
        """Each time from the same state: the job is killed, the log looked at, a job run."""
        tried = 0
        moments = self.moments(start)
        deadline = time.monotonic() + BUDGET
        for moment in moments:
            if tried >= AT_LEAST and time.monotonic() > deadline:
                break
            data = self.folder / f"data{moment}"
            if start is not None:
                shutil.copytree(start, data)
            self.checkpoints = {}
            self.remember_checkpoint(data)
            for old in self.out.iterdir():
                old.unlink()
            with self.subTest(moment=moment):
                self.killed_at(moment, data, self.out / "killed.json")
                self.assert_keeps_its_word(data)
                self.assert_goes_on(data, self.out / "next.json")
                if start is None:
                    self.trust(data)
                self.assert_every_promise_was_kept(data)
            shutil.rmtree(data)
            tried += 1
        print(f"{tried} of {len(moments)} steps", flush=True)

    @unittest.skipUnless(can_trace(), "there is no strace that may trace")
    def test_killed_at_every_step_of_the_first_job_of_all(self):
        self.kill_at_every_step(None)

    @unittest.skipUnless(can_trace(), "there is no strace that may trace")
    def test_killed_at_every_step_of_filling_a_tile(self):
        start = self.with_log_of(255)
        self.kill_at_every_step(start)

    @unittest.skipUnless(can_trace(), "there is no strace that may trace")
    def test_killed_again_and_again_without_a_job_that_ends_well(self):
        data = self.with_log_of(250)
        self.remember_checkpoint(data)
        deadline = time.monotonic() + BUDGET
        for number, moment in enumerate(self.moments(data)):
            if number >= AT_LEAST and time.monotonic() > deadline:
                break
            flags = ("--signing", "batch") if number % 2 else ()
            self.killed_at(moment, data, self.out / f"{number}.json", *flags)
            self.assert_keeps_its_word(data)
        self.assert_every_promise_was_kept(data)
        self.assert_goes_on(data, self.out / "next.json")
        self.assert_every_promise_was_kept(data)

    def test_killed_at_any_moment_beside_another_that_goes_on(self):
        data = self.with_log_of(250)
        self.remember_checkpoint(data)
        begun = time.monotonic()
        self.assert_goes_on(data, self.out / "first.json")
        usual = time.monotonic() - begun
        killed = 0
        deadline = time.monotonic() + BUDGET
        for number in range(40):
            if time.monotonic() > deadline:
                break
            beside = self.start(*self.command(data, self.out / f"beside{number}.json"))
            killed += self.killed_after(self.random.uniform(0, usual), data, self.out / f"{number}.json")
            self.assert_ends(self.finish(beside, ("execute-job",), None), 0)
            self.assert_keeps_its_word(data)
        self.assertGreater(killed, 0)
        self.assert_every_promise_was_kept(data)
        self.assertGreater(len(list(self.out.glob("beside*.tlog-proof"))), 0)


if __name__ == "__main__":
    cli.main()
