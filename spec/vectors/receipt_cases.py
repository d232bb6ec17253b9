"""receipt.json: whole verifications, from the bytes of a receipt to a verdict."""
import base64
import hashlib
import json

import ed25519
import merkle
from cases import Cases, put
from formats import (EMPTY_SHA256, IN_TOTO_TYPE, b64, bytes_of, compact, engine_configuration, envelope,
                     fingerprint, key, leaf_entry, list_digest, pae, receipt_v01, result_text, sha256, signed)
from job_cases import HELLO, changed, full_manifest
from log_cases import policy_text
from notes import (COSIGNATURE, checkpoint_text, cosignature_line, cosignature_message, key_id, line, log_line,
                   proof_file, vkey)
from world import (ALPHA, BETA, MALLORY, NOW, NOW_SECONDS, REQUESTER, WITNESSES,
                   revocation)

STDOUT = b"!dlroW ,olleH"
STDERR = b"warning: nothing to do\n"
COUNTS_FUEL = ("exited", "trapped", "out_of_fuel", "output_limit")
NONCE = "00112233445566778899aabbccddeeff"


def hello_manifest(**changes):
    return changed(HELLO, **({"nonce": NONCE} | changes))


def statement(manifest=None, node=ALPHA, status="exited", stdout=STDOUT, stderr=b"", files=None, signing="each",
              signer=None, log=None, **result):
    """What an honest node says of a run; the members in the order of receipt.md section 4."""
    manifest = hello_manifest() if manifest is None else manifest
    signer = signer or (node.log if signing == "batch" else node.receipt)
    text = compact(manifest)
    streams = [("stdout", stdout), ("stderr", stderr)]
    kept = sorted((files or {}).items(), key=lambda item: item[0].encode())
    subject = [{"name": name, "digest": {"sha256": sha256(data)}}
               for name, data in streams + [(f"file:{path}", data) for path, data in kept]]
    job = {"manifest": {"sha256": sha256(text)}, "id": "job-3f2b8c1e-7a4d-4e0b-9c55-0d1f6a2b7e90"}
    job.update({name: manifest[name] for name in ("requester", "nonce", "notAfter") if name in manifest})
    outcome = {"status": status}
    if status == "exited":
        outcome["exitCode"] = result.get("exit_code", 0)
    if status == "trapped":
        outcome["trap"] = result.get("trap", "unreachable")
    if status == "rejected":
        outcome["reason"] = "the module imports a function that is not served"
    if status in COUNTS_FUEL:
        outcome["fuelUsed"] = result.get("fuel", "2458")
    outcome.update(stdoutBytes=str(len(stdout)), stderrBytes=str(len(stderr)), truncated=status == "output_limit")
    trees = [{name: item[name] for name in ("guest", "tree", "layout") if name in item}
             for item in manifest["inputs"]]
    value = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subject,
        "predicateType": "urn:plasm:receipt:v2",
        "predicate": {
            "job": job,
            "module": dict(manifest["module"]),
            "input": {
                "args": list_digest(bytes_of(item) for item in manifest["args"]),
                "env": list_digest(bytes_of(item) for item in manifest["env"]),
                "stdin": manifest["stdin"]["sha256"],
                "trees": trees,
            },
            "limits": dict(manifest["limits"]),
            "runtime": {
                "engine": "wasmtime",
                "version": "48.0.8",
                "target": "x86_64-linux",
                "configuration": engine_configuration("48.0.8"),
                "profile": manifest["profile"],
            },
            "result": outcome,
            "observed": {
                "start": "2026-11-24T09:29:59.875Z",
                "end": "2026-11-24T09:30:00.125Z",
                "wallTimeNs": "250000000",
                "attempts": 1,
            },
            "node": {
                "identity": fingerprint(node.identity.public),
                "key": fingerprint(signer.public),
                "signing": signing,
                **({"log": log} if log else {}),
                "boot": "5b0c9d1a-2e63-4f7c-8a90-b1c2d3e4f506",
                "sequence": "7",
            },
        },
    }
    if manifest["profile"] == "plasm-det-1" and status in COUNTS_FUEL:
        predicate = value["predicate"]
        ordered = {}
        for name, member in predicate.items():
            ordered[name] = member
            if name == "result":
                ordered["resultDigest"] = {"sha256": sha256(result_text(value).encode())}
        value["predicate"] = ordered
    return value


def edited(value, **changes):
    """A changed copy, by paths as in job_cases.changed; the result digest stays as it was."""
    return changed(value, **{f"predicate__{path}": new for path, new in changes.items()})


def resigned(value, signer=None):
    return signed(compact(value), signer or ALPHA.receipt)


def batch(value):
    return envelope(compact(value), [])


def proof_for(receipt, signer=None, origin=None, index=5, size=13, lines=(), extra=None):
    """A right proof for a receipt, in a log with other entries around it."""
    origin = origin or ALPHA.origin
    signer = signer or ALPHA.log
    entry = leaf_entry(pae(base64.b64decode(json.loads(receipt)["payload"])))
    leaves = [merkle.leaf_hash(leaf_entry(b"receipt %d" % i)) for i in range(size)]
    leaves[index] = merkle.leaf_hash(entry)
    text = checkpoint_text(origin, size, merkle.root(leaves))
    note = text + "\n" + log_line(text, origin, signer) + "".join(make(text) for make in lines)
    return proof_file(index, merkle.inclusion_proof(index, leaves), note, extra)


def cosigned(*numbers, time=NOW_SECONDS - 60):
    """For `lines` of proof_for: cosignatures of these witnesses, counted from 1."""
    def by(witness):
        return lambda text: cosignature_line(text, witness.name, witness.key, time)
    return [by(WITNESSES[number - 1]) for number in numbers]


class ReceiptCases:
    def __init__(self):
        self.cases = Cases()

    def add(self, name, spec, why, receipt, verdict, **inputs):
        case = self.cases.add(name, spec, why)
        put(case, "receipt", receipt)
        if "proof" in inputs:
            put(case, "proof", inputs.pop("proof"))
        if "key" in inputs:
            signer = inputs.pop("key")
            case["key"] = (signer if isinstance(signer, bytes) else signer.public).hex()
        if "trusted_nodes" in inputs:
            case["trusted_nodes"] = inputs.pop("trusted_nodes")
        if "cards" in inputs:
            case["cards"] = [card.decode() for card in inputs.pop("cards")]
        if "policy" in inputs:
            case["policy"] = inputs.pop("policy")
        if "manifest" in inputs:
            put(case, "manifest", inputs.pop("manifest"))
        if "nonce" in inputs:
            case["nonce"] = inputs.pop("nonce")
        if "outputs" in inputs:
            case["outputs"] = {title: b64(data) for title, data in inputs.pop("outputs").items()}
        assert not inputs, inputs
        case["now"] = NOW
        case["verdict"] = verdict


def trusting(level="signed", *options, card=None):
    return {"trusted_nodes": ALPHA.line(level, *options), "cards": [ALPHA.sign_card(card or ALPHA.card())]}


def valid_cases(c):
    hello = hello_manifest()
    receipt = resigned(statement())
    everything = {"manifest": compact(hello), "nonce": NONCE, "outputs": {"stdout": STDOUT, "stderr": b""}}
    c.add("valid-each", "receipt 8", "A signature by a key that was given.", receipt, "VALID",
          key=ALPHA.receipt)
    c.add("valid-each-everything-given", "receipt 8", "With manifest, nonce and outputs.", receipt, "VALID",
          key=ALPHA.receipt, **everything)
    c.add("valid-each-by-a-trusted-node", "receipt 8", "With a trusted node's card.", receipt, "VALID", **trusting(),
          **everything)
    c.add("valid-each-in-lines", "receipt 1", "Blanks and line ends between members are free.",
          json.dumps(json.loads(receipt), indent=2).encode() + b"\n", "VALID", key=ALPHA.receipt)
    c.add("valid-payload-in-lines", "job 1.8", "What is signed is the bytes.",
          signed(json.dumps(statement(), indent=2).encode(), ALPHA.receipt), "VALID", key=ALPHA.receipt)
    c.add("valid-members-in-another-order", "job 7", "Readers don't depend on it.",
          resigned(dict(reversed(statement().items()))), "VALID", key=ALPHA.receipt)
    shapes = {
        "exited-other-code": dict(exit_code=4294967295),
        "trapped": dict(status="trapped", trap="stack_overflow", stderr=STDERR),
        "out-of-fuel": dict(status="out_of_fuel", fuel="9223372036854775807"),
        "output-limit": dict(status="output_limit"),
        "timed-out": dict(status="timed_out"),
        "cancelled": dict(status="cancelled"),
        "rejected": dict(status="rejected", stdout=b""),
    }
    for name, shape in shapes.items():
        c.add(f"valid-{name}", "receipt 4", f"A guest that ended as `{shape.get('status', 'exited')}`.",
              resigned(statement(**shape)), "VALID", key=ALPHA.receipt)
        logged = batch(statement(signing="batch", log=ALPHA.origin, **shape))
        c.add(f"valid-{name}-batch", "receipt 1.5", "The same, where the checkpoint is the signature.", logged,
              "VALID", key=ALPHA.log, proof=proof_for(logged))
    live = hello_manifest(profile="live")
    for status in ("exited", "trapped", "timed_out"):
        c.add(f"valid-live-{status.replace('_', '-')}", "receipt 4",
              "Under this profile there is no result digest.", resigned(statement(live, status=status)), "VALID",
              key=ALPHA.receipt, manifest=compact(live))
    full = full_manifest()
    files = {"/data/out/b.txt": b"b", "/data/out/a b.txt": b"", "/data/out/\u00e9": b"e",
             "/data/report.txt": b"report\n", "/data/out/back\\slash": b"1", "/data/out/line\nfeed": b"2"}
    many = resigned(statement(full, files=files, stderr=STDERR))
    c.add("valid-every-member", "receipt 4", "Trees, layout, requester, nonce, end, kept files.", many, "VALID",
          key=ALPHA.receipt, manifest=compact(full), nonce=NONCE,
          outputs={"stdout": STDOUT, "stderr": STDERR, "file:/data/report.txt": b"report\n",
                   "file:/data/out/\u00e9": b"e", "file:/data/out/line\nfeed": b"2"})
    c.add("valid-interpreter", "receipt 4", "Another target is no other result.",
          resigned(edited(statement(), runtime__target="pulley64")), "VALID", key=ALPHA.receipt)
    c.add("valid-nonce-not-asked-for", "receipt 8", "A nonce that nobody asked for does no harm.", receipt, "VALID",
          key=ALPHA.receipt)

    logged = resigned(statement(log=ALPHA.origin))
    c.add("valid-each-logged", "receipt 8", "Signature and proof.", logged, "VALID", proof=proof_for(logged),
          **trusting("logged"))
    c.add("valid-each-logged-with-extra", "log 6", "Extra data in the proof says nothing.", logged, "VALID",
          proof=proof_for(logged, extra=b"x"), **trusting("logged"))
    c.add("valid-each-log-not-needed", "receipt 8", "It is in a log; no proof is needed here.", logged, "VALID",
          **trusting())
    c.add("valid-each-by-key-with-policy", "receipt 8", "The policy names the log.", logged, "VALID",
          key=ALPHA.receipt, policy=policy_text(2), proof=proof_for(logged, lines=cosigned(1, 2)))
    c.add("valid-each-proof-without-a-log-key", "receipt 8", "Nobody names a log key: the proof counts as not there.",
          logged, "VALID", key=ALPHA.receipt, proof="anything\n")
    c.add("valid-each-without-log-whatever-lies-beside", "receipt 8", "A receipt without `node.log` has no proof.",
          receipt, "VALID", proof="anything\n", **trusting())
    c.add("valid-each-witnessed", "receipt 11", "The example of the specification: two of three witnesses.", logged, "VALID",
          proof=proof_for(logged, lines=cosigned(1, 3)), policy=policy_text(2), **trusting("witnessed"))
    together = batch(statement(signing="batch", log=ALPHA.origin))
    c.add("valid-batch", "receipt 8", "The checkpoint is the signature.", together, "VALID", key=ALPHA.log,
          proof=proof_for(together))
    c.add("valid-batch-by-a-trusted-node", "receipt 8", "The log key is on its card.", together, "VALID",
          proof=proof_for(together), **trusting(), **everything)
    c.add("valid-batch-witnessed", "receipt 8", "All of three.", together, "VALID",
          proof=proof_for(together, lines=cosigned(1, 2, 3)), policy=policy_text(3), **trusting("witnessed"))
    c.add("valid-batch-first-of-one", "receipt 8", "A log of one entry: no hashes.", together, "VALID", key=ALPHA.log,
          proof=proof_for(together, index=0, size=1))
    c.add("valid-batch-last-of-many", "receipt 8", "The last of 40.", together, "VALID", key=ALPHA.log,
          proof=proof_for(together, index=39, size=40))
    c.add("valid-key-given-to-a-blocked-node", "receipt 8", "A key in the call is the only one that counts.", receipt,
          "VALID", key=ALPHA.receipt, **trusting("blocked"))
    c.add("valid-at-the-first-moment-of-a-key", "trust 6", "`from` is included.",
          resigned(edited(statement(), observed__start="2026-09-30T23:59:59.000Z",
                          observed__end="2026-10-01T00:00:00.000Z")), "VALID", **trusting())
    c.add("valid-at-the-last-moment-of-a-key", "trust 6", "`to` is included.",
          resigned(edited(statement(signer=ALPHA.old_receipt), observed__start="2026-09-30T23:59:59.000Z",
                          observed__end="2026-10-01T00:00:00.000Z"), ALPHA.old_receipt), "VALID", **trusting())
    c.add("valid-after-rotation", "trust 3",
          "A receipt of the key before, ended before the present card was issued.",
          resigned(edited(statement(signer=ALPHA.old_receipt), observed__start="2026-05-01T10:00:00.000Z",
                          observed__end="2026-05-01T10:00:01.000Z"), ALPHA.old_receipt), "VALID", **trusting())
    c.add("valid-start-is-end", "receipt 8", "A run may take no time that a clock sees.",
          resigned(edited(statement(), observed__end="2026-11-24T09:29:59.875Z")), "VALID", key=ALPHA.receipt)
    punctual = hello_manifest(notAfter="2026-11-24T09:29:59.875Z")
    c.add("valid-started-at-the-last-moment", "receipt 8", "Not after is not after.", resigned(statement(punctual)),
          "VALID", key=ALPHA.receipt)


def envelope_cases(c):
    payload = compact(statement())
    receipt = resigned(statement())
    good = json.loads(receipt)
    sig = ALPHA.receipt.sign(pae(payload))
    keyid = fingerprint(ALPHA.receipt.public)

    def bad(name, why, data, verdict="MALFORMED", spec="receipt 1"):
        c.add(name, spec, why, data if isinstance(data, bytes) else compact(data), verdict, key=ALPHA.receipt)

    def replaced(old, new):
        assert receipt.count(old) == 1, old
        return receipt.replace(old, new)

    bad("not-json", "Not even JSON.", b"-----BEGIN RECEIPT-----\n")
    bad("empty", "Nothing.", b"")
    bad("empty-object", "An object with nothing.", b"{}")
    bad("array-of-receipts", "One at a time.", b"[" + receipt + b"]")
    bad("two-receipts", "One at a time.", receipt + b"\n" + receipt)
    bad("payload-bare", "A statement without an envelope.", payload)
    bad("envelope-byte-order-mark", "No mark.", b"\xef\xbb\xbf" + receipt, spec="job 1.1")
    bad("envelope-unknown-member", "No other member.", good | {"comment": "x"})
    bad("signature-unknown-member", "At any place.",
        good | {"signatures": [good["signatures"][0] | {"cert": "x"}]})
    bad("envelope-duplicate-payload", "Which one was signed?",
        replaced(b'"payloadType"', b'"payload":"e30=","payloadType"'), spec="job 1.2")
    bad("envelope-duplicate-payload-by-escapes", "The same name with an escape.",
        replaced(b'"payloadType"', b'"p\\u0061yload":"e30=","payloadType"'), spec="job 1.2")
    bad("envelope-member-in-another-case", "`Payload` beside `payload`.",
        replaced(b'"payloadType"', b'"Payload":"e30=","payloadType"'), spec="job 1.2")
    bad("envelope-payload-type-in-another-case", "Byte for byte.",
        replaced(b'"payloadType"', b'"payloadtype"'), spec="job 1.2")
    bad("envelope-lone-surrogate", "In a name or a value.", replaced(b'"payloadType":"', b'"payloadType":"\\ud800'),
        spec="job 1.4")
    bad("envelope-depth-bomb", "Refused without recursion.",
        b'{"payloadType":' + b"[" * 3000 + b"]" * 3000 + b"}", spec="job 1.5")
    bad("envelope-payload-number", "Base64 in a string.", good | {"payload": 1})
    bad("envelope-signatures-object", "An array.", good | {"signatures": good["signatures"][0]})
    bad("payload-type-of-cards", "Rightly signed as something else.",
        signed(payload, ALPHA.receipt, "application/vnd.plasm.card.v1+json"))
    bad("payload-type-in-upper-case", "Exactly.", signed(payload, ALPHA.receipt, IN_TOTO_TYPE.upper()))
    bad("payload-type-with-a-parameter", "Exactly.", signed(payload, ALPHA.receipt, IN_TOTO_TYPE + "; v=1"))
    bad("payload-type-swapped-after-signing", "Signed as a card, shown as a receipt: the type is signed.",
        envelope(payload, [(keyid, ALPHA.receipt.sign(pae(payload, "application/vnd.plasm.card.v1+json")))]),
        "BAD_SIGNATURE")
    bad("each-without-a-signature", "Exactly one.", good | {"signatures": []}, spec="receipt 1.5")
    bad("each-with-two-signatures", "Exactly one.", good | {"signatures": good["signatures"] * 2},
        spec="receipt 1.5")
    together = statement(signing="batch", log=ALPHA.origin)
    c.add("batch-with-a-signature", "receipt 1.5", "None: the checkpoint signs.", resigned(together, ALPHA.log),
          "MALFORMED", key=ALPHA.log, proof=proof_for(resigned(together, ALPHA.log)))

    def url(data):
        return base64.urlsafe_b64encode(data).decode()

    # A statement whose payload and signature have digits that differ between the alphabets.
    number = 0
    while True:
        odd = compact(edited(statement(files={"/>>>???": b"x"}), node__sequence=str(number)))
        odd_sig = ALPHA.receipt.sign(pae(odd))
        if all(digit in b64(data) for digit in "+/" for data in (odd, odd_sig)):
            break
        number += 1
    pairs = [(keyid, odd_sig)]
    bad("url-safe-base64", "Either alphabet is read.", envelope(odd, pairs, encode=url), "VALID", "receipt 1.2")
    bad("standard-base64", "The same with the other alphabet.", envelope(odd, pairs), "VALID", "receipt 1.2")
    bad("one-alphabet-each", "Each string for itself.",
        compact(json.loads(envelope(odd, pairs)) | {"payload": url(odd)}), "VALID", "receipt 1.2")
    bad("mixed-alphabets-in-the-payload", "Not both in one string.",
        compact(json.loads(envelope(odd, pairs)) | {"payload": b64(odd).replace("+", "-")}), spec="receipt 1.2")
    bad("mixed-alphabets-in-the-signature", "Not both in one string.",
        compact(json.loads(envelope(odd, pairs)) | {"signatures": [
            {"keyid": keyid, "sig": b64(odd_sig).replace("/", "_")}]}), spec="receipt 1.2")
    bad("payload-unpadded", "With padding.", unpadded_payload(), spec="receipt 1.2")
    bad("payload-with-line-ends", "No line ends.",
        good | {"payload": good["payload"][:76] + "\n" + good["payload"][76:]}, spec="receipt 1.2")
    bad("payload-with-a-blank", "No blanks.", good | {"payload": good["payload"] + " "}, spec="receipt 1.2")
    bad("payload-not-base64", "No other digits.", good | {"payload": "*" + good["payload"][1:]},
        spec="receipt 1.2")
    bad("payload-empty", "No statement.", signed(b"", ALPHA.receipt))
    last = b64(sig)
    assert last.endswith("==")
    wrong = last[:-3] + chr(ord(last[-3]) + 1) + "=="
    bad("signature-bits-at-the-end", "The bits that are left over are zero: one text for one signature.",
        good | {"signatures": [{"keyid": keyid, "sig": wrong}]}, spec="receipt 1.2")

    def with_sig(data, hint=keyid):
        return envelope(payload, [(hint, data)])

    for name, why, hint in [
            ("in-hex", "A fingerprint has one form.", ALPHA.receipt.public.hex()),
            ("empty", "It is required.", ""),
            ("padded", "Without padding.", keyid + "="),
            ("in-lower-case", "SHA256 in upper case.", keyid.replace("SHA256", "sha256")),
            ("cut-short", "43 digits.", keyid[:-1]),
            ("md5", "No other digest.", "MD5:" + "00:" * 15 + "00")]:
        bad(f"keyid-{name}", why, with_sig(sig, hint), spec="receipt 1.4")
    bad("keyid-missing", "It is required.", good | {"signatures": [{"sig": b64(sig)}]}, spec="receipt 1.4")
    bad("keyid-of-another-key", "A hint that nobody looks at.", with_sig(sig, fingerprint(MALLORY.public)), "VALID",
        "receipt 1.4")
    bad("signature-63-bytes", "64 bytes.", with_sig(sig[:63]), spec="receipt 1.4")
    bad("signature-65-bytes", "64 bytes.", with_sig(sig + b"\0"), spec="receipt 1.4")
    bad("signature-empty", "64 bytes.", with_sig(b""), spec="receipt 1.4")


def unpadded_payload():
    """A signed receipt whose payload would need padding, without it."""
    for blanks in range(3):
        payload = compact(statement()) + b" " * blanks
        if len(payload) % 3:
            value = json.loads(signed(payload, ALPHA.receipt))
            return value | {"payload": value["payload"].rstrip("=")}
    raise AssertionError


def signature_cases(c):
    payload = compact(statement())
    sig = ALPHA.receipt.sign(pae(payload))
    keyid = fingerprint(ALPHA.receipt.public)

    def bad(name, why, data, verdict="BAD_SIGNATURE", spec="receipt 1.3", signer=ALPHA.receipt, text=payload):
        c.add(name, spec, why, envelope(text, [(keyid, data)]), verdict, key=signer)

    bad("signature-zero", "Zeros.", bytes(64))
    bad("signature-bit-flipped-in-r", "One bit.", bytes([sig[0] ^ 1]) + sig[1:])
    bad("signature-bit-flipped-in-s", "One bit.", sig[:32] + bytes([sig[32] ^ 1]) + sig[33:])
    bad("signature-s-not-reduced", "S + L satisfies the equation; it is not below the order.",
        ed25519.with_order_added(sig))
    bad("signature-top-bits-of-s", "The top bits of S are not free.", sig[:63] + bytes([sig[63] | 0xE0]))
    bad("signature-prehashed", "Ed25519ph in place of pure Ed25519.", ALPHA.receipt.sign_prehashed(pae(payload)))
    bad("signature-over-the-payload", "Without DSSE's encoding.", ALPHA.receipt.sign(payload))
    bad("signature-over-the-digest", "Over SHA-256 of the encoding.",
        ALPHA.receipt.sign(hashlib.sha256(pae(payload)).digest()))
    bad("signature-over-base64", "Over the payload as it is written.",
        ALPHA.receipt.sign(pae(b64(payload).encode())))
    encoded = pae(payload)
    bad("pae-length-with-a-leading-zero", "Lengths have no leading zeros.",
        ALPHA.receipt.sign(encoded.replace(b" %d " % len(payload), b" 0%d " % len(payload), 1)))
    bad("pae-type-length-with-a-leading-zero", "Neither of them.",
        ALPHA.receipt.sign(encoded.replace(b"DSSEv1 28 ", b"DSSEv1 028 ", 1)))
    bad("pae-version-2", "DSSEv1.", ALPHA.receipt.sign(encoded.replace(b"DSSEv1", b"DSSEv2", 1)))
    bad("pae-length-in-hex", "Decimal.",
        ALPHA.receipt.sign(encoded.replace(b" %d " % len(payload), b" %x " % len(payload), 1)))
    bad("signed-by-the-attacker", "With the honest key's name.", MALLORY.sign(pae(payload)))
    bad("signed-by-the-identity-key", "It signs cards, not receipts.", ALPHA.identity.sign(pae(payload)))
    bad("signature-of-another-receipt", "The receipt before.",
        ALPHA.receipt.sign(pae(compact(edited(statement(), node__sequence="6")))))

    # Under a key of small order, signatures of zeros and neutral points are right to a lax verifier.
    neutral = ed25519.encode(ed25519.NEUTRAL)
    weak = {"neutral": neutral, "zero": bytes(32)}
    for i, point in enumerate(ed25519.small_order_points()):
        if point not in weak.values():
            weak[f"{i}-of-8"] = point
    weak["neutral-not-canonical"] = (ed25519.P + 1).to_bytes(32, "little")
    weak["zero-not-canonical"] = ed25519.P.to_bytes(32, "little")
    weak["neutral-with-a-sign"] = bytes([1]) + bytes(30) + bytes([0x80])
    for name, public in weak.items():
        value = edited(statement(), node__key=fingerprint(public))
        text = compact(value)
        c.add(f"key-of-small-order-{name}", "receipt 1.3", "A key under which anybody can sign is no key.",
              envelope(text, [(fingerprint(public), neutral + bytes(32))]), "BAD_SIGNATURE", key=public)
    # R of small order under a good key: S = k*a is right when R is the neutral point.
    k = ed25519.sha512_number(neutral, ALPHA.receipt.public, pae(payload)) % ed25519.L
    bad("signature-with-neutral-r", "R = neutral, made with the honest key: right by the equation, refused.",
        neutral + (k * ALPHA.receipt.scalar % ed25519.L).to_bytes(32, "little"))
    high = (ed25519.P + 1).to_bytes(32, "little")
    k = ed25519.sha512_number(high, ALPHA.receipt.public, pae(payload)) % ed25519.L
    bad("signature-with-r-not-canonical", "The same point in another encoding.",
        high + (k * ALPHA.receipt.scalar % ed25519.L).to_bytes(32, "little"))

    text = compact(edited(statement(), node__key=fingerprint(MALLORY.public)))
    c.add("re-signed-under-the-attackers-key", "receipt 8", "A right signature by a key that is not the given one.",
          signed(text, MALLORY), "WRONG_KEY", key=ALPHA.receipt)
    c.add("re-signed-under-the-attackers-key-trusted-node", "receipt 8",
          "The node's card does not list the attacker's key.", signed(text, MALLORY), "UNKNOWN_KEY", **trusting())
    value = edited(statement(), node__key=fingerprint(MALLORY.public),
                   node__identity=fingerprint(key("mallory identity").public))
    c.add("re-signed-as-another-node", "receipt 8", "A node that nobody trusts.", signed(compact(value), MALLORY),
          "UNKNOWN_KEY", **trusting())

    tampered = {
        "job-id": dict(job__id="job-00000000-0000-4000-8000-000000000000"),
        "manifest": dict(job__manifest__sha256=sha256(b"other")),
        "nonce": dict(job__nonce="ff" * 16),
        "module": dict(module__sha256=sha256(b"other")),
        "input": dict(input__stdin=sha256(b"other")),
        "args": dict(input__args=list_digest([b"other"])),
        "limits": dict(limits__memoryBytes="1"),
        "fuel": dict(result__fuelUsed="1"),
        "exit-code": dict(result__exitCode=1),
        "time": dict(observed__end="2026-11-24T09:30:00.126Z"),
        "node": dict(node__identity=fingerprint(BETA.identity.public)),
        "sequence": dict(node__sequence="8"),
    }
    for name, change in tampered.items():
        bad(f"swapped-{name}", "Changed after signing.", sig, text=compact(edited(statement(), **change)))
    bad("swapped-output", "Another output, with its result digest, after signing.", sig,
        text=compact(statement(stdout=b"Hello, World!")))
    bad("swapped-output-digest", "Only the subject changed.", sig,
        text=compact(changed(statement(), subject__0__digest__sha256=sha256(b"x"))))


def form_cases(c):
    base = statement()
    text = compact(base)

    def bad(name, why, value, spec="receipt 4", verdict="MALFORMED"):
        data = value if isinstance(value, bytes) else compact(value)
        c.add(name, spec, why, signed(data, ALPHA.receipt), verdict, key=ALPHA.receipt)

    def replaced(old, new):
        assert text.count(old) == 1, (old, text.count(old))
        return text.replace(old, new)

    bad("statement-byte-order-mark", "No mark.", b"\xef\xbb\xbf" + text, "job 1.1")
    bad("statement-followed-by-text", "Only blanks.", text + b"{}", "job 1.1")
    bad("statement-duplicate-member", "No name twice.", replaced(b'"exitCode":0', b'"exitCode":0,"exitCode":0'),
        "job 1.2")
    bad("statement-duplicate-member-other-value", "Which one counts?",
        replaced(b'"exitCode":0', b'"exitCode":1,"exitCode":0'), "job 1.2")
    bad("statement-duplicate-member-by-escapes", "With an escape.",
        replaced(b'"exitCode":0', b'"exitCode":0,"exit\\u0043ode":1'), "job 1.2")
    bad("statement-member-in-another-case", "`exitcode` beside `exitCode`.",
        replaced(b'"exitCode":0', b'"exitCode":0,"exitcode":1'), "job 1.2")
    for name, number in [("beyond-its-range", b"4294967296"), ("two-to-the-53-plus-1", b"9007199254740993"),
                         ("beyond-64-bits", b"18446744073709551616"), ("negative", b"-1"), ("negative-zero", b"-0"),
                         ("fraction", b"1.0"), ("exponent", b"1e2"), ("string", b'"0"'), ("null", b"null"),
                         ("leading-zero", b"00"), ("boolean", b"false")]:
        bad(f"exit-code-{name}", "An integer from 0 to 4294967295, as integers are written.",
            replaced(b'"exitCode":0', b'"exitCode":' + number), "job 1.3")
    for name, number in [("zero", b"0"), ("fraction", b"1.0"), ("exponent", b"1e0"), ("string", b'"1"'),
                         ("beyond-32-bits", b"4294967296")]:
        bad(f"attempts-{name}", "An integer from 1.", replaced(b'"attempts":1', b'"attempts":' + number))
    bad("fuel-as-a-number", "A decimal string.", replaced(b'"fuelUsed":"2458"', b'"fuelUsed":2458'), "job 1.3")
    bad("fuel-as-two-to-the-53-plus-1", "Which many parsers would round.",
        replaced(b'"fuelUsed":"2458"', b'"fuelUsed":9007199254740993'), "job 1.3")
    bad("fuel-with-a-leading-zero", "One form for a number.", edited(base, result__fuelUsed="02458"), "job 1.3")
    bad("fuel-beyond-64-bits", "Below 2^64.", edited(base, result__fuelUsed="18446744073709551616"), "job 1.3")
    bad("sequence-as-a-number", "A decimal string.", replaced(b'"sequence":"7"', b'"sequence":7'), "job 1.3")
    bad("statement-lone-surrogate", "No surrogates.", replaced(b"x86_64-linux", b"\\udc00"), "job 1.4")
    bad("statement-not-utf8", "UTF-8.", replaced(b"x86_64-linux", b"\xff"), "job 1.1")
    bad("statement-depth-bomb", "Sixteen is the most.",
        replaced(b'"trees":[]', b'"trees":' + b"[" * 3000 + b"]" * 3000), "job 1.5")
    bad("statement-unknown-member", "Nothing that the text does not name.", base | {"comment": "x"}, "receipt 1.6")
    bad("predicate-unknown-member", "At any place.", edited(base, comment="x"), "receipt 1.6")
    bad("node-unknown-member", "At any place.", edited(base, node__name="x"), "receipt 1.6")
    bad("subject-unknown-member", "At any place.", changed(base, subject__0__uri="x"), "receipt 1.6")
    bad("subject-second-digest", "One digest.", changed(base, subject__0__digest__md5="x"), "receipt 3")
    bad("type-of-another-statement", "Statement v1.", base | {"_type": "https://in-toto.io/Statement/v0.1"},
        "receipt 2")
    bad("predicate-type-of-another-version", "Another version is another document.",
        base | {"predicateType": "urn:plasm:receipt:v3"}, "receipt 2")
    bad("predicate-type-of-an-audit", "An audit is no receipt.", base | {"predicateType": "urn:plasm:audit:v1"},
        "receipt 2")
    subject = base["subject"]
    for name, why, value in [
            ("empty", "stdout and stderr always.", []),
            ("without-stderr", "stderr always.", subject[:1]),
            ("without-stdout", "stdout always.", subject[1:]),
            ("stderr-first", "In order: else one could pass for the other.", subject[::-1]),
            ("stdout-twice", "Names are unique.", [subject[0], subject[0], subject[1]]),
            ("name-in-another-case", "Byte for byte.", [subject[0] | {"name": "Stdout"}, subject[1]]),
            ("other-name", "stdout, stderr, file:.", subject + [subject[0] | {"name": "stdin"}]),
            ("file-without-a-path", "A path is not empty.", subject + [subject[0] | {"name": "file:"}]),
            ("file-twice", "Names are unique.", subject + [subject[0] | {"name": "file:/a"}] * 2),
            ("files-unsorted", "Sorted bytewise.",
             subject + [subject[0] | {"name": "file:/b"}, subject[0] | {"name": "file:/a"}]),
            ("files-sorted-by-utf16", "U+FFEE before U+1F600, as in UTF-8.",
             subject + [subject[0] | {"name": "file:/\U0001f600"}, subject[0] | {"name": "file:/\uffee"}]),
            ("file-with-nul", "A path has no NUL.", subject + [subject[0] | {"name": "file:/a\0"}]),
            ("digest-in-upper-case", "Hex digits are lower case.",
             [{"name": "stdout", "digest": {"sha256": sha256(STDOUT).upper()}}, subject[1]]),
            ("digest-sha512", "SHA-256.", [{"name": "stdout", "digest": {"sha512": "00" * 64}}, subject[1]])]:
        bad(f"subject-{name}", why, base | {"subject": value}, "receipt 3")
    for path in ["job", "job__manifest", "job__id", "module", "module__size", "input", "input__args", "input__env",
                 "input__stdin", "input__trees", "limits", "limits__fuel", "runtime", "runtime__engine",
                 "runtime__version", "runtime__target", "runtime__configuration", "runtime__profile", "result",
                 "result__status", "result__exitCode", "result__fuelUsed", "result__stdoutBytes",
                 "result__stderrBytes", "result__truncated", "resultDigest", "observed", "observed__start",
                 "observed__end", "observed__wallTimeNs", "observed__attempts", "node", "node__identity",
                 "node__key", "node__signing", "node__boot", "node__sequence"]:
        title = "-".join(path.lower().split("__"))
        bad(f"without-{title}", "A required member is missing.", edited(base, **{path: None}))
    bad("exit-code-with-trapped", "Exactly with `exited`.",
        edited(statement(status="trapped"), result__exitCode=1))
    bad("trap-with-exited", "Exactly with `trapped`.", edited(base, result__trap="unreachable"))
    bad("trapped-without-trap", "Exactly with `trapped`.", edited(statement(status="trapped"), result__trap=None))
    bad("reason-with-exited", "Only with `rejected`.", edited(base, result__reason="x"))
    bad("fuel-with-timed-out", "Not with this status.",
        edited(statement(status="timed_out"), result__fuelUsed="1"))
    bad("result-digest-with-timed-out", "Not with this status.",
        edited(statement(status="timed_out"), resultDigest={"sha256": sha256(b"")}))
    bad("result-digest-under-live", "Not under this profile.",
        edited(statement(hello_manifest(profile="live")), resultDigest={"sha256": sha256(b"")}))
    bad("status-unknown", "One of seven.", edited(base, result__status="failed"))
    bad("status-in-another-case", "Byte for byte.", edited(base, result__status="Exited"))
    bad("truncated-as-a-number", "A boolean.", edited(base, result__truncated=0))
    bad("trap-that-forges-lines", "It stands in the result digest's text.",
        edited(statement(status="trapped"), result__trap="x\nstdout y"))
    full = statement(full_manifest())
    for path, value in {
            "job__manifest__sha256": "sha256:" + sha256(b""), "job__requester": REQUESTER.public.hex(),
            "job__notAfter": "2026-11-24", "module__sha256": sha256(b"")[1:], "module__size": 15547,
            "input__args": sha256(b"").upper(), "input__env": None, "input__stdin": "", "input__trees": {},
            "limits__wallTimeMs": 300000, "limits__fuel": str(2**63), "runtime__configuration": sha256(b"")[1:],
            "result__stdoutBytes": "-1", "result__stderrBytes": 0, "resultDigest__sha256": "",
            "observed__end": "2026-11-24T09:30:60.000Z", "observed__wallTimeNs": 250000000,
            "node__identity": "", "node__key": ALPHA.receipt.public.hex(), "node__signing": "Each",
            "node__boot": "5B0C9D1A-2E63-4F7C-8A90-B1C2D3E4F506", "node__log": ""}.items():
        title = "-".join(path.lower().split("__"))
        bad(f"wrong-{title}", "A value of another form.", edited(full, **{path: value}))
    bad("trap-too-long", "At most 64 bytes.", edited(statement(status="trapped"), result__trap="t" * 65))
    bad("reason-with-escape", "No control characters.",
        edited(statement(status="rejected", stdout=b""), result__reason="\x1b[2J"))
    bad("target-with-a-blank", "Letters, digits and a few marks.", edited(base, runtime__target="x86_64 linux"))
    bad("job-id-without-prefix", "`job-` and a UUID.", edited(base, job__id="3f2b8c1e-7a4d-4e0b-9c55-0d1f6a2b7e90"))
    bad("job-id-in-upper-case", "Lower case.", edited(base, job__id="job-3F2B8C1E-7A4D-4E0B-9C55-0D1F6A2B7E90"))
    bad("nonce-too-short", "32 digits at least.", edited(base, job__nonce="00" * 8), "job 2")
    bad("time-without-milliseconds", "Observed times have them.",
        edited(base, observed__start="2026-11-24T09:29:59Z"))
    bad("time-with-an-offset", "UTC.", edited(base, observed__start="2026-11-24T10:29:59.875+01:00"))
    bad("identity-in-hex", "A fingerprint.", edited(base, node__identity=ALPHA.identity.public.hex()))
    bad("signing-unknown", "`each` or `batch`.", edited(base, node__signing="none"))
    bad("profile-unknown", "Two profiles.", edited(base, runtime__profile="plasm-det-2"))
    bad("log-with-a-blank", "An origin has no blanks.", edited(statement(log=ALPHA.origin), node__log="a b"))
    together = statement(signing="batch", log=ALPHA.origin)
    c.add("batch-without-log", "receipt 4", "`node.log` is there with `batch`.",
          batch(edited(together, node__log=None)), "MALFORMED", key=ALPHA.log, proof=proof_for(batch(together)))
    v1 = receipt_v01(ALPHA.receipt, "sha256:" + HELLO["module"]["sha256"])
    c.add("v2-with-fields-dropped", "receipt 8", "A v2 with members missing never counts as a v0.1.",
          compact({"payload": b64(text), "payloadType": IN_TOTO_TYPE}), "MALFORMED", key=ALPHA.receipt)
    c.add("v2-with-the-fields-of-v01", "receipt 8", "Nor one with members of both.",
          compact(json.loads(resigned(base)) | v1), "MALFORMED", key=ALPHA.receipt)
    c.add("v01-as-the-payload", "receipt 8", "Nor an envelope around a v0.1.", signed(compact(v1), ALPHA.receipt),
          "MALFORMED", key=ALPHA.receipt)


def trust_cases(c):
    receipt = resigned(statement())
    logged = resigned(statement(log=ALPHA.origin))
    together = batch(statement(signing="batch", log=ALPHA.origin))

    def add(name, spec, why, verdict, data=receipt, **inputs):
        c.add(name, spec, why, data, verdict, **inputs)

    add("nobody-is-trusted", "receipt 8", "No key, no trusted node.", "UNKNOWN_KEY")
    add("trust-file-empty", "receipt 8", "Nobody in it.", "UNKNOWN_KEY", trusted_nodes="# nobody\n",
        cards=[ALPHA.sign_card(ALPHA.card())])
    add("other-node-trusted", "receipt 8", "Another node.", "UNKNOWN_KEY", trusted_nodes=BETA.line("signed"),
        cards=[ALPHA.sign_card(ALPHA.card()), BETA.sign_card(BETA.card())])
    add("trusted-without-a-card", "trust 6", "No accepted card.", "UNKNOWN_KEY", trusted_nodes=ALPHA.line("signed"))
    add("wrong-key-given", "receipt 8", "Another key is given.", "WRONG_KEY", key=BETA.receipt)
    add("identity-key-given", "receipt 8", "The identity key does not answer for receipts.", "WRONG_KEY",
        key=ALPHA.identity)
    add("wrong-key-given-trusted-node", "receipt 8", "The key in the call is the only one that counts.", "WRONG_KEY",
        key=BETA.receipt, **trusting())
    add("batch-receipt-key-given", "receipt 8", "With `batch` the log key answers.", "WRONG_KEY", together,
        key=ALPHA.receipt, proof=proof_for(together))
    add("card-badly-signed", "trust 6", "A card that fails is as if it were not there.", "UNKNOWN_KEY",
        trusted_nodes=ALPHA.line("signed"),
        cards=[signed(compact(ALPHA.card()), MALLORY, "application/vnd.plasm.card.v1+json")])
    add("card-malformed", "trust 6", "Likewise.", "UNKNOWN_KEY", trusted_nodes=ALPHA.line("signed"),
        cards=[ALPHA.sign_card(ALPHA.card(comment="x"))])
    newer = ALPHA.card(version=3)
    newer["keys"] = [k for k in newer["keys"] if k["key"] != ALPHA.receipt.public.hex()]
    add("key-no-longer-listed", "trust 3", "A key that a new card no longer lists is unknown.", "UNKNOWN_KEY",
        **trusting(card=newer))
    add("card-rollback", "trust 3", "The older card, offered after the newer one, does not bring a key back.",
        "UNKNOWN_KEY", trusted_nodes=ALPHA.line("signed"),
        cards=[ALPHA.sign_card(newer), ALPHA.sign_card(ALPHA.card())])
    add("card-rollback-by-the-trust-file", "trust 5", "The newer card is lost, the trust file knows its version.",
        "UNKNOWN_KEY", **trusting("signed", "card=3"))
    add("card-as-the-trust-file-knows", "trust 5", "The version that the trust file knows.", "VALID",
        **trusting("signed", "card=2"))
    add("card-newer", "trust 3", "The newer card counts.", "VALID", trusted_nodes=ALPHA.line("signed"),
        cards=[ALPHA.sign_card(ALPHA.card(version=1, keys=newer["keys"])), ALPHA.sign_card(ALPHA.card())])
    other = ALPHA.card(keys=newer["keys"])
    add("card-conflict", "trust 3", "Another card of the same version is refused; the first stays.", "UNKNOWN_KEY",
        trusted_nodes=ALPHA.line("signed"), cards=[ALPHA.sign_card(other), ALPHA.sign_card(ALPHA.card())])
    add("card-conflict-first-stays", "trust 3", "The other way round.", "VALID",
        trusted_nodes=ALPHA.line("signed"), cards=[ALPHA.sign_card(ALPHA.card()), ALPHA.sign_card(other)])
    thief = BETA.card()
    thief["keys"][0]["key"] = ALPHA.receipt.public.hex()
    add("card-lists-the-key-of-another-node", "trust 6",
        "Beta's card lists alpha's key. The receipt names alpha, whom nobody trusts.", "UNKNOWN_KEY",
        trusted_nodes=BETA.line("signed"), cards=[BETA.sign_card(thief)])
    add("card-lists-the-key-of-a-blocked-node", "trust 6",
        "Nor does it help alpha past the block.", "NODE_BLOCKED",
        trusted_nodes=BETA.line("signed") + ALPHA.line("blocked"),
        cards=[BETA.sign_card(thief), ALPHA.sign_card(ALPHA.card())])
    wrong_use = ALPHA.card()
    wrong_use["keys"][0]["use"] = "tls"
    add("key-for-another-use", "trust 6", "The card lists the key for TLS.", "UNKNOWN_KEY", **trusting(card=wrong_use))
    add("batch-with-a-receipt-key", "trust 6", "With `batch` the key must be listed for `log`.", "UNKNOWN_KEY",
        batch(statement(signing="batch", log=ALPHA.origin, signer=ALPHA.receipt)),
        proof=proof_for(batch(statement(signing="batch", log=ALPHA.origin, signer=ALPHA.receipt)),
                        signer=ALPHA.receipt), **trusting())

    moved = batch(statement(signing="batch", log="other.example/log"))
    add("batch-with-another-origin", "receipt 8", "The card names this log key for another origin, and so none for this one.", "NOT_LOGGED",
        moved, proof=proof_for(moved, origin="other.example/log"), **trusting())

    add("blocked", "receipt 8", "Refused, whatever it says.", "NODE_BLOCKED", **trusting("blocked"))
    add("blocked-and-badly-signed", "receipt 8", "The signature comes before.", "BAD_SIGNATURE",
        envelope(compact(statement()), [(fingerprint(ALPHA.receipt.public), bytes(64))]), **trusting("blocked"))
    add("blocked-and-not-valid", "receipt 8", "The block comes before the time.", "NODE_BLOCKED",
        resigned(edited(statement(), observed__start="2027-10-01T00:00:00.000Z",
                        observed__end="2027-10-01T00:00:00.001Z")), **trusting("blocked"))
    add("blocked-batch", "receipt 8", "Also in batches.", "NODE_BLOCKED", together, proof=proof_for(together),
        **trusting("blocked"))

    def at(start, end, **kwargs):
        signer = kwargs.get("signer", ALPHA.receipt)
        return resigned(edited(statement(**kwargs), observed__start=start, observed__end=end), signer)

    add("key-not-yet-valid", "receipt 8", "Ended before `from`.", "KEY_NOT_VALID",
        at("2026-09-30T00:00:00.000Z", "2026-09-30T23:59:59.999Z"), **trusting())
    add("key-no-longer-valid", "receipt 8", "Ended after `to`.", "KEY_NOT_VALID",
        at("2026-09-30T23:59:59.000Z", "2026-10-01T00:00:00.001Z", signer=ALPHA.old_receipt), **trusting())
    expired = ALPHA.card(expires="2026-11-24T09:30:00Z")
    add("card-expired", "trust 6", "Ended after the card's `expires`.", "KEY_NOT_VALID", **trusting(card=expired))
    add("card-expires-at-that-moment", "trust 6", "`expires` is included.", "VALID",
        **trusting(card=ALPHA.card(expires="2026-11-24T09:30:00.125Z")))
    late = ALPHA.card()
    late["keys"][2]["to"] = "2026-11-24T09:30:00.124Z"
    add("batch-log-key-no-longer-valid", "receipt 8", "With `batch` it is the log key's time.", "KEY_NOT_VALID",
        together, proof=proof_for(together), **trusting(card=late))

    revoked = ALPHA.card(revoked=[revocation(ALPHA.receipt, "2026-11-25T00:00:00Z")])
    sized = ALPHA.card(revoked=[revocation(ALPHA.receipt, "2026-11-25T00:00:00Z", "6")])
    add("key-revoked", "trust 4", "Whatever time the receipt claims.", "KEY_REVOKED", **trusting(card=revoked))
    add("key-revoked-logged-no-size", "trust 4", "Without a size of the log there is no exception.", "KEY_REVOKED",
        logged, proof=proof_for(logged), **trusting(card=revoked))
    add("key-revoked-logged-before", "trust 4", "Index 5 is below 6.", "VALID", logged, proof=proof_for(logged),
        **trusting(card=sized))
    add("key-revoked-logged-after", "trust 4", "Index 6 is not.", "KEY_REVOKED", logged,
        proof=proof_for(logged, index=6), **trusting(card=sized))
    add("key-revoked-logged-before-no-proof", "trust 4", "The exception needs the proof.", "KEY_REVOKED", logged,
        **trusting(card=sized))
    add("key-revoked-not-logged", "trust 4", "A receipt without `node.log` has no proof.", "KEY_REVOKED", receipt,
        proof=proof_for(receipt), **trusting(card=sized))
    both = ALPHA.card(revoked=[revocation(ALPHA.receipt, "2026-11-25T00:00:00Z", "6"),
                               revocation(ALPHA.log, "2026-11-25T00:00:00Z")])
    add("key-and-log-key-revoked", "trust 4", "An exception by a revoked log key is none.", "KEY_REVOKED", logged,
        proof=proof_for(logged), **trusting(card=both))
    young = ALPHA.card(revoked=[revocation(ALPHA.receipt, "2026-11-25T00:00:00Z", "6")])
    young["keys"][2]["from"] = "2026-11-26T00:00:00Z"
    add("key-revoked-logged-in-a-newer-log", "trust 4",
        "The size is one of the log at the time of the revocation: an index in a newer log does not count.",
        "KEY_REVOKED", logged, proof=proof_for(logged), **trusting(card=young))
    log_revoked = ALPHA.card(revoked=[revocation(ALPHA.log, "2026-11-25T00:00:00Z")])
    add("log-key-revoked-batch", "trust 4", "A revoked log key signs nothing that counts.", "KEY_REVOKED", together,
        proof=proof_for(together), **trusting(card=log_revoked))
    add("log-key-revoked-batch-with-a-size", "trust 4", "The exception is for receipt keys: a log key can't vouch "
        "for itself.", "KEY_REVOKED", together, proof=proof_for(together),
        **trusting(card=ALPHA.card(revoked=[revocation(ALPHA.log, "2026-11-25T00:00:00Z", "6")])))
    add("log-key-revoked-proof-needed", "trust 4", "The proof that is needed is by a revoked key.", "KEY_REVOKED",
        logged, proof=proof_for(logged), **trusting("logged", card=log_revoked))
    add("log-key-revoked-proof-not-needed", "trust 4", "No proof is needed here.", "VALID", logged,
        proof=proof_for(logged), **trusting("signed", card=log_revoked))
    mine = f"revoked={fingerprint(ALPHA.receipt.public)}@2026-11-25T00:00:00Z"
    add("key-revoked-by-the-verifier", "trust 5", "The verifier has revoked it for itself.", "KEY_REVOKED",
        **trusting("signed", mine))
    add("key-revoked-by-the-verifier-logged", "trust 5", "Without exception.", "KEY_REVOKED", logged,
        proof=proof_for(logged), **trusting("signed", mine, card=sized))
    add("other-key-revoked-by-the-verifier", "trust 5", "Another key.", "VALID",
        **trusting("signed", f"revoked={fingerprint(ALPHA.old_receipt.public)}@2026-11-25T00:00:00Z"))
    add("key-given-though-revoked", "trust 6", "A key in the call has neither level nor revocation.", "VALID",
        key=ALPHA.receipt, **trusting(card=revoked))
    add("revoked-and-not-valid", "receipt 8", "The time comes before the revocation.", "KEY_NOT_VALID",
        **trusting(card=ALPHA.card(expires="2026-11-24T00:00:00Z", revoked=revoked["revoked"])))


def log_cases(c):
    receipt = resigned(statement())
    logged = resigned(statement(log=ALPHA.origin))
    together = batch(statement(signing="batch", log=ALPHA.origin))
    good = proof_for(together)

    def add(name, why, verdict, data=together, spec="receipt 8", **inputs):
        c.add(name, spec, why, data, verdict, **inputs)

    add("batch-without-a-proof", "Nobody has signed it.", "NOT_LOGGED", key=ALPHA.log)
    add("batch-without-a-proof-trusted-node", "Nobody has signed it.", "NOT_LOGGED", **trusting())
    add("logged-without-a-proof", "The level needs one.", "NOT_LOGGED", logged, **trusting("logged"))
    add("logged-receipt-without-log", "It has no proof, whatever lies beside it.", "NOT_LOGGED", receipt,
        proof=proof_for(receipt), **trusting("logged"))
    add("policy-without-a-proof", "A policy needs one.", "NOT_LOGGED", logged, key=ALPHA.receipt,
        policy=policy_text(1))
    add("policy-without-quorum-and-proof", "Even one that asks for no witness.", "NOT_LOGGED", logged,
        key=ALPHA.receipt, policy="quorum none\n")
    add("policy-without-logs-and-key-given", "Nobody names the log's key: the proof counts as not there.",
        "NOT_LOGGED", logged, key=ALPHA.receipt, policy=policy_text(2, log=None),
        proof=proof_for(logged, lines=cosigned(1, 2)))
    no_log = ALPHA.card()
    del no_log["keys"][2]
    add("card-without-a-log-key", "Likewise.", "NOT_LOGGED", logged, proof=proof_for(logged),
        **trusting("logged", card=no_log))
    other_origin = ALPHA.card()
    other_origin["keys"][2]["origin"] = "other.example/log"
    add("card-with-another-origin", "The card names a key for another log.", "NOT_LOGGED", logged,
        proof=proof_for(logged), **trusting("logged", card=other_origin))

    for name, why, proof in [
            ("not-a-proof", "Another file.", "proof\n"),
            ("empty", "No proof.", ""),
            ("wrong-index", "Another place.", good.replace("index 5", "index 4")),
            ("index-is-the-size", "Counted from 0.", good.replace("index 5", "index 13")),
            ("index-above-the-size", "Not in the tree.", good.replace("index 5", "index 1000")),
            ("index-beyond-64-bits", "2^64 + 5 is not 5.", good.replace("index 5", f"index {2**64 + 5}")),
            ("hash-missing", "One too few.", without_line(good, 2)),
            ("hash-left-over", "One too many.", with_line_again(good, 2)),
            ("of-another-receipt", "Not this one.", proof_for(batch(edited(statement(signing="batch", log=ALPHA.origin),
                                                                           node__sequence="8")))),
            ("of-another-origin", "Signed with the key, for another log.",
             proof_for(together, origin="other.example/log")),
            ("same-name-other-key", "The origin as name, another key.", proof_for(together, signer=MALLORY)),
            ("signature-changed", "Name and id are right, the signature is not.", wrong_log_signature(together)),
            ("of-an-empty-log", "Size 0.", sized_proof(together, 0)),
            ("of-size-two-to-the-63", "At most 2^63 - 1.", sized_proof(together, 2**63)),
            ("of-size-1-with-a-hash", "No hashes there.", sized_proof(together, 1, [bytes(32)])),
            ("node-as-a-leaf", "The hash of a node is no hash of an entry.", node_as_a_leaf(together)),
            ("entry-without-its-kind", "The entry is two lines.", raw_entry_proof(together))]:
        add(f"proof-{name}", why, "BAD_LOG_PROOF", key=ALPHA.log, proof=proof)
    add("proof-of-the-largest-size", "2^63 - 1 entries, 63 hashes.", "VALID", key=ALPHA.log,
        proof=sized_proof(together, 2**63 - 1))
    add("proof-bad-though-not-needed", "A proof that is there is right.", "BAD_LOG_PROOF", logged,
        proof=proof_for(receipt), **trusting())
    add("proof-by-another-log-key-of-the-node", "Signed by the receipt key.", "BAD_LOG_PROOF", logged,
        proof=proof_for(logged, signer=ALPHA.receipt), **trusting("logged"))
    add("proof-by-another-node", "Beta's log has it, under alpha's name.", "BAD_LOG_PROOF", logged,
        proof=proof_for(logged, signer=BETA.log),
        trusted_nodes=ALPHA.line("logged") + BETA.line("logged"),
        cards=[ALPHA.sign_card(ALPHA.card()), BETA.sign_card(BETA.card())])
    add("policy-with-another-log", "The policy does not list this log: nobody names its key.", "NOT_LOGGED", logged,
        key=ALPHA.receipt, policy=policy_text(1, log=vkey(BETA.origin, BETA.log.public)),
        proof=proof_for(logged, lines=cosigned(1)))
    add("policy-with-another-log-batch", "The given key is not one of the policy's.", "BAD_LOG_PROOF", together,
        key=ALPHA.log, policy=policy_text(1, log=vkey(BETA.origin, BETA.log.public)),
        proof=proof_for(together, lines=cosigned(1)))
    add("policy-with-another-key-for-the-log", "Card and policy name two keys.", "BAD_LOG_PROOF", logged,
        policy=policy_text(1, log=vkey(ALPHA.origin, BETA.log.public)), proof=proof_for(logged, lines=cosigned(1)),
        **trusting())

    def witnessed(name, why, verdict, lines, threshold=2, **inputs):
        add(name, why, verdict, together, "log 6", proof=proof_for(together, lines=lines),
            policy=policy_text(threshold), **(inputs or {"key": ALPHA.log}))

    witnessed("witnessed-by-nobody", "None of two.", "NOT_WITNESSED", [])
    witnessed("witnessed-by-one", "One of two.", "NOT_WITNESSED", cosigned(2))
    witnessed("witnessed-by-one-twice", "One key counts once.", "NOT_WITNESSED",
              cosigned(1) + cosigned(1, time=NOW_SECONDS - 30))
    witnessed("witnessed-under-a-second-name", "The same key under another name is nobody's.", "NOT_WITNESSED",
              cosigned(1) + [lambda text: cosignature_line(text, "second.example/w", WITNESSES[0].key, NOW_SECONDS)])
    witnessed("witnessed-in-five-minutes", "Clocks differ.", "VALID", cosigned(1) + cosigned(2, time=NOW_SECONDS + 300))
    witnessed("witnessed-in-the-future", "More than five minutes.", "NOT_WITNESSED",
              cosigned(1) + cosigned(2, time=NOW_SECONDS + 301))
    witnessed("witnessed-same-name-other-key", "A name is no key.", "NOT_WITNESSED",
              cosigned(1) + [lambda text: cosignature_line(text, WITNESSES[1].name, MALLORY, NOW_SECONDS)])
    witnessed("witness-signature-wrong", "A known witness's line that does not verify refuses the note.",
              "BAD_LOG_PROOF", cosigned(1, 2) + [wrong_cosignature])
    witnessed("witnessed-log-signs-as-witness", "The log's key is no witness.", "NOT_WITNESSED",
              cosigned(1) + [lambda text: cosignature_line(text, ALPHA.origin, ALPHA.log, NOW_SECONDS)])
    add("level-witnessed-without-a-policy", "No quorum is reached of no policy.", "NOT_WITNESSED", logged,
        proof=proof_for(logged, lines=cosigned(1, 2, 3)), **trusting("witnessed"))
    add("level-witnessed-without-a-proof", "The proof comes before.", "NOT_LOGGED", logged, policy=policy_text(1),
        **trusting("witnessed"))
    add("level-signed-with-a-policy", "A policy that was given is kept.", "NOT_WITNESSED", logged,
        proof=proof_for(logged), policy=policy_text(1), **trusting())
    add("not-witnessed-and-blocked", "Witnesses come before the block.", "NOT_WITNESSED", logged,
        proof=proof_for(logged), policy=policy_text(1), **trusting("blocked"))


def without_line(text, number):
    lines = text.splitlines(keepends=True)
    return "".join(lines[:number] + lines[number + 1:])


def with_line_again(text, number):
    lines = text.splitlines(keepends=True)
    return "".join(lines[:number] + [lines[number]] + lines[number:])


def entry_of(receipt):
    return leaf_entry(pae(base64.b64decode(json.loads(receipt)["payload"])))


def noted(text):
    return text + "\n" + log_line(text, ALPHA.origin, ALPHA.log)


def sized_proof(receipt, size, hashes=None):
    """A proof for index 0 of a tree of any size, with siblings that nobody has the entries of."""
    leaf = merkle.leaf_hash(entry_of(receipt))
    if hashes is None:
        count = merkle.inclusion_length(0, size) if size else 0
        hashes = [hashlib.sha256(b"sibling %d" % i).digest() for i in range(count)]
        root = merkle.root_from_inclusion(0, size, leaf, hashes) if size else merkle.root([])
    else:
        root = merkle.node_hash(leaf, hashes[0])
    return proof_file(0, hashes, noted(checkpoint_text(ALPHA.origin, size, root)))


def node_as_a_leaf(receipt):
    """The entry's bytes hashed as a node is: as if the tree had forgotten which is which."""
    forged = hashlib.sha256(b"\1" + entry_of(receipt)).digest()
    sibling = hashlib.sha256(b"sibling").digest()
    return proof_file(0, [sibling], noted(checkpoint_text(ALPHA.origin, 2, merkle.node_hash(forged, sibling))))


def raw_entry_proof(receipt):
    """The log has the receipt's digest, but not as an entry of receipt.md section 5."""
    leaf = merkle.leaf_hash(entry_of(receipt).split(b"\n", 1)[1])
    return proof_file(0, [], noted(checkpoint_text(ALPHA.origin, 1, leaf)))


def wrong_log_signature(receipt):
    text = checkpoint_text(ALPHA.origin, 1, merkle.leaf_hash(entry_of(receipt)))
    wrong = line(ALPHA.origin, key_id(ALPHA.origin, ALPHA.log.public), MALLORY.sign(text.encode()))
    return proof_file(0, [], text + "\n" + wrong)


def wrong_cosignature(text):
    witness = WITNESSES[2]
    return line(witness.name, key_id(witness.name, witness.key.public, COSIGNATURE),
                NOW_SECONDS.to_bytes(8, "big") + MALLORY.sign(cosignature_message(text, NOW_SECONDS)))


def agreement_cases(c):
    base = statement()

    def add(name, spec, why, verdict, value=base, **inputs):
        c.add(name, spec, why, resigned(value), verdict, key=ALPHA.receipt, **inputs)

    def redigested(value):
        value = changed(value)
        value["predicate"]["resultDigest"] = {"sha256": sha256(result_text(value).encode())}
        return value

    add("end-before-start", "receipt 8", "Time goes forward.", "INCONSISTENT",
        edited(base, observed__end="2026-11-24T09:29:59.874Z"))
    add("truncated-though-exited", "receipt 8", "Only with `output_limit`.", "INCONSISTENT",
        edited(base, result__truncated=True))
    add("output-limit-though-not-truncated", "receipt 8", "And always with it.", "INCONSISTENT",
        edited(statement(status="output_limit"), result__truncated=False))
    add("result-digest-wrong", "receipt 8", "It is computed again.", "INCONSISTENT",
        edited(base, resultDigest__sha256=sha256(b"other")))
    add("result-digest-of-another-exit-code", "receipt 8", "It holds the exit code.", "INCONSISTENT",
        edited(base, result__exitCode=1))
    add("result-digest-of-another-output", "receipt 8", "And the output.", "INCONSISTENT",
        changed(base, subject__0__digest__sha256=sha256(b"Hello, World")))
    add("result-digest-without-its-files", "receipt 8", "And the kept files.", "INCONSISTENT",
        base | {"subject": statement(files={"/a": b"x"})["subject"]})
    add("stderr-passed-off-as-stdout", "receipt 8", "The sizes are in the result digest's lines.", "INCONSISTENT",
        base | {"subject": [{"name": "stdout", "digest": base["subject"][1]["digest"]},
                            {"name": "stderr", "digest": base["subject"][0]["digest"]}]})
    add("size-0-of-some-output", "receipt 8", "A size is 0 exactly where the digest is that of no bytes.",
        "INCONSISTENT", redigested(edited(base, result__stdoutBytes="0")))
    add("size-of-no-output", "receipt 8", "The other way round.", "INCONSISTENT",
        redigested(edited(base, result__stderrBytes="5")))
    add("size-of-an-empty-module", "receipt 8", "The module's size too.", "INCONSISTENT",
        edited(base, module__size="0"))
    timed = statement(status="timed_out")
    add("size-0-without-a-result-digest", "receipt 8", "Also where there is no result digest.", "INCONSISTENT",
        edited(timed, result__stdoutBytes="0"))
    add("fuel-is-not-in-the-result-digest", "receipt 7", "Fuel is compared beside it.", "VALID",
        edited(base, result__fuelUsed="2459"))

    hello = hello_manifest()
    given = {"manifest": compact(hello)}
    add("manifest-of-another-job", "job 8", "Another digest.", "WRONG_JOB",
        manifest=compact(hello_manifest(args=["hello.wasm", "other"])))
    add("manifest-in-other-bytes", "job 8", "The same members, other bytes.", "WRONG_JOB",
        manifest=json.dumps(hello).encode())
    broken = compact(hello).replace(b'"env":[]', b'"env":[],"env":[]')
    add("manifest-malformed", "job 8", "Its digest is right, its form is not.", "WRONG_JOB",
        edited(base, job__manifest__sha256=sha256(broken)), manifest=broken)
    for name, change in {
            "module": dict(module__sha256=sha256(b"other")),
            "module-size": dict(module__size="15548"),
            "limits": dict(limits__memoryBytes="1048576"),
            "fuel-limit": dict(limits__fuel="1"),
            "args": dict(input__args=list_digest([b"hello.wasm", b"other"])),
            "args-split": dict(input__args=list_digest([b"hello.wasm", b"Hello,", b"World!"])),
            "env": dict(input__env=list_digest([b"A=1"])),
            "stdin": dict(input__stdin=sha256(b"other")),
            "trees": dict(input__trees=[{"guest": "/data", "tree": EMPTY_SHA256}]),
            "nonce": dict(job__nonce="ff" * 16),
            "nonce-missing": dict(job__nonce=None),
            "requester": dict(job__requester=fingerprint(MALLORY.public)),
            "not-after": dict(job__notAfter="2026-11-24T09:30:00Z")}.items():
        add(f"manifest-does-not-fit-{name}", "job 8", "Signed by the honest key, but not what the manifest says.",
            "WRONG_JOB", edited(base, **change), **given)
    live = edited(base, runtime__profile="live", resultDigest=None)
    add("manifest-does-not-fit-profile", "job 8", "Run under another profile.", "WRONG_JOB", live, **given)
    full = full_manifest()
    for name, trees in {
            "layout-missing": [{k: v for k, v in t.items() if k != "layout"} for t in full["inputs"]],
            "trees-in-another-order": full["inputs"][::-1],
            "tree-missing": full["inputs"][:1]}.items():
        add(f"manifest-does-not-fit-{name}", "job 8", "Folders, in order, with their layout.", "WRONG_JOB",
            edited(statement(full), input__trees=trees), manifest=compact(full))
    add("not-after-in-another-form", "job 8", "The same moment in the other form.", "VALID",
        edited(statement(hello_manifest(notAfter="2026-11-24T09:30:00Z")), job__notAfter="2026-11-24T09:30:00.000Z"),
        manifest=compact(hello_manifest(notAfter="2026-11-24T09:30:00Z")))
    add("nonce-of-another-job", "receipt 8", "The answer to another request.", "WRONG_JOB", nonce="ff" * 16)
    add("nonce-missing", "receipt 8", "The answer to no request.", "WRONG_JOB", statement(HELLO), nonce=NONCE)
    add("nonce-a-part-of-it", "receipt 8", "The whole nonce.", "WRONG_JOB", nonce=NONCE[:-2] + "00")
    add("nonce-right-manifest-wrong", "receipt 8", "Both are asked for.", "WRONG_JOB", nonce=NONCE,
        manifest=compact(hello_manifest(args=["x"])))

    ended = hello_manifest(notAfter="2026-11-24T09:29:59.874Z")
    add("not-after-passed", "receipt 8", "Started a millisecond later.", "TOO_LATE", statement(ended))
    add("not-after-passed-and-wrong-nonce", "receipt 8", "The request comes before.", "WRONG_JOB", statement(ended),
        nonce="ff" * 16)
    add("not-after-passed-and-wrong-output", "receipt 8", "The output comes after.", "TOO_LATE", statement(ended),
        outputs={"stdout": b"x"})

    add("output-wrong", "receipt 8", "Other bytes.", "WRONG_OUTPUT", outputs={"stdout": b"Hello, World!"})
    add("output-with-a-line-feed-more", "receipt 8", "Exactly the bytes.", "WRONG_OUTPUT",
        outputs={"stdout": STDOUT + b"\n"})
    add("output-of-stdout-as-stderr", "receipt 8", "A digest counts under its name.", "WRONG_OUTPUT",
        outputs={"stderr": STDOUT})
    add("output-of-stderr-as-stdout", "receipt 8", "The other way round.", "WRONG_OUTPUT",
        statement(stderr=STDERR), outputs={"stdout": STDERR})
    add("output-that-was-not-kept", "receipt 8", "No such subject.", "WRONG_OUTPUT", outputs={"file:/a": b""})
    add("output-one-of-two-wrong", "receipt 8", "Each one.", "WRONG_OUTPUT",
        outputs={"stdout": STDOUT, "stderr": b"x"})
    add("output-name-without-prefix", "receipt 8", "A file is named with `file:`.", "WRONG_OUTPUT",
        statement(files={"/a": b"x"}), outputs={"/a": b"x"})


def legacy_cases(c):
    module = "sha256:" + HELLO["module"]["sha256"]
    good = receipt_v01(ALPHA.receipt, module)

    def add(name, why, value, verdict, **inputs):
        c.add(f"v01-{name}", "receipt 8", why, value if isinstance(value, bytes) else compact(value), verdict, **inputs)

    pinned = {"key": ALPHA.receipt}
    add("valid", "Signed by the given key.", good, "VALID_LEGACY_UNBOUND", **pinned)
    add("valid-in-lines", "Blanks are free.", json.dumps(good, indent=2).encode(), "VALID_LEGACY_UNBOUND", **pinned)
    add("valid-other-version", "Two numbers.", receipt_v01(ALPHA.receipt, module, version="1.23"),
        "VALID_LEGACY_UNBOUND", **pinned)
    add("valid-trapped", "The first system called a trap 1.", receipt_v01(ALPHA.receipt, module, exit_code=1),
        "VALID_LEGACY_UNBOUND", **pinned)
    original = {
        "exit_code": 0,
        "module_hash": "sha256:11bfd18c60e980ed9375a91d9e9de49b1a75cbac66781ae34ff148e2008b769c",
        "node_pubkey": "1fa94465438d330b42a055a594a9a68bb279f8e53770d5d961a94bebc62fa7e3",
        "signature": "79fcd276d9f4d27e06a0cecb68ff78127d1a4a57af9ef3532a1035d8329d8093"
                     "d4ef74723f6e6b34ccee1b72b5d24c2ea707b7a01ecb2cde8c1862969e12730e",
        "timestamp": 1795380686,
        "version": "0.1",
        "wall_time_ms": 369,
    }
    add("valid-of-the-first-system", "Signed by the first system's own program.", original, "VALID_LEGACY_UNBOUND",
        key=bytes.fromhex(original["node_pubkey"]))
    add("no-key", "Nothing says whose key it is.", good, "UNKNOWN_KEY")
    add("trusted-node", "It names no node, so trusted nodes are not asked.", good, "UNKNOWN_KEY", **trusting())
    add("wrong-key", "Another key is given.", good, "WRONG_KEY", key=BETA.receipt)
    for name, change in {"exit-code": {"exit_code": 1}, "module": {"module_hash": "sha256:" + sha256(b"x")},
                         "wall-time": {"wall_time_ms": 13}, "timestamp": {"timestamp": 1795513501},
                         "version": {"version": "0.2"}, "key": {"node_pubkey": BETA.receipt.public.hex()}}.items():
        add(f"changed-{name}", "A signed field was changed.", good | change, "BAD_SIGNATURE", **pinned)
    add("re-signed-by-the-attacker", "A right signature by another key.", receipt_v01(MALLORY, module), "WRONG_KEY",
        **pinned)
    add("signed-by-the-attacker", "With the honest key's name.",
        receipt_v01(MALLORY, module, named=ALPHA.receipt.public), "BAD_SIGNATURE", **pinned)
    sig = bytes.fromhex(good["signature"])
    add("signature-s-not-reduced", "S is below the order.",
        good | {"signature": ed25519.with_order_added(sig).hex()}, "BAD_SIGNATURE", **pinned)
    neutral = ed25519.encode(ed25519.NEUTRAL)
    for name, public in [("neutral", neutral), ("zero", bytes(32))]:
        add(f"key-of-small-order-{name}", "A key under which anybody can sign.",
            good | {"node_pubkey": public.hex(), "signature": (neutral + bytes(32)).hex()}, "BAD_SIGNATURE", key=public)
    add("local-execution", "The first system's PHP class took this for always valid.",
        good | {"node_pubkey": "local_execution"}, "MALFORMED", **pinned)
    add("local-execution-without-signature", "Likewise.",
        good | {"node_pubkey": "local_execution", "signature": ""}, "MALFORMED")
    for field in good:
        add(f"without-{field.replace('_', '-')}", "All fields are required.",
            {k: v for k, v in good.items() if k != field}, "MALFORMED", **pinned)
    add("unknown-field", "No others.", good | {"stdout": "x"}, "MALFORMED", **pinned)
    text = compact(good)
    for name, why, data in [
            ("duplicate-field", "No name twice.", text.replace(b'"exit_code":0', b'"exit_code":0,"exit_code":0')),
            ("field-in-another-case", "Byte for byte.", text.replace(b'"exit_code"', b'"Exit_code"')),
            ("exit-code-256", "0 to 255.", text.replace(b'"exit_code":0', b'"exit_code":256')),
            ("exit-code-negative-zero", "One form for a number.", text.replace(b'"exit_code":0', b'"exit_code":-0')),
            ("exit-code-fraction", "An integer.", text.replace(b'"exit_code":0', b'"exit_code":0.0')),
            ("exit-code-exponent", "An integer.", text.replace(b'"exit_code":0', b'"exit_code":0e0')),
            ("exit-code-string", "An integer.", text.replace(b'"exit_code":0', b'"exit_code":"0"')),
            ("wall-time-negative", "From 0.", text.replace(b'"wall_time_ms":', b'"wall_time_ms":-')),
            ("timestamp-negative", "From 0.", text.replace(b'"timestamp":', b'"timestamp":-')),
            ("version-with-three-parts", "Two numbers.", text.replace(b'"0.1"', b'"0.1.0"')),
            ("module-hash-without-prefix", "`sha256:` and 64 digits.", text.replace(b"sha256:", b"")),
            ("signature-in-upper-case", "Lower case.",
             text.replace(good["signature"].encode(), good["signature"].upper().encode())),
            ("signature-63-bytes", "64 bytes.",
             text.replace(good["signature"].encode(), good["signature"][:-2].encode())),
            ("byte-order-mark", "No mark.", b"\xef\xbb\xbf" + text),
            ("text-after-it", "Only blanks.", text + b"x"),
            ("lone-surrogate", "No surrogates.", text.replace(b'"0.1"', b'"\\ud800"'))]:
        assert data != text
        add(name, why, data, "MALFORMED", **pinned)
    large = receipt_v01(ALPHA.receipt, module, wall_time_ms=2**53 + 1)
    add("wall-time-beyond-2-to-the-53", "A number that many parsers would round, signed as it stands.", large,
        "VALID_LEGACY_UNBOUND", **pinned)
    add("wall-time-rounded", "The number that they would make of it.", large | {"wall_time_ms": 2**53},
        "BAD_SIGNATURE", **pinned)
    add("asked-for-a-manifest", "It names no manifest.", good, "WRONG_JOB", manifest=compact(hello_manifest()),
        **pinned)
    add("asked-for-a-nonce", "It answers no request.", good, "WRONG_JOB", nonce=NONCE, **pinned)
    add("asked-for-outputs", "It binds no output.", good, "WRONG_OUTPUT", outputs={"stdout": STDOUT}, **pinned)
    add("asked-for-a-log", "It is in no log.", good, "NOT_LOGGED", policy=policy_text(1), **pinned)


def make():
    c = ReceiptCases()
    valid_cases(c)
    envelope_cases(c)
    signature_cases(c)
    form_cases(c)
    trust_cases(c)
    log_cases(c)
    agreement_cases(c)
    legacy_cases(c)
    return {
        "format": "plasm-vectors/receipt/v1",
        "description": "Whole verifications, from a receipt to a verdict: spec/receipt.md section 8.",
        "cases": c.cases.list,
    }
