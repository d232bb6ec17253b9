"""Standard streams: whole, live, and never in the way."""
import os
import pathlib
import pty
import select
import signal
import socket
import subprocess

import cli


class StreamsTest(cli.CliTest):
    def test_much_input_comes_back_whole(self):
        much = os.urandom(1 << 20) * 50
        for tier in ("quick", "full"):
            done = self.run_guest(cli.guest("echo"), stdin=much, tier=tier)
            self.assert_ends(done, 0)
            self.assertEqual(len(done.stdout), len(much))
            self.assertTrue(done.stdout == much)

    def test_input_from_a_file_is_read_from_where_it_stands(self):
        path = self.folder / "input"
        path.write_bytes(b"0123456789")
        with open(path, "rb", buffering=0) as file:
            file.seek(4)
            process = self.start("run", "--data-dir", self.data, cli.guest("echo"), stdin=file)
            out, _ = process.communicate(timeout=cli.SECONDS)
        self.assertEqual(out, b"456789")

    def test_output_comes_while_the_guest_runs(self):
        # Under plasm-det-1 no read is short: the guest would wait for more.
        process = self.start("run", "--data-dir", self.data, "--profile", "live", cli.guest("echo"),
                             stdin=subprocess.PIPE, bufsize=0)
        for piece in (b"a", b"bc", b"def"):
            process.stdin.write(piece)
            self.assertEqual(process.stdout.read(len(piece)), piece)
        process.stdin.close()
        self.assertEqual(process.wait(cli.SECONDS), 0)
        process.stdout.close()
        process.stderr.close()

    def test_input_that_never_comes_is_not_waited_for(self):
        process = self.start("run", "--data-dir", self.data, "--tier", "quick",
                             cli.guest("exit_code"), "5", stdin=subprocess.PIPE)
        self.assertEqual(process.wait(cli.SECONDS), 5)
        process.stdin.close()
        process.stdout.close()
        process.stderr.close()

    def test_a_flood_ends_at_its_limit(self):
        for stream in ("out", "err"):
            done = self.run_guest("--quiet", "--output-limit", "1000000",
                                  cli.guest("output_flood"), stream)
            self.assert_ends(done, cli.OUTPUT_LIMIT)
            seen = done.stdout if stream == "out" else done.stderr
            self.assertEqual(len(seen), 1000000)

    def flood_without_reader(self, stdout):
        process = self.start("run", "--data-dir", self.data, "--tier", "quick", "--timeout", "0.5",
                             "--output-limit", "100000000", cli.guest("output_flood"),
                             stdout=stdout)
        message = process.stderr.read()
        process.stderr.close()
        self.assertEqual(process.wait(cli.SECONDS), cli.TIMED_OUT, message)

    def test_a_reader_that_stops_does_not_stop_the_clock(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        self.flood_without_reader(writer)
        self.assertTrue(os.get_blocking(writer))  # others may share it
        os.close(writer)
        near, far = socket.socketpair()
        with near, far:
            self.flood_without_reader(far)
        terminal, line = pty.openpty()
        self.addCleanup(os.close, terminal)
        self.flood_without_reader(line)
        self.assertTrue(os.get_blocking(line))
        os.close(line)

    def test_a_run_whose_reader_stopped_can_be_interrupted(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        process = self.start("run", "--data-dir", self.data, "--tier", "quick", "--timeout", "0",
                             "--output-limit", "100000000", cli.guest("output_flood"),
                             stdout=writer)
        os.close(writer)
        select.select([reader], [], [], cli.SECONDS)
        process.send_signal(signal.SIGINT)
        message = process.stderr.read()
        process.stderr.close()
        self.assertEqual(process.wait(cli.SECONDS), 130, message)

    def test_endless_input_is_not_kept(self):
        piece = b"x" * (1 << 20)
        with open("/dev/null", "wb") as nowhere:
            process = self.start("run", "--data-dir", self.data / "new", "--output-limit", "1GiB",
                                 cli.guest("echo"), stdin=subprocess.PIPE, stdout=nowhere)
            for _ in range(100):
                process.stdin.write(piece)
            process.stdin.flush()
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            process.stdin.close()
            message = process.stderr.read()
            process.stderr.close()
            self.assertEqual(process.wait(cli.SECONDS), 0, message)
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
        self.assertLess(int(peak.split()[1]), 64 * 1024, "KiB")

    def test_a_reader_that_leaves_ends_the_run(self):
        for restore_signals in (True, False):  # with and without SIGPIPE
            process = self.start("run", "--data-dir", self.data, "--tier", "quick",
                                 cli.guest("output_flood"), restore_signals=restore_signals)
            self.assertEqual(process.stdout.read(64), b"x" * 63 + b"\n")
            process.stdout.close()
            message = process.stderr.read()
            process.stderr.close()
            status = process.wait(cli.SECONDS)
            if restore_signals:
                self.assertLess(status, 0)
            else:
                self.assertEqual(status, cli.NODE_FAILED, message)

    def test_a_full_disk_behind_the_output_is_an_error(self):
        with open("/dev/full", "wb") as full:
            process = self.start("run", "--data-dir", self.data, cli.example("hello.wasm"), "x",
                                 stdout=full)
            _, message = process.communicate(timeout=cli.SECONDS)
        self.assertEqual(process.returncode, cli.NODE_FAILED)
        self.assertIn(b"could not be written", message)

    def test_a_closed_output_is_an_error_and_goes_nowhere_else(self):
        def closed(*numbers, words):
            def close():
                for number in numbers:
                    os.close(number)
            return self.run_guest(*words, preexec_fn=close)

        module = cli.guest("exit_code")
        self.assert_ends(closed(1, words=(module, "0")), cli.NODE_FAILED, "could not be written")
        done = closed(0, words=(cli.guest("echo"),))
        self.assertEqual((done.returncode, done.stdout), (0, b""))
        done = closed(2, words=(cli.example("hello.wasm"), "ab"))
        self.assertEqual((done.returncode, done.stdout), (0, b"ba"))
        self.assert_ends(closed(0, 1, 2, words=(module, "0")), cli.NODE_FAILED)

    def test_streams_stay_apart(self):
        done = self.run_guest(cli.guest("exit_code"), "0")
        self.assertEqual((done.stdout, done.stderr), (b"out\n", b"err\n"))


if __name__ == "__main__":
    cli.main()
