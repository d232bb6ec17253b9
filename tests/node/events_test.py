"""Server-Sent Events of a job: state, output, end; and readers that were cut off."""
import base64
import contextlib
import json

import node


def parse(body):
    events = []
    for block in body.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines()
                      if line and not line.startswith(":"))
        if fields:
            events.append((fields["event"], json.loads(fields["data"]), fields["id"]))
    return events


def output(events, stream="stdout"):
    return b"".join(base64.b64decode(data["base64"]) for event, data, _ in events
                    if event == stream)


class EventsTest(node.NodeTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls().put_module()

    def events(self, job, **headers):
        answer = self.ask("GET", f"/v1/jobs/{job}/events", headers=headers)
        self.assertEqual(answer.status, 200, answer)
        return parse(answer.body)

    def test_a_reader_sees_output_and_end_whenever_it_comes(self):
        for query in ("", "?wait=60"):  # on its way, and ended
            job = self.submit(self.manifest("hello.wasm", "Hello, World!"), query).json()["id"]
            events = self.events(job)
            self.assertEqual(output(events), b"!dlroW ,olleH")
            self.assertEqual(events[-1][0], "end")
            self.assertEqual(events[-1][1]["state"], "exited")
            node.DESCRIPTION.validate(events[-1][1], {"$ref": "#/components/schemas/Job"})

    def test_a_reader_that_was_cut_off_misses_nothing_and_gets_nothing_twice(self):
        job = self.submit(self.manifest("hello.wasm", "Hello, World!")).json()["id"]
        whole = output(self.events(job))
        for offset in (0, 1, len(whole)):
            rest = self.events(job, **{"Last-Event-ID": f"1-{offset}-0"})
            self.assertEqual(output(rest), whole[offset:])
            self.assertEqual(rest[-1][0], "end")

    def test_a_reader_of_a_silent_job_hears_that_the_node_is_there(self):
        self.put_module("guests/spin.wasm")
        job = self.submit(self.manifest("guests/spin.wasm", limits={"wallTimeMs": "9000"}), "").json()["id"]
        with contextlib.closing(self.node.connection()) as connection:
            connection.request("GET", f"/v1/jobs/{job}/events")
            lines = connection.getresponse().read().decode().splitlines()
        # Whoever watches takes 10 seconds of silence for the node's end.
        self.assertGreaterEqual(lines.count(":"), 2, lines)

    def test_a_reader_that_is_ahead_begins_again(self):
        job = self.submit(self.manifest("hello.wasm", "x")).json()["id"]
        events = self.events(job, **{"Last-Event-ID": "1-999-0"})
        self.assertIn("restart", [event for event, _, _ in events])
        self.assertEqual(output(events), b"x")

    def test_wrong_positions_are_refused(self):
        job = self.submit(self.manifest("hello.wasm", "x")).json()["id"]
        for text in ("x", "1", "1-2", f"1-{2**64}-0", "-1-0-0", "01-0-0"):
            answer = self.ask("GET", f"/v1/jobs/{job}/events", headers={"Last-Event-ID": text})
            self.assert_problem(answer, 400, "invalid", "Last-Event-ID")


if __name__ == "__main__":
    node.main()
