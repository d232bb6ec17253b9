"""Makes a node's log as long as a test needs it: the same files that the node would have written,
by the specifications alone (C2SP tlog-tiles, tlog-checkpoint, signed-note; RFC 6962)."""
import base64
import hashlib
import shutil
import tempfile

import dsse

TILE = 256


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(entry):
    return sha256(b"\0" + entry)


def root(hashes):
    if len(hashes) <= 1:
        return hashes[0] if hashes else sha256(b"")
    left = 1 << ((len(hashes) - 1).bit_length() - 1)
    return sha256(b"\1" + root(hashes[:left]) + root(hashes[left:]))


def signed_checkpoint(origin, hashes, key_file):
    text = f"{origin}\n{len(hashes)}\n{base64.b64encode(root(hashes)).decode()}\n"
    public = dsse.public_bytes(dsse.public_pem(key_file))
    key_id = sha256(origin.encode() + b"\n\1" + public)[:4]
    with tempfile.NamedTemporaryFile() as file:
        file.write(text.encode())
        file.flush()
        signature = dsse.openssl("pkeyutl", "-sign", "-rawin", "-inkey", key_file, "-in", file.name)
    return f"{text}\n— {origin} {base64.b64encode(key_id + signature).decode()}\n"


def replace_log(data, size):
    """Gives a node another log of its origin, of less than 257 entries that nobody has a receipt for."""
    log = data / "log"
    origin = (log / "checkpoint").read_text().splitlines()[0]
    entries = [f"urn:plasm:leaf:v1\nreceipt {hashlib.sha256(str(number).encode()).hexdigest()}\n".encode()
               for number in range(size)]
    hashes = [leaf_hash(entry) for entry in entries]
    shutil.rmtree(log / "tile", ignore_errors=True)
    name = "000" if size == TILE else f"000.p/{size}"
    files = {f"tile/0/{name}": b"".join(hashes),
             f"tile/entries/{name}": b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)}
    if size == TILE:
        files["tile/1/000.p/1"] = root(hashes)
    for path, contents in files.items():
        (log / path).parent.mkdir(parents=True, exist_ok=True)
        (log / path).write_bytes(contents)
    (log / "checkpoint").write_text(signed_checkpoint(origin, hashes, data / "log.key"))
