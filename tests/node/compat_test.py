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


class CompatTest(node.NodeTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        status = cls().ask("GET", "/v1/node/status").json()
        cls.needs = {"cpu_cores": 1, "memory_mb": 64, "timeout_seconds": 30,
                     "arch": status["arch"], "wasm_runtime": "wasmtime-48"}

    def offer(self, nonce=None, **needs):
        return self.ask("POST", "/v1/offers", json.dumps({
            "job_id": "j-1", "nonce": nonce or node.new_job_id(), "module_hash": hash_of(MODULE),
            "requirements": {**self.needs, **needs}}))

    def reason(self, **needs):
        return self.offer(**needs).json()["Rejected"]["reason"]

    def execute(self, wasm=MODULE, named=None, args=("Hello, World!",), **needs):
        return self.ask("POST", "/v1/execute", json.dumps({
            "job_id": "j-1", "module_hash": named or hash_of(wasm),
            "wasm_bytes": base64.b64encode(wasm).decode(), "args": list(args),
            "requirements": {**self.needs, **needs}}))

    def test_an_offer_is_accepted_or_rejected_with_its_reason(self):
        accepted = self.offer().json()["Accepted"]
        self.assertEqual(accepted["job_id"], "j-1")
        self.assertTrue(accepted["node_peer_id"].startswith("SHA256:"))
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


if __name__ == "__main__":
    node.main()
