"""Processes: none is left behind, whatever happens to plasmd."""
import json
import os
import shutil
import signal
import subprocess

import cli


class LifecycleTest(cli.CliTest):
    def spinning(self, verb="run"):
        """A plasmd whose guest runs for ever, and pidfds of its workers."""
        process = self.start(verb, "--data-dir", self.data, "--tier", "full", "--timeout", "0",
                             cli.guest("spin"))
        self.addCleanup(process.kill)
        self.assertEqual(process.stdout.read(9), b"spinning\n")
        workers = cli.children(process.pid)
        self.assertEqual(len(workers), 1)
        pidfds = [os.pidfd_open(worker) for worker in workers]
        for pidfd in pidfds:
            self.addCleanup(os.close, pidfd)
        return process, pidfds

    def assert_leaves_nothing(self, number, status):
        process, workers = self.spinning()
        process.send_signal(number)
        message = process.stderr.read()
        self.assertEqual(process.wait(cli.SECONDS), status, message)
        for worker in workers:
            self.assertTrue(cli.wait_gone(worker))
        process.stdout.close()
        process.stderr.close()
        return message.decode()

    def test_an_interrupted_plasmd_leaves_no_worker(self):
        self.assertIn("signal 2", self.assert_leaves_nothing(signal.SIGINT, 130))

    def test_a_terminated_plasmd_leaves_no_worker(self):
        self.assertIn("signal 15", self.assert_leaves_nothing(signal.SIGTERM, 143))

    def test_a_killed_plasmd_leaves_no_worker(self):
        self.assert_leaves_nothing(signal.SIGKILL, -signal.SIGKILL)

    def test_an_interrupted_job_has_a_receipt(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start("execute-job", "--data-dir", self.data, "--tier", "full",
                                 "--timeout", "0", cli.guest("echo"), stdin=subprocess.PIPE)
            self.addCleanup(process.kill)
            process.stdin.write(b"x")
            process.stdin.flush()
            cli.wait_for_signals_held(process.pid)
            process.send_signal(number)
            out, err = process.communicate(timeout=cli.SECONDS)
            self.assertEqual(process.returncode, 128 + number, err)
            report = json.loads(out)
            self.assertEqual(report["status"], "cancelled")
            self.assertEqual(report["exit_code"], 1)
            self.assertEqual(report["receipt"]["exit_code"], 1)

    def test_a_compiler_is_interrupted_too(self):
        process = self.start("execute-job", "--data-dir", self.data / "cold", "--tier", "full",
                             self.large_module(), stdin=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        cli.wait_for_signals_held(process.pid)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=cli.SECONDS)
        self.assertEqual(process.returncode, 130, err)
        self.assertEqual(json.loads(out)["status"], "cancelled")

    def test_a_signal_that_is_ignored_stays_ignored(self):
        process = self.start(
            "run", "--data-dir", self.data, "--tier", "quick", cli.guest("echo"),
            stdin=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
        cli.wait_for_signals_held(process.pid, (signal.SIGTERM,))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(b"abc", timeout=cli.SECONDS)
        self.assertEqual((process.returncode, out), (0, b"abc"), err)

    def large_module(self):
        """A module that takes its compiler a while: many functions of plain arithmetic."""
        def leb(number):
            out = bytearray()
            while True:
                byte, number = number & 0x7f, number >> 7
                out.append(byte | (0x80 if number else 0))
                if not number:
                    return bytes(out)

        def section(kind, body):
            return bytes([kind]) + leb(len(body)) + body

        count = 20000
        body = b"\x01\x01\x7f" + b"\x20\x00\x41\x03\x6c\x41\x05\x6a\x21\x00" * 100 + b"\x0b"
        path = self.folder / "large.wasm"
        path.write_bytes(
            b"\0asm\1\0\0\0" + section(1, b"\x01\x60\x00\x00")
            + section(3, leb(count) + b"\0" * count)
            + section(5, b"\x01\x00\x01")
            + section(7, b"\x02\x06memory\x02\x00\x06_start\x00\x00")
            + section(10, leb(count) + (leb(len(body)) + body) * count))
        return path

    def test_a_killed_worker_is_a_failure_of_the_node(self):
        process, workers = self.spinning()
        signal.pidfd_send_signal(workers[0], signal.SIGKILL)
        out, err = process.communicate(timeout=cli.SECONDS)
        self.assertEqual(process.returncode, cli.NODE_FAILED)
        self.assertEqual(out, b"")
        self.assertIn(b"killed by signal 9", err)

    def test_a_worker_that_is_missing_is_named(self):
        # A plasmd without its worker beside it.
        alone = self.folder / "plasmd"
        shutil.copy(cli.plasmd(), alone)
        done = self.plasmd("run", "--data-dir", self.data, cli.example("hello.wasm"), "x",
                           executable=str(alone))
        self.assert_ends(done, cli.NODE_FAILED, "plasm-worker")
        self.assert_one_sentence(done)


if __name__ == "__main__":
    cli.main()
