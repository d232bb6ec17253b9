"""The messages of the first system: offers, and one module run at a time."""
import base64
import hashlib
import json
import pathlib
import subprocess

import cli
import node

MODULE = pathlib.Path(cli.example("hello.wasm")).read_bytes()


def hash_of(contents):
    return "sha256:" + hashlib.sha256(contents).hexdigest()


class CompatNodeTest(node.NodeTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        status = cls().ask("GET", "/v1/node/status").json()
        cls.needs = {"cpu_cores": 1, "memory_mb": 64, "timeout_seconds": 30,
                     "arch": status["arch"], "wasm_runtime": "wasmtime-48"}

    def offer(self, nonce=None, job="j-1", how=None, **needs):
        return self.ask("POST", "/v1/offers", json.dumps({
            "job_id": job, "nonce": nonce or node.new_job_id(), "module_hash": hash_of(MODULE),
            "requirements": {**self.needs, **needs}}), **(how or {}))

    def reason(self, **needs):
        return self.offer(**needs).json()["Rejected"]["reason"]

    def execute(self, wasm=MODULE, named=None, args=("Hello, World!",), job="j-1", **needs):
        return self.ask("POST", "/v1/execute", json.dumps({
            "job_id": job, "module_hash": named or hash_of(wasm),
            "wasm_bytes": base64.b64encode(wasm).decode(), "args": list(args),
            "requirements": {**self.needs, **needs}}))


class CompatTest(CompatNodeTest):
    def test_an_offer_is_accepted_or_rejected_with_its_reason(self):
        accepted = self.offer().json()["Accepted"]
        self.assertEqual(accepted["job_id"], "j-1")
        self.assertTrue(accepted["node_peer_id"].startswith("SHA256:"))
        # What the first system's clients may not know of is not among the members.
        self.assertEqual(sorted(accepted), ["estimated_start", "job_id", "node_peer_id"])
        self.assertEqual(self.reason(arch="z80"),
                         {"ArchMismatch": {"required": "z80", "available": self.needs["arch"]}})
        self.assertEqual(self.reason(wasm_runtime="wasmtime-1"),
                         {"RuntimeNotSupported": {"required": "wasmtime-1"}})
        self.assertIn("memory_mb", self.reason(memory_mb=32768)["InsufficientResources"]["missing"])
        self.assertIn("cpu_cores", self.reason(cpu_cores=0)["InvalidRequest"]["details"])

    def test_a_replayed_offer_is_refused(self):
        nonce = node.new_job_id()
        self.assertEqual(self.offer(nonce).status, 200)
        self.assert_problem(self.offer(nonce), 409, "conflict", "nonce")

    def test_a_module_is_run_and_answered_with_a_receipt(self):
        result = self.execute().json()
        self.assertEqual(result["stdout"], "!dlroW ,olleH")
        self.assertEqual((result["stderr"], result["exit_code"]), ("", 0))
        receipt = json.loads(result["receipt_json"])
        self.assertEqual(receipt["module_hash"], hash_of(MODULE))
        file = self.folder / "receipt.json"
        file.write_text(result["receipt_json"])
        key = subprocess.run([cli.plasmd(), "key", "show", "--data-dir", self.data],
                             capture_output=True, check=True).stdout.decode().strip()
        self.assertEqual(receipt["node_pubkey"], key)

    def test_mistakes_are_told_in_the_words_of_the_first_system(self):
        answer = self.execute(named=hash_of(b"other"))
        self.assert_problem(answer, 400, "invalid")
        self.assertTrue(answer.json()["detail"].startswith("Module hash mismatch"), answer)
        self.assert_problem(self.execute(wasm=b"", named=hash_of(b"")), 400, "invalid", "wasm_bytes")
        self.assert_problem(self.execute(cpu_cores=0), 400, "invalid", "cpu_cores")
        self.assert_problem(self.execute(wasm=b"\0asm\1\0\0\0\xff"), 400, "invalid")
        for body in (b"", b"[]", b"{}", b"{", b"\xff", b'{"job_id":"a","job_id":"a"}'):
            for path in ("/v1/offers", "/v1/execute"):
                self.assert_problem(self.ask("POST", path, body), 400, "invalid")


class HeldPlacesTest(CompatNodeTest):
    """A queue of one place."""
    settings = {"PLASM_QUEUE": "1"}

    @classmethod
    def get_to_know(cls):
        certificate, key = node.make_certificate(cls.home)
        cls.other = {"via": "tls", "certificate": certificate}
        cls.let_in("other", key, lambda: cls().ask("GET", "/v1/node/status", **cls.other).status == 200)

    def name(self, job, **how):
        """A job that ends at once, under this name."""
        self.put_module(**how)
        return self.submit(self.manifest(), headers={"Plasm-Job-Id": job}, **how)

    def test_a_place_is_held_for_the_job_that_was_offered_and_for_no_other(self):
        job, late = node.new_job_id(), node.new_job_id()
        held = self.offer(job=job)
        self.assertIn("Accepted", held.json())
        self.assertEqual(held.headers["Plasm-Reserved-Seconds"], "30")
        refused = self.offer(job=late, how=self.other)
        self.assertEqual(refused.json()["Rejected"]["reason"], "QueueFull")
        self.assertNotIn("Plasm-Reserved-Seconds", refused.headers)
        self.assert_problem(self.name(late), 503, "overloaded", "1 held for jobs to come")
        self.assert_problem(self.name(job, **self.other), 503, "overloaded")
        self.assert_problem(self.execute(job="another"), 503, "overloaded")
        self.assertIn("Accepted", self.offer(job=job).json())  # the same place
        self.assertEqual(self.name(job).json()["state"], "exited")
        self.assertEqual(self.name(job).status, 200)  # as it was; no place needed
        self.assertEqual(self.name(late, **self.other).json()["state"], "exited")

    def test_a_request_of_the_first_system_uses_the_place_of_its_offer(self):
        self.assertIn("Accepted", self.offer(job="j-2").json())
        self.assertEqual(self.execute(job="j-2").json()["exit_code"], 0)
        self.assertEqual(self.name(node.new_job_id()).json()["state"], "exited")


if __name__ == "__main__":
    node.main()
