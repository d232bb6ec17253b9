"""Sigstore's cosign verifies our receipts as attestations of a blob, as receipt.md section 10 says.

The test skips while nobody has built cosign: PLASM_TEST_COSIGN=1 builds it.
"""
import base64
import copy
import json
import subprocess
import unittest

import cosign
import plasmd
from node import FILES, HELLO, Node

TYPE = "urn:plasm:receipt:v2"


def bundle(envelope):
    """The envelope in the form that Sigstore's tools pass on: a bundle without their services."""
    return {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {"publicKey": {"hint": ""}}, "dsseEnvelope": envelope}


class CosignTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node(cls)
        cls.receipt = cls.node.execute_job(HELLO, "Hello, World!")
        cls.pem = cls.node.pem()
        cls.blob = cls.node.work / "stdout.bin"
        cls.blob.write_bytes(plasmd.written(cls.receipt.job, "stdout"))

    def run_cosign(self, *words):
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.node.work)}
        return subprocess.run([cosign.program(), "verify-blob-attestation", *map(str, words)],
                              env=environment, capture_output=True, text=True, check=False, timeout=120)

    def verify(self, envelope=None, pem=None, blob=None, type_=TYPE):
        """Whether cosign accepts it, both as a plain envelope and in a bundle: they must agree."""
        envelope = envelope or self.receipt.envelope
        verdicts = []
        for flag, document in (("--signature", envelope), ("--bundle", bundle(envelope))):
            file = self.node.work / "document.json"
            file.write_text(json.dumps(document), encoding="utf-8")
            done = self.run_cosign("--key", pem or self.pem, "--type", type_, "--insecure-ignore-tlog",
                                   flag, file, blob or self.blob)
            self.assertEqual("Verified OK" in done.stderr, done.returncode == 0, done.stderr)
            self.assertNotIn("unknown flag", done.stderr)
            verdicts.append((done.returncode == 0, done.stderr))
        self.assertEqual(verdicts[0][0], verdicts[1][0], verdicts)
        return verdicts[0][0]

    def test_accepts_a_receipts_file_as_it_is(self):
        done = self.run_cosign("--key", self.pem, "--type", TYPE, "--insecure-ignore-tlog", "--signature",
                               self.receipt.file, self.blob)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Verified OK", done.stderr)

    def test_accepts_a_receipt(self):
        self.assertTrue(self.verify())

    def test_accepts_each_kept_file(self):
        folder, out = self.node.work / "in", self.node.work / "out"
        folder.mkdir()
        (folder / "in.txt").write_text("some text\n", encoding="utf-8")
        receipt = self.node.execute_job(FILES, flags=["--dir", f"{folder}::/work", "--output", f"/work={out}"])
        self.assertTrue(self.verify(receipt.envelope, blob=out / "notes" / "final.txt"))
        self.assertFalse(self.verify(receipt.envelope))

    def test_refuses_another_blob(self):
        other = self.node.work / "other.bin"
        other.write_bytes(self.blob.read_bytes() + b"\n")
        self.assertFalse(self.verify(blob=other))

    def test_refuses_another_nodes_key(self):
        self.assertFalse(self.verify(pem=Node(type(self)).pem()))

    def test_refuses_another_type(self):
        self.assertFalse(self.verify(type_="urn:plasm:receipt:v1"))
        self.assertFalse(self.verify(type_="slsaprovenance1"))

    def test_refuses_a_changed_payload(self):
        changed = copy.deepcopy(self.receipt.envelope)
        payload = self.receipt.payload.replace(b'"exitCode":0', b'"exitCode":1')
        self.assertNotEqual(payload, self.receipt.payload)
        changed["payload"] = base64.b64encode(payload).decode()
        self.assertFalse(self.verify(changed))

    def test_refuses_a_changed_signature(self):
        changed = copy.deepcopy(self.receipt.envelope)
        signature = bytearray(self.receipt.signature())
        signature[0] ^= 1
        changed["signatures"][0]["sig"] = base64.b64encode(signature).decode()
        self.assertFalse(self.verify(changed))

    def test_refuses_another_payload_type(self):
        changed = copy.deepcopy(self.receipt.envelope)
        changed["payloadType"] = "application/json"
        self.assertFalse(self.verify(changed))

    def test_refuses_a_receipt_of_a_batch_which_has_no_signature(self):
        batch = self.node.execute_job(HELLO, "Hello, World!", flags=["--signing", "batch"])
        self.assertEqual(batch.envelope["signatures"], [])
        self.assertFalse(self.verify(batch.envelope))


if __name__ == "__main__":
    plasmd.main(cosign.program)
