"""DSSE envelopes, signed and checked by the openssl program: nothing here is the product's."""
import base64
import hashlib
import json
import pathlib
import subprocess
import tempfile

IN_TOTO = "application/vnd.in-toto+json"
CARD = "application/vnd.plasm.card.v1+json"
ED25519_DER = bytes.fromhex("302a300506032b6570032100")  # what stands before the 32 bytes of a key


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def openssl(*words, stdin=b""):
    return subprocess.run(["openssl", *map(str, words)], input=stdin, capture_output=True, check=True).stdout


def public_pem(private_key_file):
    return openssl("pkey", "-in", private_key_file, "-pubout")


def public_bytes(pem):
    der = base64.b64decode(b"".join(pem.splitlines()[1:-1]))
    assert der.startswith(ED25519_DER), der
    return der[len(ED25519_DER):]


def fingerprint(pem):
    wire = b"".join(len(part).to_bytes(4, "big") + part for part in (b"ssh-ed25519", public_bytes(pem)))
    return "SHA256:" + base64.b64encode(hashlib.sha256(wire).digest()).decode().rstrip("=")


def compact(document):
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def pae(payload, kind=IN_TOTO):
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)


def payload(envelope):
    return json.loads(base64.b64decode(envelope["payload"]))


def sign(document, private_key_file, kind=IN_TOTO):
    """An envelope around the document, or around bytes."""
    body = document if isinstance(document, bytes) else compact(document)
    with tempfile.NamedTemporaryFile() as file:
        file.write(pae(body, kind))
        file.flush()
        signature = openssl("pkeyutl", "-sign", "-rawin", "-inkey", private_key_file, "-in", file.name)
    return {"payloadType": kind, "payload": base64.b64encode(body).decode(),
            "signatures": [{"keyid": fingerprint(public_pem(private_key_file)),
                            "sig": base64.b64encode(signature).decode()}]}


def is_signed_by(envelope, pem):
    with tempfile.TemporaryDirectory() as folder:
        key, message, signature = (pathlib.Path(folder) / name for name in ("key", "message", "sig"))
        key.write_bytes(pem)
        message.write_bytes(pae(base64.b64decode(envelope["payload"]), envelope["payloadType"]))
        signature.write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
        done = subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", key,
                               "-in", message, "-sigfile", signature], capture_output=True, check=False)
    return done.returncode == 0


def pae_digest(envelope):
    return sha256(pae(base64.b64decode(envelope["payload"]), envelope["payloadType"]))


def log_entry(envelope):
    return f"urn:plasm:leaf:v1\nreceipt {pae_digest(envelope)}\n"


def result_digest(statement):
    """spec/receipt.md section 7."""
    result = statement["predicate"]["result"]
    digests = {subject["name"]: subject["digest"]["sha256"] for subject in statement["subject"]}
    lines = ["urn:plasm:result:v1", f"status {result['status']}"]
    if "exitCode" in result:
        lines.append(f"exit-code {result['exitCode']}")
    if "trap" in result:
        lines.append(f"trap {result['trap']}")
    for stream in ("stdout", "stderr"):
        lines.append(f"{stream} {digests[stream]} {result[stream + 'Bytes']}")
    escapes = str.maketrans({"\n": "\\n", "\r": "\\r", "\\": "\\\\"})
    for name in sorted(digests, key=str.encode):
        if name.startswith("file:"):
            lines.append(f"file {digests[name]} {name[len('file:'):].translate(escapes)}")
    return sha256("".join(line + "\n" for line in lines).encode())


def lie(envelope, edit, private_key_file):
    """A receipt that its own node has signed, and that says something else than was the case.
    `edit` changes the statement; the result digest is made to fit, unless it has been changed."""
    statement = payload(envelope)
    before = statement["predicate"].get("resultDigest")
    before = dict(before) if before else None
    edit(statement)
    if before and statement["predicate"].get("resultDigest") == before:
        statement["predicate"]["resultDigest"]["sha256"] = result_digest(statement)
    return sign(statement, private_key_file)
