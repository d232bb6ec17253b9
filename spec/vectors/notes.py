"""Signed notes, checkpoints, cosignatures and proof files, from C2SP's texts."""
import hashlib
import struct

from formats import b64

ED25519 = 0x01
COSIGNATURE = 0x04


def key_id(name, public, kind=ED25519):
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def vkey(name, public, kind=ED25519):
    return f"{name}+{key_id(name, public, kind).hex()}+{b64(bytes([kind]) + public)}"


def line(name, ident, signature):
    return f"\u2014 {name} {b64(ident + signature)}\n"


def log_line(text, name, signer):
    return line(name, key_id(name, signer.public), signer.sign(text.encode()))


def cosignature_message(text, time):
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def cosignature_line(text, name, signer, time):
    signature = struct.pack(">Q", time) + signer.sign(cosignature_message(text, time))
    return line(name, key_id(name, signer.public, COSIGNATURE), signature)


def checkpoint_text(origin, size, root):
    return f"{origin}\n{size}\n{b64(root)}\n"


def proof_file(index, hashes, note, extra=None):
    lines = ["c2sp.org/tlog-proof@v1\n"]
    if extra is not None:
        lines.append(f"extra {b64(extra)}\n")
    lines.append(f"index {index}\n")
    lines += [b64(h) + "\n" for h in hashes]
    return "".join(lines) + "\n" + note
