"""openssl accepts the signature of a receipt, and no change of what it is over."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import plasmd
from node import FILES, HELLO, Node, flipped, pae


def need_openssl():
    if shutil.which("openssl") is None:
        raise plasmd.Missing("there is no `openssl` on the PATH")


class OpensslTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node(cls)
        cls.receipt = cls.node.execute_job(HELLO, "Hello, World!")
        cls.pem = cls.node.pem()

    def verify(self, signed, signature, pem=None):
        with tempfile.TemporaryDirectory(dir=self.node.work) as folder:
            inputs = pathlib.Path(folder)
            (inputs / "pae.bin").write_bytes(signed)
            (inputs / "sig.bin").write_bytes(signature)
            done = subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey",
                                   str(pem or self.pem), "-in", str(inputs / "pae.bin"),
                                   "-sigfile", str(inputs / "sig.bin")],
                                  capture_output=True, text=True, check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        said = "Signature Verified Successfully" in done.stdout
        self.assertEqual(said, done.returncode == 0, done.stdout)
        return said

    def test_accepts_a_receipt(self):
        self.assertTrue(self.verify(pae(self.receipt.payload), self.receipt.signature()))

    def test_accepts_a_receipt_with_inputs_and_kept_files(self):
        folder = self.node.work / "in"
        folder.mkdir()
        (folder / "in.txt").write_text("some text\n", encoding="utf-8")
        receipt = self.node.execute_job(
            FILES, flags=["--dir", f"{folder}::/work", "--output", f"/work={self.node.work}/out"])
        self.assertTrue(self.verify(pae(receipt.payload), receipt.signature()))

    def test_refuses_a_flipped_bit_wherever_it_is(self):
        signed, signature = pae(self.receipt.payload), self.receipt.signature()
        for offset in (0, 7, len(signed) - len(self.receipt.payload), len(signed) // 2, len(signed) - 1):
            self.assertFalse(self.verify(flipped(signed, offset), signature), f"byte {offset} of the PAE")
        for offset in (0, 31, 32, 63):
            self.assertFalse(self.verify(signed, flipped(signature, offset)), f"byte {offset} of the signature")

    def test_refuses_another_payload_type(self):
        self.assertFalse(self.verify(pae(self.receipt.payload, b"application/json"),
                                     self.receipt.signature()))

    def test_refuses_another_nodes_key(self):
        other = Node(type(self)).pem()
        self.assertFalse(self.verify(pae(self.receipt.payload), self.receipt.signature(), other))


if __name__ == "__main__":
    plasmd.main(need_openssl)
