"""Processes: none is left behind, whatever happens to plasmd."""
import os
import shutil
import signal

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

    def assert_leaves_nothing(self, number):
        process, workers = self.spinning()
        process.send_signal(number)
        self.assertEqual(process.wait(cli.SECONDS), -number)
        for worker in workers:
            self.assertTrue(cli.wait_gone(worker))
        process.stdout.close()
        process.stderr.close()

    def test_an_interrupted_plasmd_leaves_no_worker(self):
        self.assert_leaves_nothing(signal.SIGINT)

    def test_a_terminated_plasmd_leaves_no_worker(self):
        self.assert_leaves_nothing(signal.SIGTERM)

    def test_a_killed_plasmd_leaves_no_worker(self):
        self.assert_leaves_nothing(signal.SIGKILL)

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
