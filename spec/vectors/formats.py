"""Fingerprints, envelopes and the texts that are digested, straight from spec/*.md."""
import base64
import hashlib
import json
import struct

import ed25519

EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()
IN_TOTO_TYPE = "application/vnd.in-toto+json"
CARD_TYPE = "application/vnd.plasm.card.v1+json"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def b64(data):
    return base64.b64encode(data).decode()


def key(name):
    """A key that has a name and is in every run the same. Nobody uses it for anything else."""
    return ed25519.Key(hashlib.sha256(f"plasm test vectors: {name}".encode()).digest())


def ssh_wire(public):
    return b"".join(struct.pack(">I", len(part)) + part for part in (b"ssh-ed25519", public))


def openssh(public):
    return "ssh-ed25519 " + b64(ssh_wire(public))


def fingerprint(public):
    return "SHA256:" + b64(hashlib.sha256(ssh_wire(public)).digest()).rstrip("=")


def compact(value):
    """JSON as a writer of these formats makes it: no blanks, members in the order given."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def pae(payload, payload_type=IN_TOTO_TYPE):
    """receipt.md section 1.3."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def envelope(payload, signatures, payload_type=IN_TOTO_TYPE, encode=b64):
    """`signatures` are pairs of a keyid and a signature."""
    return compact({
        "payloadType": payload_type,
        "payload": encode(payload),
        "signatures": [{"keyid": keyid, "sig": encode(sig)} for keyid, sig in signatures],
    })


def signed(payload, signer, payload_type=IN_TOTO_TYPE):
    signature = signer.sign(pae(payload, payload_type))
    return envelope(payload, [(fingerprint(signer.public), signature)], payload_type)


def list_digest(elements):
    """receipt.md section 4, `input.args` and `input.env`."""
    return sha256(b"".join(element + b"\0" for element in elements))


def byte_string(data):
    """job.md section 1.7."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return {"base64": b64(data)}
    return {"base64": b64(data)} if "\0" in text else text


def bytes_of(value):
    return value.encode() if isinstance(value, str) else base64.b64decode(value["base64"])


def tree_text(files):
    """job.md section 3. `files`: path -> contents, both bytes."""
    return b"".join(
        sha256(contents).encode() + b"  " + path + b"\n" for path, contents in sorted(files.items()))


def layout_text(links, folders):
    """The lines of links (path -> text) and empty folders, sorted by path."""
    lines = {path: path + b"/\n" for path in folders}
    lines.update({path: path + b" -> " + text + b"\n" for path, text in links.items()})
    return b"".join(line for _, line in sorted(lines.items()))


def default_seed(manifest):
    """job.md section 5."""
    bare = {name: value for name, value in manifest.items()
            if name not in ("nonce", "notAfter", "requester", "placement", "retry")}
    bare["seed"] = "0" * 64
    bare["stdin"] = {"sha256": EMPTY_SHA256, "size": "0"}
    return sha256(b"plasm-det-1 seed\n" + compact(bare))


def engine_configuration(version):
    """receipt.md section 6."""
    return sha256((
        "urn:plasm:engine:v1\n"
        f"wasmtime {version}\n"
        "fuel on\n"
        "nan canonical\n"
        "memory-image copy-on-write\n"
        "stack 1048576\n"
        "tables 1048576\n"
        "proposals bulk-memory multi-value mutable-global reference-types"
        " saturating-float-to-int sign-extension simd tail-call\n").encode())


def escaped_path(path):
    return path.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")


def result_text(statement):
    """receipt.md section 7, for a statement that has the right form."""
    result = statement["predicate"]["result"]
    digests = {s["name"]: s["digest"]["sha256"] for s in statement["subject"]}
    lines = ["urn:plasm:result:v1", f"status {result['status']}"]
    if result["status"] == "exited":
        lines.append(f"exit-code {result['exitCode']}")
    if result["status"] == "trapped":
        lines.append(f"trap {result['trap']}")
    lines.append(f"stdout {digests['stdout']} {result['stdoutBytes']}")
    lines.append(f"stderr {digests['stderr']} {result['stderrBytes']}")
    paths = [name[len("file:"):] for name in digests if name.startswith("file:")]
    for path in sorted(paths, key=str.encode):
        lines.append(f"file {digests['file:' + path]} {escaped_path(path)}")
    return "".join(line + "\n" for line in lines)


def leaf_entry(pae_bytes):
    """The log entry of a receipt: receipt.md section 5."""
    return f"urn:plasm:leaf:v1\nreceipt {sha256(pae_bytes)}\n".encode()


def default_origin(identity_public):
    """log.md section 1.1."""
    return "plasm.invalid/" + sha256(identity_public)[:32]


def receipt_v01(signer, module_hash, exit_code=0, wall_time_ms=12, timestamp=1795513500,
                version="0.1", named=None):
    """The form of the first system; `named` is the key that it names, if not the signer's."""
    message = f"{version}|{module_hash}|{exit_code}|{wall_time_ms}|{timestamp}".encode()
    return {
        "exit_code": exit_code,
        "module_hash": module_hash,
        "node_pubkey": (named or signer.public).hex() if not isinstance(named, str) else named,
        "signature": signer.sign(hashlib.sha256(message).digest()).hex(),
        "timestamp": timestamp,
        "version": version,
        "wall_time_ms": wall_time_ms,
    }
