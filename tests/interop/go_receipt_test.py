"""Go's own packages accept a node's log, and the proofs beside the receipts that it gave out.

Without `go`, or with no way to its module proxy, the test skips.
"""
import hashlib
import subprocess
import unittest

import golang
import plasmd
from node import HELLO, Node, flipped, pae


class GoReceiptTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node(cls)
        cls.checker = cls.node.work / "go_log"
        golang.build_checker(cls.checker)
        # Seven entries, so that the tree is not a full one.
        cls.receipts = [cls.node.execute_job(HELLO, str(count), flags=["--signing", signing])
                        for count, signing in enumerate(["each", "batch", "each", "each", "batch", "batch", "each"])]
        cls.vkey = cls.node.log_vkey()

    def proofs(self, name, receipts):
        """The proofs of some receipts, each with the entry that the receipt itself asks for."""
        folder = self.node.work / name
        folder.mkdir()
        for receipt in receipts:
            (folder / receipt.proof.name).write_bytes(receipt.proof.read_bytes())
            entry = receipt.entry(hashlib.sha256(pae(receipt.payload)).hexdigest())
            (folder / f"{receipt.file.name}.entry").write_bytes(entry)
        return folder

    def check(self, proofs, vkey=None):
        return subprocess.run([self.checker, vkey or self.vkey, self.node.log(), proofs],
                              capture_output=True, text=True, check=False)

    def test_accepts_the_log_and_every_receipts_proof(self):
        checked = self.check(self.proofs("all", self.receipts))
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertRegex(checked.stdout, r"^7 entries, 1 tiles, 7 inclusion proofs, 0 consistency proofs$")

    def test_refuses_a_proof_beside_another_receipt(self):
        for mine, theirs in ((0, 2), (1, 4)):
            folder = self.proofs(f"mixed-{mine}", self.receipts)
            proof = folder / self.receipts[mine].proof.name
            proof.write_bytes((folder / self.receipts[theirs].proof.name).read_bytes())
            checked = self.check(folder)
            self.assertNotEqual(checked.returncode, 0)
            self.assertIn("proves another entry", checked.stderr)

    def test_refuses_a_changed_proof(self):
        folder = self.proofs("changed", [self.receipts[6]])
        proof = folder / self.receipts[6].proof.name
        intact = proof.read_bytes()
        hashes = intact.index(b"index 6\n") + len(b"index 6\n")
        for offset in (hashes, intact.index(b"\n\n") + 2, len(intact) - 10):
            proof.write_bytes(flipped(intact, offset))
            self.assertNotEqual(self.check(folder).returncode, 0, f"byte {offset}")
        proof.write_bytes(intact)
        self.assertEqual(self.check(folder).returncode, 0)

    def test_refuses_a_changed_log(self):
        folder = self.proofs("damaged-log", [])
        # The checkpoint and what it names, not the partial tiles that a smaller tree had.
        for path in ("checkpoint", "tile/0/000.p/7", "tile/entries/000.p/7"):
            file = self.node.log() / path
            intact = file.read_bytes()
            # In the checkpoint a digit of the size, elsewhere a byte inside the first value.
            offset = intact.index(b"\n7\n") + 1 if path == "checkpoint" else 5
            file.write_bytes(flipped(intact, offset))
            self.assertNotEqual(self.check(folder).returncode, 0, path)
            file.write_bytes(intact)
        self.assertEqual(self.check(folder).returncode, 0)

    def test_refuses_another_nodes_key(self):
        other = Node(type(self))
        other.execute_job(HELLO, "other")
        folder = self.proofs("other-key", [])
        self.assertNotEqual(self.check(folder, other.log_vkey()).returncode, 0)
        # The right name with another key, too.
        name = self.vkey.split("+")[0]
        self.assertNotEqual(self.check(folder, "+".join([name, *other.log_vkey().split("+")[1:]])).returncode, 0)


if __name__ == "__main__":
    plasmd.main(golang.require)
