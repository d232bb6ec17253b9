"""A node with a data folder of its own, and the receipts that it makes; and what a checker needs
to build himself, because no tool prints it: the bytes that a signature is over.

PLASMD names the binary under test; PLASM_EXAMPLES the folder with the guests.
"""
import base64
import json
import os
import pathlib
import subprocess
import tempfile

from plasmd import binary

EXAMPLES = pathlib.Path(os.environ["PLASM_EXAMPLES"])
HELLO = EXAMPLES / "hello.wasm"
FILES = EXAMPLES / "guests" / "files.wasm"


def pae(payload, payload_type=b"application/vnd.in-toto+json"):
    """DSSE's pre-authentication encoding: what is signed."""
    return b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type, len(payload), payload)


class Receipt:
    """A receipt's file, what lies beside it, and what was captured."""

    def __init__(self, file, job):
        self.file, self.job = file, job
        self.envelope = json.loads(file.read_text(encoding="utf-8"))
        self.payload = base64.b64decode(self.envelope["payload"], validate=True)
        self.statement = json.loads(self.payload)
        self.proof = pathlib.Path(f"{file}.tlog-proof")
        self.manifest = pathlib.Path(f"{file}.manifest.json")

    def entry(self, digest):
        return f"urn:plasm:leaf:v1\nreceipt {digest}\n".encode()

    def signature(self):
        return base64.b64decode(self.envelope["signatures"][0]["sig"], validate=True)


class Node:
    def __init__(self, test_class):
        temporary = tempfile.TemporaryDirectory(prefix="plasm-interop-", ignore_cleanup_errors=True)
        test_class.addClassCleanup(temporary.cleanup)
        self.work = pathlib.Path(temporary.name)
        self.data = self.work / "data"
        self.receipts = 0

    def run(self, *words, stdin=b""):
        done = subprocess.run([binary(), *map(str, words)], input=stdin, capture_output=True,
                              check=False, timeout=120)
        if done.returncode != 0:
            raise AssertionError(f"plasmd {words[0]}: {done.stderr.decode(errors='replace')}")
        return done.stdout

    def execute_job(self, module, *arguments, flags=(), stdin=b""):
        file = self.work / f"receipt-{self.receipts}.json"
        self.receipts += 1
        job = self.run("execute-job", "--data-dir", self.data, "--receipt", "v2", "-o", file, *flags,
                       "--", module, *arguments, stdin=stdin)
        return Receipt(file, json.loads(job))

    def pem(self):
        """The file of the key that signs receipts."""
        file = self.work / "node.pem"
        file.write_bytes(self.run("key", "show", "--pem", "--data-dir", self.data))
        return file

    def log(self):
        return self.data / "log"

    def log_vkey(self):
        """As `plasm log show` prints it; plasm lies beside plasmd."""
        shown = subprocess.run([pathlib.Path(binary()).parent / "plasm", "log", "show", "--json",
                                "--data-dir", self.data], capture_output=True, text=True,
                               check=False, timeout=60)
        if shown.returncode != 0:
            raise AssertionError(f"plasm log show: {shown.stderr}")
        return json.loads(shown.stdout)["vkey"]


def flipped(content, offset):
    """The same bytes but for one bit."""
    return content[:offset] + bytes([content[offset] ^ 1]) + content[offset + 1:]
