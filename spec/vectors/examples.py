"""The examples in spec/*.md: each stands between two marks and is written from the vectors."""
import base64
import json
import re

from formats import compact, fingerprint, key, openssh, pae, result_text, sha256
from job_cases import HELLO
from receipt_cases import NONCE, cosigned, entry_of, hello_manifest, proof_for, resigned, statement
from world import ALPHA


def fenced(text, language=""):
    return f"```{language}\n{text.rstrip()}\n```\n"


def pretty(value):
    return json.dumps(value, indent=2, ensure_ascii=False)


def receipt_example():
    value = statement(log=ALPHA.origin)
    receipt = resigned(value)
    payload = base64.b64decode(json.loads(receipt)["payload"])
    return (
        "The receipt for the manifest of job.md section 9 with the nonce\n"
        f"`{NONCE}`, that is, for the manifest with the digest\n"
        f"`{sha256(compact(hello_manifest()))}`.\n"
        "It is the receipt of the case `valid-each-witnessed` in `vectors/receipt.json`. Its\n"
        "envelope, one line:\n\n" + fenced(receipt.decode(), "json")
        + "\nIts payload, in lines for reading (what is signed has no blanks between members):\n\n"
        + fenced(pretty(value), "json")
        + f"\nThe key of the signature is `{ALPHA.receipt.public.hex()}`, or\n\n" + fenced(openssh(ALPHA.receipt.public))
        + f"\nThe payload has {len(payload)} bytes, so the PAE begins with\n"
        f"`DSSEv1 28 application/vnd.in-toto+json {len(payload)} {{\"_type\":`. The digest of the PAE is\n\n"
        + fenced(sha256(pae(payload)))
        + "\nand the entry in the log\n\n" + fenced(entry_of(receipt).decode())
        + "\nThe text of the result digest:\n\n" + fenced(result_text(value))
    )


def log_example():
    receipt = resigned(statement(log=ALPHA.origin))
    proof = proof_for(receipt, lines=cosigned(1, 3))
    note = proof.split("\n\n", 1)[1]
    signed_by_log = "".join(line for line in note.splitlines(keepends=True) if "example/w" not in line)
    return (
        f"The log of the node with the identity key `{ALPHA.identity.public.hex()}`,\n"
        f"whose log key is `{ALPHA.log.public.hex()}`.\n"
        "An entry, for the receipt in receipt.md section 11:\n\n" + fenced(entry_of(receipt).decode())
        + "\nA checkpoint of 13 entries, of which it is the one with index 5:\n\n" + fenced(signed_by_log)
        + "\nThe proof, with the cosignatures of two witnesses:\n\n" + fenced(proof)
    )


def trust_example():
    card = ALPHA.card()
    return (
        "A card, its payload in lines for reading:\n\n" + fenced(pretty(card), "json")
        + "\nAs it is sent, one line (the case `accepted` in `vectors/card.json`):\n\n"
        + fenced(ALPHA.sign_card(card).decode(), "json")
        + "\nA line that trusts this node, and remembers this card:\n\n"
        + fenced(ALPHA.line("logged", "card=2"))
    )


def audit_example():
    digest = sha256(pae(compact(statement(log=ALPHA.origin))))
    runtime = statement()["predicate"]["runtime"]
    value = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "receipt.json", "digest": {"sha256": digest}}],
        "predicateType": "urn:plasm:audit:v1",
        "predicate": {
            "auditor": fingerprint(key("auditor").public),
            "time": "2026-11-25T12:00:00Z",
            "engine": {name: runtime[name] for name in ("engine", "version", "configuration")}
            | {"target": "pulley64"},
            "receipts": [{"receipt": digest, "verdict": "VALID"}],
            "conclusion": "confirmed",
        },
    }
    return fenced(pretty(value), "json")


EXAMPLES = {
    "receipt.md": receipt_example,
    "log.md": log_example,
    "trust.md": trust_example,
    "audit.md": audit_example,
}
BEGIN = "<!-- written by vectors/generate.py -->\n"
END = "<!-- end -->\n"


def with_example(name, text):
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return before + BEGIN + "\n" + EXAMPLES[name]() + "\n" + END + after


def job_example_is_exact(text):
    (block,) = re.findall(r"^```json\n(\{\n  \"type\": \"urn:plasm:job:v1\".*?)^```$", text, re.M | re.S)
    return compact(json.loads(block)) == compact(HELLO)
