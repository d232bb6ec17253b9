"""Python's securesystemslib and in-toto-attestation take our receipts for what they say they are.

Both come from PyPI: without pip or the network the test skips.
"""
import copy
import hashlib
import json
import unittest

import plasmd
import wheels
from node import FILES, HELLO, Node

PACKAGES = ("securesystemslib[crypto]==1.6.0", "in-toto-attestation==0.9.3", "cryptography==50.0.2",
            "protobuf==7.36.2")


def public_key(node, keyid):
    from cryptography.hazmat.primitives.serialization import load_pem_public_key
    from securesystemslib.signer import SSlibKey
    return SSlibKey.from_crypto(load_pem_public_key(node.pem().read_bytes()), keyid=keyid)


def envelope(receipt):
    from securesystemslib.dsse import Envelope
    # from_dict writes into what it is given.
    return Envelope.from_dict(copy.deepcopy(receipt.envelope))


class SecuresystemslibTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node(cls)
        cls.receipt = cls.node.execute_job(HELLO, "Hello, World!")
        cls.keyid = cls.receipt.envelope["signatures"][0]["keyid"]

    def verify(self, signed, node=None):
        from securesystemslib.exceptions import VerificationError
        try:
            return list(signed.verify([public_key(node or self.node, self.keyid)], 1)) == [self.keyid]
        except VerificationError:
            return False

    def test_accepts_a_receipt(self):
        self.assertTrue(self.verify(envelope(self.receipt)))

    def test_writes_back_the_envelope_that_it_read(self):
        self.assertEqual(envelope(self.receipt).to_dict(), self.receipt.envelope)

    def test_refuses_another_nodes_key_under_the_same_keyid(self):
        self.assertFalse(self.verify(envelope(self.receipt), Node(type(self))))

    def test_refuses_a_changed_payload(self):
        signed = envelope(self.receipt)
        signed.payload = signed.payload.replace(b'"exitCode":0', b'"exitCode":1')
        self.assertNotEqual(signed.payload, self.receipt.payload)
        self.assertFalse(self.verify(signed))

    def test_refuses_another_payload_type(self):
        signed = envelope(self.receipt)
        signed.payload_type = "application/json"
        self.assertFalse(self.verify(signed))

    def test_refuses_a_changed_signature(self):
        signed = envelope(self.receipt)
        signature = signed.signatures[self.keyid]
        signature.signature = f"{int(signature.signature[0], 16) ^ 1:x}" + signature.signature[1:]
        self.assertFalse(self.verify(signed))

    def test_refuses_a_receipt_of_a_batch_which_has_no_signature(self):
        batch = self.node.execute_job(HELLO, "batch", flags=["--signing", "batch"])
        self.assertEqual(batch.envelope["signatures"], [])
        self.assertFalse(self.verify(envelope(batch)))


class StatementTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node(cls)

    def read(self, payload):
        """The statement as in-toto's own types have it; they refuse members they don't know."""
        from google.protobuf import json_format
        from in_toto_attestation.v1.statement import Statement
        from in_toto_attestation.v1.statement_pb2 import Statement as Message
        statement = Statement.copy_from_pb(json_format.Parse(payload, Message()))
        statement.validate()
        return statement

    def test_is_an_in_toto_statement(self):
        folder = self.node.work / "in"
        folder.mkdir()
        (folder / "in.txt").write_text("some text\n", encoding="utf-8")
        receipt = self.node.execute_job(
            FILES, flags=["--dir", f"{folder}::/work", "--output", f"/work={self.node.work}/out"])
        from google.protobuf import json_format
        read = self.read(receipt.payload)
        self.assertEqual(read.pb.predicate_type, "urn:plasm:receipt:v2")
        self.assertGreater(len(read.pb.subject), 2)
        # Nothing is lost or changed on the way through their types.
        self.assertEqual(json_format.MessageToDict(read.pb), json.loads(receipt.payload))
        self.assertEqual(read.pb.subject[0].digest["sha256"],
                         hashlib.sha256(receipt.job["stdout"].encode()).hexdigest())

    def test_in_totos_types_refuse_what_is_no_statement(self):
        payload = json.loads(self.node.execute_job(HELLO, "x").payload)
        for damage in (lambda s: s.update(more=1), lambda s: s["subject"][0].pop("digest"),
                       lambda s: s.update(subject=[]), lambda s: s.pop("predicateType"),
                       lambda s: s.update(_type="https://in-toto.io/Statement/v0.1")):
            damaged = copy.deepcopy(payload)
            damage(damaged)
            with self.assertRaises(Exception, msg=json.dumps(damaged)[:200]) as refused:
                self.read(json.dumps(damaged))
            self.assertIn(type(refused.exception).__name__, ("ParseError", "ValueError"))


if __name__ == "__main__":
    plasmd.main(lambda: wheels.use(*PACKAGES))
