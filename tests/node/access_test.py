"""Who is let in: certificates, tokens, users; and what each of them sees."""
import base64
import json
import os
import subprocess

import cli
import node


class AccessTest(node.NodeTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        test = cls()
        cls.certificate, cls.key = node.make_certificate(cls.home)
        cls.stranger, cls.stranger_key = node.make_certificate(
            node.pathlib.Path(node.tempfile.mkdtemp(dir=cls.home)))
        test.tool("client", "add", "alice", *cls.key.split(" "))
        cls.small, small_key = node.make_certificate(
            node.pathlib.Path(node.tempfile.mkdtemp(dir=cls.home)))
        test.tool("client", "add", "small", *small_key.split(" "), "--option", "upload-bytes=10")
        cls.jobs = test.tool("token", "create", "ci").strip()
        cls.graphs = test.tool("token", "create", "graphs", "--scope", "metrics").strip()
        cls.seer = test.tool("token", "create", "seer", "--scope", "jobs,see-others").strip()
        cls.node.process.send_signal(node.signal.SIGHUP)
        cls.node.read_until("reloaded")

    def tool(self, *words):
        done = subprocess.run([cli.plasmd(), *words, "--data-dir", self.data],
                              capture_output=True, env=self.environment())
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode()

    def refusal_reported(self):
        if not node.select.select([self.node.process.stderr], [], [], 0.05)[0]:
            return False
        return "line" in self.node.read_until("access_file_refused")["error"]

    def bearer(self, token):
        return {"Authorization": f"Bearer {token}"}

    def test_what_speaks_of_the_node_is_for_everybody(self):
        for path in ("/healthz", "/readyz", "/v1/node", "/v1/openapi.yaml"):
            self.assertEqual(self.ask("GET", path, via="tls").status, 200, path)
        with open(os.path.join(os.environ["PLASM_SPEC"], "openapi.yaml"), "rb") as spec:
            self.assertEqual(self.ask("GET", "/v1/openapi.yaml").body, spec.read())

    def test_strangers_are_told_what_would_let_them_in(self):
        for path in ("/v1/jobs", "/v1/node/status", "/metrics", f"/v1/blobs/{'00' * 32}"):
            answer = self.ask("GET", path, via="tls")
            self.assert_problem(answer, 401, "denied", "certificate")
            self.assertEqual(answer.headers["WWW-Authenticate"], "Bearer")
        answer = self.ask("GET", "/v1/jobs", via="tls", certificate=self.stranger)
        self.assert_problem(answer, 401, "denied", "plasmd client add NAME SHA256:")
        answer = self.ask("GET", "/v1/jobs", via="tls", headers=self.bearer("x" * 43),
                          certificate=self.certificate)
        self.assert_problem(answer, 401, "denied")

    def test_a_client_is_known_by_its_key(self):
        answer = self.ask("GET", "/v1/node/status", via="tls", certificate=self.certificate)
        self.assertEqual(answer.status, 200, answer)

    def test_tokens_may_do_what_their_scopes_say(self):
        for token, path, status in ((self.jobs, "/v1/jobs", 200), (self.jobs, "/metrics", 403),
                                    (self.graphs, "/v1/jobs", 403), (self.graphs, "/metrics", 200),
                                    (self.jobs, "/v1/jobs?all=true", 403),
                                    (self.seer, "/v1/jobs?all=true", 200)):
            answer = self.ask("GET", path, via="tls", headers=self.bearer(token))
            self.assertEqual(answer.status, status, (path, answer))

    def test_what_belongs_to_others_is_as_if_it_were_not_there(self):
        alice = {"via": "tls", "certificate": self.certificate}
        self.put_module(**alice)
        job = self.submit(self.manifest("hello.wasm", "mine"), **alice).json()
        self.assertTrue(job["client"].startswith("SHA256:"))
        path = f"/v1/jobs/{job['id']}"
        others = {"via": "tls", "headers": self.bearer(self.jobs)}
        for suffix in ("", "?wait=1", "/stdout", "/receipt", "/proof", "/manifest", "/events"):
            self.assert_problem(self.ask("GET", path + suffix, **others), 404, "not_found")
        self.assert_problem(self.ask("POST", f"{path}/cancel", **others), 404, "not_found")
        self.assertEqual(self.ask("GET", "/v1/jobs", **others).json()["jobs"], [])
        self.assertEqual(self.ask("GET", path, via="tls", headers=self.bearer(self.seer)).status, 200)
        # Nor is a blob that somebody else has uploaded.
        digest = self.put_blob(b"alice's own", **alice)
        self.assertEqual(self.ask("GET", f"/v1/blobs/{digest}", **others).status, 404)
        self.assertEqual(self.ask("GET", f"/v1/blobs/{digest}", **alice).status, 200)

    def test_a_client_uploads_no_more_than_it_may(self):
        small = {"via": "tls", "certificate": self.small}
        self.assert_problem(self.ask("PUT", f"/v1/blobs/{'0' * 64}", b"x" * 11, **small), 413,
                            "limit_exceeded", "10 are left")
        self.put_blob(b"0123456789", **small)
        self.assert_problem(self.ask("PUT", f"/v1/blobs/{'0' * 64}", b"x", **small), 413,
                            "limit_exceeded", "0 are left")

    def test_changes_count_within_a_second_and_a_broken_file_is_reported(self):
        token = self.tool("token", "create", "short").strip()
        ask = lambda: self.ask("GET", "/v1/jobs", via="tls", headers=self.bearer(token)).status
        deadline = node.time.monotonic() + cli.SECONDS
        while ask() != 200:
            self.assertLess(node.time.monotonic(), deadline)
        path = self.data / "tokens"
        good = path.read_text()
        path.write_text(good + "broken\n")
        while not self.refusal_reported():
            self.assertEqual(ask(), 200)  # it looks when somebody asks
            self.assertLess(node.time.monotonic(), deadline)
        self.assertEqual(ask(), 200)
        path.write_text(good)
        self.tool("token", "revoke", "short")
        while ask() != 401:
            self.assertLess(node.time.monotonic(), deadline)

    def test_files_hold_no_secrets_and_are_the_owners(self):
        text = (self.data / "tokens").read_text()
        self.assertNotIn(self.jobs, text)
        self.assertEqual(os.stat(self.data / "tokens").st_mode & 0o777, 0o600)
        listed = json.loads(self.tool("token", "list", "--json"))
        self.assertIn("ci", [token["name"] for token in listed])
        self.assertEqual(json.loads(self.tool("client", "list", "--json"))[0]["name"], "alice")

    def test_curl_can_use_it(self):
        done = subprocess.run(
            ["curl", "-sS", "-k", "--cert", self.certificate[0], "--key", self.certificate[1],
             f"https://127.0.0.1:{self.node.port}/v1/node/status"], capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b'"cores"', done.stdout)
        done = subprocess.run(["curl", "-sS", "--unix-socket", self.node.socket,
                               "http://localhost/healthz"], capture_output=True)
        self.assertEqual(done.stdout, b"ok\n")


class OpenNodeTest(node.NodeTest):
    """A node that takes guests: two jobs of all of them at a time, six a day."""
    settings = {"PLASM_POLICY": "open", "PLASM_GUESTS_UNFINISHED": "2", "PLASM_GUESTS_SUBMISSIONS": "6",
                "PLASM_GUESTS_UPLOAD_BYTES": "20000"}

    @classmethod
    def get_to_know(cls):
        cls.guests = []
        for number in range(2):
            folder = cls.home / f"guest {number}"
            folder.mkdir()
            certificate, _ = node.make_certificate(folder)
            cls.guests.append({"via": "tls", "certificate": certificate})

    def run_forever(self, nonce, **how):
        return self.submit(self.manifest("guests/spin.wasm", nonce=nonce * 16), query="", **how)

    def cancel(self, job, **how):
        self.ask("POST", f"/v1/jobs/{job}/cancel", **how)
        self.ask("GET", f"/v1/jobs/{job}?wait=60", **how)

    def test_guests_share_a_small_quota_and_see_nothing_of_each_other(self):
        card = json.loads(base64.b64decode(self.ask("GET", "/v1/node").json()["payload"]))
        self.assertEqual(card["capabilities"]["policy"], "open")
        self.assert_problem(self.ask("GET", "/v1/jobs", via="tls"), 401, "denied", "any Ed25519 key")
        one, two = self.guests
        self.put_module("guests/spin.wasm", **one)
        self.put_module("guests/spin.wasm", **two)
        mine = self.run_forever("aa", **one).json()["id"]
        theirs = self.run_forever("bb", **two).json()["id"]
        self.assert_problem(self.run_forever("cc", **two), 503, "overloaded", "2 unfinished")
        self.assertEqual(self.ask("GET", f"/v1/jobs/{mine}", **two).status, 404)
        self.assertEqual(self.ask("POST", f"/v1/jobs/{mine}/cancel", **two).status, 404)
        self.assert_problem(self.ask("GET", "/v1/jobs?all=true", **one), 403, "denied")
        self.assertEqual(self.ask("GET", "/metrics", **one).status, 403)
        self.assert_problem(self.submit(self.manifest("guests/spin.wasm", profile="live"), **one), 403, "denied",
                            "live")
        # The node's own user is no guest, and does not wait for them.
        self.put_module()
        self.assertEqual(self.submit(self.manifest()).json()["state"], "exited")
        self.cancel(mine, **one)
        self.cancel(theirs, **two)
        self.put_module(**one)
        self.assertEqual(self.submit(self.manifest("hello.wasm", "again"), **one).json()["state"], "exited")
        # Five of six are used; jobs that are looked at are none.
        offer = json.dumps({"job_id": "j", "nonce": "n", "module_hash": "sha256:" + "0" * 64, "requirements": {
            "cpu_cores": 1, "memory_mb": 1, "timeout_seconds": 1, "arch": "z80", "wasm_runtime": "w"}})
        self.assertEqual(self.ask("POST", "/v1/offers", offer, **two).status, 200)
        self.assert_problem(self.ask("POST", "/v1/offers", offer, **two), 413, "limit_exceeded", "a day")
        self.assert_problem(self.submit(self.manifest(), **one), 413, "limit_exceeded", "a day")
        self.assertEqual(self.ask("GET", "/v1/jobs", **one).status, 200)
        self.assert_problem(self.ask("PUT", f"/v1/blobs/{'00' * 32}", b"x" * 20001, **one), 413, "limit_exceeded")


if __name__ == "__main__":
    node.main()
