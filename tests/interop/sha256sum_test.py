"""sha256sum recomputes every digest in a receipt from files, and openssl what is signed over them."""
import base64
import os
import pathlib
import re
import shutil
import subprocess
import unittest

import plasmd
from node import FILES, HELLO, Node, pae

SPEC = pathlib.Path(os.environ["PLASM_SPEC"])
# job.md section 3 prints the first one.
TREE = r"""cd "$1" && find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0r sha256sum -- | sha256sum"""
LAYOUT = r"""cd "$1" && { find . -mindepth 1 -type d -empty -printf '%P/\n'; find . -type l -printf '%P -> %l\n'; } |
LC_ALL=C sort | sha256sum"""


def need_tools():
    for tool in ("sha256sum", "openssl", "find", "xargs"):
        if shutil.which(tool) is None:
            raise plasmd.Missing(f"there is no `{tool}` on the PATH")


def sha256sum(content):
    """Of bytes, or of the file that a path names."""
    if isinstance(content, pathlib.Path):
        content = content.read_bytes()
    done = subprocess.run(["sha256sum"], input=content, capture_output=True, check=True)
    return done.stdout[:64].decode()


def shell(script, folder):
    done = subprocess.run(["sh", "-c", script, "sh", str(folder)], capture_output=True, check=True)
    return done.stdout[:64].decode()


def openssl(*words, stdin=b""):
    return subprocess.run(["openssl", *map(str, words)], input=stdin, capture_output=True, check=True).stdout


def fingerprint(pem):
    key = openssl("pkey", "-pubin", "-outform", "DER", stdin=pem)[-32:]
    wire = b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + key
    return "SHA256:" + base64.b64encode(bytes.fromhex(sha256sum(wire))).decode().rstrip("=")


def digests(value, place=""):
    """{place: digest} of all that looks like a digest or a fingerprint."""
    if isinstance(value, dict):
        inner = [digests(v, f"{place}.{k}") for k, v in value.items()]
    elif isinstance(value, list):
        inner = [digests(v, f"{place}[{i}]") for i, v in enumerate(value)]
    else:
        whole = isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}|SHA256:[A-Za-z0-9+/]{43}", value)
        return {place: value} if whole else {}
    return {k: v for part in inner for k, v in part.items()}


def engine_text(version):
    """Receipt.md section 6 prints it."""
    block = re.search(r"^    urn:plasm:engine:v1\n(?:    .*\n)+", (SPEC / "receipt.md").read_text("utf-8"), re.M)
    return re.sub("^    ", "", block.group(), flags=re.M).replace("<version>", version).encode()


class Sha256sumTest(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.node = Node(cls)
        cls.pem = cls.node.pem()

    def fingerprints(self):
        identity = openssl("pkey", "-in", self.node.data / "identity.key", "-pubout")
        return {".node.identity": fingerprint(identity), ".node.key": fingerprint(self.pem.read_bytes())}

    def common(self, receipt, module, args, env, stdin):
        """What every receipt has: {place in the predicate: digest}."""
        predicate = receipt.statement["predicate"]
        result = ["urn:plasm:result:v1", "status exited", f"exit-code {predicate['result']['exitCode']}"]
        for stream in ("stdout", "stderr"):
            content = plasmd.written(receipt.job, stream)
            result.append(f"{stream} {sha256sum(content)} {len(content)}")
        for subject in receipt.statement["subject"][2:]:
            result.append(f"file {subject['digest']['sha256']} {subject['name'].removeprefix('file:')}")
        return {
            ".job.manifest.sha256": sha256sum(receipt.manifest),
            ".module.sha256": sha256sum(module),
            ".input.args": sha256sum(b"".join(a.encode() + b"\0" for a in args)),
            ".input.env": sha256sum(b"".join(e.encode() + b"\0" for e in env)),
            ".input.stdin": sha256sum(stdin),
            ".runtime.configuration": sha256sum(engine_text(predicate["runtime"]["version"])),
            ".resultDigest.sha256": sha256sum("".join(f"{line}\n" for line in result).encode()),
            **self.fingerprints(),
        }

    def test_digests_of_a_job_that_reads_its_input(self):
        stdin = bytes(range(256)) * 300
        receipt = self.node.execute_job(HELLO, stdin=stdin, flags=["--env", "A=1", "--env", "B=ü"])
        self.assertEqual(plasmd.written(receipt.job, "stdout"), stdin[::-1])
        self.assertEqual(digests(receipt.statement["predicate"]),
                         self.common(receipt, HELLO, ["hello.wasm"], ["A=1", "B=ü"], stdin))
        self.assertEqual([s["digest"]["sha256"] for s in receipt.statement["subject"]],
                         [sha256sum(stdin[::-1]), sha256sum(b"")])
        self.assertEqual(receipt.envelope["signatures"][0]["keyid"], fingerprint(self.pem.read_bytes()))

    def test_digests_of_a_job_with_folders_and_kept_files(self):
        folder, out = self.node.work / "in", self.node.work / "out"
        (folder / "sub" / "empty").mkdir(parents=True)
        (folder / "in.txt").write_text("some text\n", encoding="utf-8")
        (folder / "sub" / "ä b").write_bytes(bytes(70000))
        (folder / "a link").symlink_to("sub/ä b")
        receipt = self.node.execute_job(FILES, "/work", flags=["--dir", f"{folder}::/work",
                                                               "--output", f"/work={out}"])
        expected = self.common(receipt, FILES, ["files.wasm", "/work"], [], b"")
        expected[".input.trees[0].tree"] = shell(TREE, folder)
        expected[".input.trees[0].layout"] = shell(LAYOUT, folder)
        self.assertEqual(digests(receipt.statement["predicate"]), expected)

        kept = sorted((p.relative_to(out) for p in out.rglob("*") if p.is_file() and not p.is_symlink()),
                      key=lambda p: str(p).encode())
        self.assertIn(pathlib.Path("notes/final.txt"), kept)
        subjects = {"stdout": sha256sum(plasmd.written(receipt.job, "stdout")), "stderr": sha256sum(b"")}
        subjects |= {f"file:/work/{p}": sha256sum(out / p) for p in kept}
        self.assertEqual({s["name"]: s["digest"]["sha256"] for s in receipt.statement["subject"]}, subjects)

    def test_the_log_has_the_receipts_entry_and_leads_to_its_checkpoint(self):
        for count in range(5):
            receipt = self.node.execute_job(HELLO, str(count))
        entry = receipt.entry(sha256sum(pae(receipt.payload)))
        head, _, checkpoint = receipt.proof.read_text(encoding="utf-8").partition("\n\n")
        lines = head.split("\n")
        self.assertEqual(lines[0], "c2sp.org/tlog-proof@v1")
        index = int(lines[1].removeprefix("index "))
        origin, size, root, _ = checkpoint.partition("\n\n")[0].split("\n") + [""]
        self.assertEqual(origin, receipt.statement["predicate"]["node"]["log"])
        bundles = [p for p in (self.node.log() / "tile" / "entries").rglob("*") if p.is_file()]
        self.assertTrue(any(p.read_bytes().endswith(len(entry).to_bytes(2, "big") + entry) for p in bundles))

        # RFC 9162 section 2.1.3.2.
        node, last, have = index, int(size) - 1, sha256sum(b"\0" + entry)
        for line in lines[2:]:
            other, have = base64.b64decode(line), bytes.fromhex(have)
            if node & 1 or node == last:
                have = sha256sum(b"\1" + other + have)
                while node and not node & 1:
                    node, last = node >> 1, last >> 1
            else:
                have = sha256sum(b"\1" + have + other)
            node, last = node >> 1, last >> 1
        self.assertEqual(last, 0)
        self.assertEqual(bytes.fromhex(have), base64.b64decode(root))

    def test_openssl_accepts_the_checkpoint_of_a_batch(self):
        receipt = self.node.execute_job(HELLO, "batch", flags=["--signing", "batch"])
        checkpoint = receipt.proof.read_text(encoding="utf-8").partition("\n\n")[2]
        text, _, signature = checkpoint.partition("\n\n")
        signed, key = self.node.work / "checkpoint", self.node.work / "log.pem"
        signed.write_text(text + "\n", encoding="utf-8")
        (self.node.work / "sig").write_bytes(base64.b64decode(signature.split()[2])[4:])
        openssl("pkey", "-in", self.node.data / "log.key", "-pubout", "-out", key)
        self.assertEqual(receipt.statement["predicate"]["node"]["key"], fingerprint(key.read_bytes()))
        said = openssl("pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", key, "-in", signed,
                       "-sigfile", self.node.work / "sig")
        self.assertIn(b"Signature Verified Successfully", said)


if __name__ == "__main__":
    plasmd.main(need_tools)
