"""A node that is told to stop: running jobs may end, the others run after the next start; and one
that is told to look again at who may use it."""
import contextlib

import cli
import node


class StopTest(node.NodeTest):
    """Each test has a node of its own, on one data folder."""

    @classmethod
    def setUpClass(cls):
        cli.CliTest.setUpClass.__func__(cls)

    @classmethod
    def tearDownClass(cls):
        cli.CliTest.tearDownClass.__func__(cls)

    def begin(self, grace):
        self.node = node.Node(self.folder / "data",
                              environment={"PLASM_WORKERS": "1", "PLASM_DRAIN_SECONDS": grace})
        return self.node

    def spin(self, word, milliseconds):
        return self.submit(self.manifest("guests/spin.wasm", word, limits={
            "fuel": str(2**63 - 1), "wallTimeMs": str(milliseconds)}), "").json()["id"]

    def until_it_speaks(self, job):
        with contextlib.closing(self.node.connection()) as connection:
            connection.request("GET", f"/v1/jobs/{job}/events")
            stream = connection.getresponse()
            while not stream.readline().startswith(b"event: stdout"):
                pass

    def shown(self, job, wait=60):
        return self.ask("GET", f"/v1/jobs/{job}?wait={wait}&include=receipt").json()

    def test_a_running_job_ends_within_the_grace_and_others_run_after_the_next_start(self):
        self.begin("60")
        for module in ("hello.wasm", "guests/spin.wasm"):
            self.put_module(module)
        running = self.spin("first", 3000)
        self.until_it_speaks(running)
        queued = [self.spin(f"queued {number}", 100) for number in range(3)]
        self.assertEqual(self.node.stop(), 0)
        self.begin("60")
        told = self.ask("GET", f"/v1/jobs/{running}").json()
        self.assertEqual((told["state"], told["attempts"]), ("timed_out", 1), told)
        for job in queued:
            told = self.shown(job)
            self.assertEqual((told["state"], "receipt" in told), ("timed_out", True), told)
        self.assertEqual(self.node.stop(), 0)

    def test_a_job_that_does_not_end_within_the_grace_runs_again(self):
        self.begin("0")
        self.put_module("guests/spin.wasm")
        running = self.spin("first", 1000)
        self.until_it_speaks(running)
        self.assertEqual(self.node.stop(), 0)
        self.begin("0")
        told = self.shown(running)
        self.assertEqual((told["state"], told["attempts"]), ("timed_out", 2), told)
        self.assertEqual(self.node.stop(), 0)

    def test_while_it_drains_no_job_is_taken_and_the_rest_is_answered(self):
        running = self.begin("60")
        for module in ("hello.wasm", "guests/spin.wasm"):
            self.put_module(module)
        job = self.spin("long", 60_000)
        self.until_it_speaks(job)
        with contextlib.closing(self.node.connection()) as connection:
            self.ask("GET", "/healthz", connection=connection)
            running.process.send_signal(node.signal.SIGTERM)
            answers = lambda: self.ask("GET", "/readyz", connection=connection)
            deadline = node.time.monotonic() + cli.SECONDS
            while (answer := answers()).status == 200:
                self.assertLess(node.time.monotonic(), deadline)
            self.assert_problem(answer, 503, "unavailable")
        refused = self.submit(self.manifest("hello.wasm", "late"), "")
        self.assert_problem(refused, 503, "unavailable", "stop")
        self.assertEqual(self.shown(job, 0)["state"], "running")
        running.process.send_signal(node.signal.SIGTERM)  # a second one: at once
        running.wait()
        self.begin("60")
        self.assertIn(self.shown(job, 0)["state"], ("queued", "running"))
        self.ask("POST", f"/v1/jobs/{job}/cancel")
        self.assertEqual(self.shown(job)["state"], "cancelled")
        self.assertEqual(self.node.stop(), 0)

    def test_who_may_use_it_changes_with_a_signal_and_a_broken_file_changes_nothing(self):
        running = self.begin("1")
        certificate, key = node.make_certificate(self.folder)
        ask = lambda: self.ask("GET", "/v1/jobs", via="tls", certificate=certificate).status
        self.assertEqual(ask(), 401)
        file = running.data / "authorized_clients"
        for text, refused, status in ((f"me {key}\n", False, 200),
                                      (f"me {key} nonsense\n", True, 200),
                                      ("", False, 401)):
            before = len(running.events)
            file.write_text(text)
            file.chmod(0o600)
            running.process.send_signal(node.signal.SIGHUP)
            running.read_until("reloaded")
            self.assertEqual(ask(), status, text)
            events = [event["event"] for event in running.events[before:]]
            self.assertEqual("access_file_refused" in events, refused, text)
        self.assertEqual(running.stop(), 0)


if __name__ == "__main__":
    cli.main()
