"""card.json: which node cards are accepted, and after which others."""
import base64
import json

import ed25519
from cases import Cases, put
from formats import CARD_TYPE, IN_TOTO_TYPE, b64, compact, envelope, fingerprint, pae, signed
from world import ALPHA, BETA, MALLORY, revocation

ACCEPTED, MALFORMED, SIGNATURE = "accepted", "refused-malformed", "refused-signature"
ROLLBACK, CONFLICT = "rollback", "conflict"


class CardCases:
    def __init__(self, cases):
        self.cases = cases

    def add(self, name, spec, why, card, outcome, previous=None, known=None):
        case = self.cases.add(name, spec, why)
        put(case, "card", card)
        if previous is not None:
            put(case, "previous", previous)
        if known is not None:
            case["known_version"] = known
        case["outcome"] = outcome


def with_keys(change):
    card = ALPHA.card()
    change(card["keys"])
    return card


def form_cases(c):
    def bad(title, why, **changes):
        c.add(title, "trust 3", why, ALPHA.sign_card(ALPHA.card(**changes)), MALFORMED)

    def good(title, why, **changes):
        c.add(title, "trust 3", why, ALPHA.sign_card(ALPHA.card(**changes)), ACCEPTED)

    good("accepted", "A card by its identity key.")
    good("accepted-without-endpoints", "The list may be empty.", endpoints=[])
    good("accepted-largest-version", "2^53 - 1.", version=2**53 - 1)
    good("accepted-with-revocations", "With and without a size of the log.",
         revoked=[revocation(ALPHA.old_receipt, "2026-09-01T00:00:00Z", "8"),
                  revocation(MALLORY, "2026-09-01T00:00:00.500Z")])
    good("accepted-with-machine", "What those who look for a node may want to know is optional.",
         capabilities=ALPHA.card()["capabilities"]
         | {"cores": 65536, "memoryMib": 2**32 - 1, "cpu": ["avx2", "bmi2"], "policy": "invitation"})
    good("accepted-with-policy-open", "Each of them may stand alone.",
         capabilities=ALPHA.card()["capabilities"] | {"policy": "open"})
    good("accepted-name-not-in-ascii", "UTF-8, up to 255 bytes.", name="Kn\u00f6ten " + "\u00e9" * 123)

    for member in ALPHA.card():
        card = ALPHA.card()
        del card[member]
        c.add(f"without-{member}", "trust 3", f"`{member}` is required.", ALPHA.sign_card(card),
              MALFORMED)
    bad("unknown-member", "What the text does not name is refused.", comment="x")
    bad("type-of-another-version", "Another version is another document.", type="urn:plasm:card:v2")
    bad("version-0", "Versions begin at 1.", version=0)
    bad("version-beyond-2-to-the-53", "Larger numbers are not the same everywhere.", version=2**53)
    bad("version-as-a-string", "An integer.", version="2")
    bad("name-empty", "At least one byte.", name="")
    bad("name-too-long", "256 bytes.", name="n" * 256)
    bad("name-too-long-in-bytes", "128 characters, 256 bytes.", name="\u00e9" * 128)
    bad("name-with-a-line-feed", "It is printed in lists.", name="a\nb")
    bad("name-with-escape", "It is printed on terminals.", name="a\x1b[2Jb")
    bad("name-with-c1-control", "U+009B starts a terminal's command too.", name="a\x9bb")
    bad("name-with-delete", "U+007F is a control character.", name="a\x7fb")
    bad("identity-in-upper-case", "Hex digits are lower case.",
        identity=ALPHA.identity.public.hex().upper())
    bad("identity-too-short", "64 digits.", identity=ALPHA.identity.public.hex()[2:])
    bad("expires-before-issued", "It would never say anything.", expires="2026-09-30T00:00:00Z")
    bad("issued-with-an-offset", "The form of job.md section 1.6.", issued="2026-10-01T02:00:00+02:00")
    bad("no-keys", "A card without keys says nothing.", keys=[])
    bad("too-many-keys", "At most 64.",
        keys=[{"use": "tls", "key": f"{i:064x}", "from": "2026-10-01T00:00:00Z",
               "to": "2027-10-01T00:00:00Z"} for i in range(65)])
    bad("endpoint-without-tls", "Only https.", endpoints=["http://alpha.example"])
    bad("endpoint-number", "Strings.", endpoints=[1])
    bad("capabilities-unknown-member", "Nothing else.",
        capabilities=ALPHA.card()["capabilities"] | {"gpu": "yes"})
    about = ALPHA.card()["capabilities"]
    for name, change in {"engine-empty": {"engine": ""}, "arch-empty": {"arch": ""},
                         "arch-with-a-control": {"arch": "x86\x1b"}, "profile-number": {"profiles": [1]},
                         "profile-with-a-control": {"profiles": ["a\nb"]},
                         "too-many-profiles": {"profiles": ["p"] * 65},
                         "too-many-labels": {"labels": {f"l{i}": "" for i in range(65)}},
                         "label-too-long": {"labels": {"l": "x" * 256}},
                         "label-name-with-a-control": {"labels": {"a\tb": "x"}}}.items():
        bad(f"capabilities-{name}", "At most 64 of each, of at most 255 bytes, without control characters.",
            capabilities=about | change)
    for name, change in {"cores-0": {"cores": 0}, "cores-beyond-65536": {"cores": 65537},
                         "cores-as-a-string": {"cores": "4"}, "memory-0": {"memoryMib": 0},
                         "memory-beyond-2-to-the-32": {"memoryMib": 2**32},
                         "cpu-number": {"cpu": [1]}, "cpu-empty-name": {"cpu": [""]},
                         "too-many-cpu-features": {"cpu": ["f"] * 65},
                         "policy-unknown": {"policy": "closed"}, "policy-null": {"policy": None}}.items():
        bad(f"capabilities-{name}", "What is there keeps to its form.", capabilities=about | change)
    bad("revoked-at-a-bad-time", "The form of job.md section 1.6.",
        revoked=[revocation(ALPHA.old_receipt, "2026-09-01")])
    bad("capabilities-label-number", "Labels are strings.",
        capabilities=ALPHA.card()["capabilities"] | {"labels": {"cores": 2}})
    bad("revoked-twice", "A key is revoked once.",
        revoked=[revocation(ALPHA.old_receipt, "2026-09-01T00:00:00Z"),
                 revocation(ALPHA.old_receipt, "2026-09-02T00:00:00Z")])
    bad("revoked-identity", "An identity is blocked, not revoked.",
        revoked=[revocation(ALPHA.identity, "2026-09-01T00:00:00Z")])
    bad("revoked-size-beyond-2-to-the-63", "No log is that large.",
        revoked=[revocation(ALPHA.old_receipt, "2026-09-01T00:00:00Z", str(2**63))])
    bad("revoked-size-as-a-number", "A count of entries is a decimal string.",
        revoked=[revocation(ALPHA.old_receipt, "2026-09-01T00:00:00Z", 8)])
    bad("revoked-without-at", "Since when.", revoked=[{"key": ALPHA.receipt.public.hex()}])

    def bad_keys(name, why, change):
        c.add(name, "trust 3", why, ALPHA.sign_card(with_keys(change)), MALFORMED)

    bad_keys("key-twice-for-one-use", "No key twice.", lambda keys: keys.append(dict(keys[0])))
    bad_keys("key-for-two-uses", "One key must not serve two uses.",
             lambda keys: keys[3].update(key=keys[0]["key"]))
    bad_keys("key-is-the-identity", "The identity key has a use already.",
             lambda keys: keys[0].update(key=ALPHA.identity.public.hex()))
    bad_keys("key-with-an-unknown-use", "Three uses.", lambda keys: keys[0].update(use="sign"))
    bad_keys("key-use-in-another-case", "Byte for byte.", lambda keys: keys[0].update(use="Receipt"))
    bad_keys("key-ends-before-it-begins", "`from` is not after `to`.",
             lambda keys: keys[0].update(to="2026-09-30T00:00:00Z"))
    bad_keys("log-key-without-origin", "The origin belongs to a log key.",
             lambda keys: keys[2].pop("origin"))
    bad_keys("receipt-key-with-origin", "And to no other.",
             lambda keys: keys[0].update(origin=ALPHA.origin))
    bad_keys("origin-with-a-blank", "An origin has no blanks.",
             lambda keys: keys[2].update(origin="a b"))
    bad_keys("origin-with-plus", "Nor a plus sign.", lambda keys: keys[2].update(origin="a+b"))
    bad_keys("origin-with-a-line-feed", "It is one line.", lambda keys: keys[2].update(origin="a\nb"))
    bad_keys("origin-empty", "It is not empty.", lambda keys: keys[2].update(origin=""))
    bad_keys("origin-too-long", "At most 255 bytes.", lambda keys: keys[2].update(origin="o" * 256))
    bad_keys("origin-twice", "Two logs don't share an origin.",
             lambda keys: keys.append(dict(keys[2], key=MALLORY.public.hex())))
    bad_keys("key-unknown-member", "Nothing else.", lambda keys: keys[0].update(comment="x"))

    text = compact(ALPHA.card())
    for name, why, changed in [
            ("duplicate-member", "No name twice.", text.replace(b'"version":2', b'"version":2,"version":2')),
            ("duplicate-member-larger-version", "Which one counts would be a matter of the parser.",
             text.replace(b'"version":2', b'"version":2,"version":3')),
            ("version-with-a-fraction", "2.0 is no integer here.",
             text.replace(b'"version":2', b'"version":2.0')),
            ("version-with-an-exponent", "Nor is 2e0.", text.replace(b'"version":2', b'"version":2e0')),
            ("byte-order-mark-in-the-payload", "No mark.", b"\xef\xbb\xbf" + text),
            ("lone-surrogate-in-the-name", "No surrogates.", text.replace(b"node alpha", b"\\ud800")),
            ("payload-is-an-array", "An object.", b"[" + text + b"]"),
            ("payload-is-empty", "An object.", b"")]:
        c.add(name, "trust 3", why, ALPHA.sign_card(changed), MALFORMED)


def envelope_cases(c):
    payload = compact(ALPHA.card())
    good = json.loads(ALPHA.sign_card(payload))
    keyid, sig = good["signatures"][0]["keyid"], base64.b64decode(good["signatures"][0]["sig"])

    def bad(name, why, value, outcome=MALFORMED):
        c.add(name, "receipt 1", why, value if isinstance(value, bytes) else compact(value), outcome)

    bad("larger-than-64-kib", "Blanks count too.", compact(good) + b" " * 65536)
    bad("not-json", "Not even JSON.", b"ssh-ed25519 AAAA")
    bad("payload-bare", "A card comes in an envelope.", payload)
    bad("payload-type-of-receipts", "Another type, rightly signed.",
        signed(payload, ALPHA.identity, IN_TOTO_TYPE))
    bad("payload-type-changed", "Signed as a receipt, shown as a card.",
        envelope(payload, [(keyid, ALPHA.identity.sign(pae(payload, IN_TOTO_TYPE)))], CARD_TYPE),
        SIGNATURE)
    bad("no-signature", "Exactly one.", good | {"signatures": []})
    bad("two-signatures", "Exactly one.", good | {"signatures": good["signatures"] * 2})
    bad("envelope-unknown-member", "Nothing else.", good | {"comment": "x"})
    bad("envelope-member-in-another-case", "Byte for byte.",
        {"payloadtype": good["payloadType"], "payload": good["payload"],
         "signatures": good["signatures"]})
    bad("keyid-in-hex", "A fingerprint.", envelope(payload, [(ALPHA.identity.public.hex(), sig)], CARD_TYPE))
    bad("keyid-of-another-key", "It is a hint that nobody looks at.",
        envelope(payload, [(fingerprint(MALLORY.public), sig)], CARD_TYPE), ACCEPTED)
    bad("signature-63-bytes", "64 bytes.", envelope(payload, [(keyid, sig[:63])], CARD_TYPE))
    bad("signature-65-bytes", "64 bytes.", envelope(payload, [(keyid, sig + b"\0")], CARD_TYPE))
    bad("url-safe-base64", "Either alphabet is read.",
        envelope(payload, [(keyid, sig)], CARD_TYPE,
                 encode=lambda data: base64.urlsafe_b64encode(data).decode()), ACCEPTED)
    bad("unpadded-base64", "With padding.",
        good | {"signatures": [{"keyid": keyid, "sig": b64(sig).rstrip("=")}]})

    bad("signed-by-another-key", "Somebody else's card for this identity.",
        envelope(payload, [(keyid, MALLORY.sign(pae(payload, CARD_TYPE)))], CARD_TYPE), SIGNATURE)
    bad("signed-by-its-receipt-key", "Only the identity key signs cards.",
        envelope(payload, [(keyid, ALPHA.receipt.sign(pae(payload, CARD_TYPE)))], CARD_TYPE), SIGNATURE)
    other = compact(ALPHA.card(name="changed"))
    bad("changed-after-signing", "The payload is another.",
        envelope(other, [(keyid, sig)], CARD_TYPE), SIGNATURE)
    bad("signature-prehashed", "Ed25519ph is another algorithm.",
        envelope(payload, [(keyid, ALPHA.identity.sign_prehashed(pae(payload, CARD_TYPE)))], CARD_TYPE),
        SIGNATURE)
    bad("signature-s-not-reduced", "S is below the order.",
        envelope(payload, [(keyid, ed25519.with_order_added(sig))], CARD_TYPE), SIGNATURE)
    neutral = ed25519.encode(ed25519.NEUTRAL)
    for name, identity in [("neutral", neutral), ("zero", bytes(32))]:
        weak = compact(ALPHA.card(identity=identity.hex()))
        bad(f"identity-of-small-order-{name}", "Under such a key a signature of zeros is right to a lax verifier.",
            envelope(weak, [(fingerprint(identity), neutral + bytes(32))], CARD_TYPE), SIGNATURE)


def order_cases(c):
    def card(version, **changes):
        return ALPHA.sign_card(ALPHA.card(version=version, **changes))

    def add(name, why, *args, **kwargs):
        c.add(name, "trust 3", why, *args, **kwargs)

    add("newer-than-the-previous", "A larger version.", card(3), ACCEPTED, previous=card(2))
    add("much-newer-than-the-previous", "Versions may be left out.", card(900), ACCEPTED, previous=card(2))
    add("same-as-the-previous", "The same card again.", card(2), ACCEPTED, previous=card(2))
    url = json.loads(card(2))
    url["signatures"][0]["keyid"] = fingerprint(MALLORY.public)
    add("same-payload-other-hint", "What is not signed does not make another card.", compact(url),
        ACCEPTED, previous=card(2))
    add("older-than-the-previous", "A smaller version.", card(1), ROLLBACK, previous=card(2))
    add("other-card-of-the-same-version", "Two cards with one version.",
        card(2, name="node gamma"), CONFLICT, previous=card(2))
    spaced = ALPHA.sign_card(json.dumps(ALPHA.card(version=2)).encode())
    add("same-members-other-bytes", "What is signed is the bytes.", spaced, CONFLICT, previous=card(2))
    add("newer-issued-but-older-version", "The version counts, not the time.",
        card(1, issued="2026-11-01T00:00:00Z"), ROLLBACK, previous=card(2))
    add("previous-of-another-node", "Each identity has versions of its own.", card(1), ACCEPTED,
        previous=BETA.sign_card(BETA.card(version=9)))
    add("known-version-older", "Newer than the trust file remembers.", card(3), ACCEPTED, known=2)
    add("known-version-same", "As the trust file remembers, and no card kept to compare.", card(2),
        ACCEPTED, known=2)
    add("known-version-newer", "The folder of cards was lost; the trust file was not.", card(1),
        ROLLBACK, known=2)
    add("known-version-newer-than-the-previous", "The larger of both counts.", card(3), ROLLBACK,
        previous=card(2), known=4)
    add("previous-newer-than-the-known-version", "Likewise.", card(3), ROLLBACK, previous=card(4), known=2)
    add("older-and-badly-signed", "The signature is looked at before the version.",
        signed(compact(ALPHA.card(version=1)), MALLORY, CARD_TYPE), SIGNATURE, previous=card(2))


def make():
    cases = Cases()
    c = CardCases(cases)
    form_cases(c)
    envelope_cases(c)
    order_cases(c)
    return {
        "format": "plasm-vectors/card/v1",
        "description": "Node cards and the order in which they are accepted: spec/trust.md section 3.",
        "cases": cases.list,
    }
