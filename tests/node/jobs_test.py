"""Jobs over the API: submit, wait, list, show, cancel, and what they leave."""
import json

import node
from node import new_job_id


class JobsTest(node.NodeTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls().put_module()
        cls().put_module("guests/spin.wasm")

    def test_a_job_is_run_and_answered_with_its_output_and_receipt(self):
        answer = self.submit(self.manifest("hello.wasm", "Hello, World!"),
                             "?wait=60&include=output,receipt")
        self.assertEqual(answer.status, 201, answer)
        job = answer.json()
        self.assertEqual(job["state"], "exited")
        self.assertEqual(job["exitCode"], 0)
        self.assertEqual(job["stdoutBytes"], "!dlroW ,olleH")
        self.assertIn("payload", job["receipt"])
        self.assertIn("c2sp.org/tlog-proof", job["proof"])
        self.assertEqual(answer.headers["Location"], f"/v1/jobs/{job['id']}")

    def test_everything_of_an_ended_job_can_be_had(self):
        manifest = self.manifest("hello.wasm", "abc")
        job = self.submit(manifest).json()
        path = f"/v1/jobs/{job['id']}"
        self.assertEqual(self.ask("GET", f"{path}/manifest").body, manifest)
        self.assertEqual(self.ask("GET", f"{path}/stdout").body, b"cba")
        self.assertEqual(self.ask("GET", f"{path}/stderr").body, b"")
        receipt = self.ask("GET", f"{path}/receipt")
        proof = self.ask("GET", f"{path}/proof")
        self.assertEqual((receipt.status, proof.status), (200, 200))
        shown = self.ask("GET", f"{path}?include=receipt").json()
        self.assertEqual(shown["receipt"], receipt.json())
        self.assertEqual(self.ask("HEAD", f"{path}/stdout").headers["Content-Length"], "3")

    def test_what_a_job_needs_and_is_not_here_is_named(self):
        missing = "ab" * 32
        manifest = json.loads(self.manifest())
        manifest["module"]["sha256"] = missing
        answer = self.submit(json.dumps(manifest).encode())
        self.assert_problem(answer, 409, "conflict")
        self.assertEqual(answer.json()["missing"], [missing])

    def test_a_job_submitted_twice_runs_once(self):
        manifest = self.manifest("hello.wasm", "twice")
        for header, value in (("Plasm-Job-Id", new_job_id()), ("Idempotency-Key", new_job_id())):
            first = self.submit(manifest, headers={header: value})
            again = self.submit(manifest, headers={header: value})
            self.assertEqual((first.status, again.status), (201, 200))
            self.assertEqual(first.json()["id"], again.json()["id"])
            self.assertEqual(first.json()["ended"], again.json()["ended"])
            other = self.submit(self.manifest("hello.wasm", "other"), headers={header: value})
            self.assert_problem(other, 409, "conflict")

    def test_jobs_are_listed_newest_first_in_pages(self):
        ids = [self.submit(self.manifest("hello.wasm", str(i))).json()["id"] for i in range(3)]
        page = self.ask("GET", "/v1/jobs?limit=2&state=exited").json()
        self.assertEqual([job["id"] for job in page["jobs"]], [ids[2], ids[1]])
        after = self.ask("GET", f"/v1/jobs?limit=2&cursor={page['next']}").json()
        self.assertEqual(after["jobs"][0]["id"], ids[0])
        self.assertEqual(self.ask("GET", "/v1/jobs?state=queued").json()["jobs"], [])

    def test_a_running_job_is_cancelled_with_a_receipt(self):
        job = self.submit(self.manifest("guests/spin.wasm", limits={"fuel": str(2**63 - 1)}),
                          "").json()
        path = f"/v1/jobs/{job['id']}"
        self.assertEqual(self.ask("GET", f"{path}?wait=1").json()["state"], "running")
        self.assert_problem(self.ask("GET", f"{path}/stdout"), 409, "conflict")
        self.assert_problem(self.ask("GET", f"{path}/receipt"), 404, "not_found")
        self.assertEqual(self.ask("POST", f"{path}/cancel").status, 200)
        ended = self.ask("GET", f"{path}?wait=60").json()
        self.assertEqual(ended["state"], "cancelled")
        self.assertTrue(self.ask("GET", path).json()["cancelRequested"])
        self.assertEqual(self.ask("GET", f"{path}/receipt").status, 200)

    def test_a_job_of_the_past_is_found_again(self):
        job = self.submit(self.manifest("hello.wasm", "x")).json()
        shown = self.ask("GET", f"/v1/jobs/{job['id']}?wait=5").json()
        self.assertEqual(shown["state"], "exited")
        self.assertEqual(shown["ended"], job["ended"])
        cancelled = self.ask("POST", f"/v1/jobs/{job['id']}/cancel")
        self.assertEqual(cancelled.json()["state"], "exited")

    def test_a_job_that_is_not_there_is_not_found(self):
        for name in (new_job_id(), "job-x", "..%2f", "%00"):
            for path in ("", "/receipt", "/proof", "/stdout", "/manifest", "/events"):
                answer = self.ask("GET", f"/v1/jobs/{name}{path}")
                self.assertIn(answer.status, (400, 404), answer)
        self.assert_problem(self.ask("POST", f"/v1/jobs/{new_job_id()}/cancel"), 404, "not_found")

    def test_wrong_manifests_and_parameters_are_refused_by_name(self):
        good = json.loads(self.manifest())
        for name, value, status in (("type", "x", 400), ("seed", "0", 400), ("args", None, 400)):
            answer = self.submit(json.dumps({**good, name: value}).encode())
            self.assert_problem(answer, status, "invalid", name)
        self.assert_problem(self.submit(b"{}"), 400, "invalid")
        self.assert_problem(self.submit(b""), 400, "invalid")
        self.assert_problem(self.submit(b"\xff" * 10), 400, "invalid")
        answer = self.submit(self.manifest(limits={"memoryBytes": str(1 << 60)}))
        self.assert_problem(answer, 413, "limit_exceeded", "memory")
        for query in ("?wait=61", "?wait=x", "?include=all", "?other=1", "?wait=1&wait=2"):
            self.assert_problem(self.submit(self.manifest(), query), 400, "invalid")
        for header, value in (("Plasm-Job-Id", "x"), ("Idempotency-Key", "a b")):
            answer = self.submit(self.manifest(), headers={header: value})
            self.assert_problem(answer, 400, "invalid", header)
        for query in ("?state=done", "?limit=0", "?limit=1001", "?cursor=..", "?all=1"):
            self.assert_problem(self.ask("GET", f"/v1/jobs{query}"), 400, "invalid")

    def test_a_manifest_that_is_too_large_is_refused_unread(self):
        answer = self.submit(b" " * ((4 << 20) + 1))
        self.assert_problem(answer, 413, "limit_exceeded")


if __name__ == "__main__":
    node.main()
