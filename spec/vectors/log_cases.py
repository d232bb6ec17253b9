"""log.json: the tree, notes, checkpoints, proof files, policies, tiles."""
import hashlib

import ed25519
import merkle
from cases import Cases, put
from formats import b64, key, sha256
from notes import (COSIGNATURE, checkpoint_text, cosignature_line, cosignature_message, key_id,
                   line, log_line, proof_file, vkey)
from world import ALPHA, MALLORY, NOW, NOW_SECONDS, WITNESSES

ORIGIN = ALPHA.origin
LOG = ALPHA.log
VKEY = vkey(ORIGIN, LOG.public)


def entry(i):
    return f"entry {i}\n".encode()


LEAVES = [merkle.leaf_hash(entry(i)) for i in range(300)]


def hashes(proof):
    return [b64(h) for h in proof]


def flipped(data):
    return bytes([data[0] ^ 1]) + data[1:]


def tree_cases(cases):
    for size in range(41):
        cases.add(f"root-{size}", "RFC 6962 2.1", f"Entry i is `entry i` and a line feed; {size} of them.",
                  kind="root", size=size, root=b64(merkle.root(LEAVES[:size])))
    cases.add("root-300", "RFC 6962 2.1", "More than one tile.", kind="root", size=300,
              root=b64(merkle.root(LEAVES)))

    def inclusion(name, why, index, size, leaf, proof, root, valid):
        cases.add(name, "RFC 9162 2.1.3.2", why, kind="inclusion", index=str(index), size=str(size),
                  leaf_hash=b64(leaf), hashes=hashes(proof), root=b64(root), valid=valid)

    for size in (1, 2, 3, 5, 7, 8, 13, 32, 33):
        root = merkle.root(LEAVES[:size])
        for index in sorted({0, size // 2, size - 1}):
            inclusion(f"inclusion-{index}-of-{size}", "A right proof.", index, size, LEAVES[index],
                      merkle.inclusion_proof(index, LEAVES[:size]), root, True)
    root = merkle.root(LEAVES[:13])
    good = merkle.inclusion_proof(5, LEAVES[:13])
    inclusion("inclusion-other-index", "The proof is for another place.", 4, 13, LEAVES[5], good, root, False)
    inclusion("inclusion-other-leaf", "And for another entry.", 5, 13, LEAVES[4], good, root, False)
    inclusion("inclusion-other-size", "And for another size, where its shape differs.", 5, 40, LEAVES[5],
              good, root, False)
    inclusion("inclusion-other-size-of-the-same-shape",
              "A proof alone does not fix the size: the signed checkpoint does.", 5, 16, LEAVES[5], good,
              root, True)
    inclusion("inclusion-index-is-the-size", "Counted from 0.", 13, 13, LEAVES[12],
              merkle.inclusion_proof(12, LEAVES[:13]), root, False)
    inclusion("inclusion-index-above-the-size", "Not in the tree.", 2**63, 13, LEAVES[5], good, root, False)
    inclusion("inclusion-of-an-empty-tree", "Nothing is in it.", 0, 0, LEAVES[0], [],
              merkle.root([]), False)
    inclusion("inclusion-hash-missing", "One hash too few.", 5, 13, LEAVES[5], good[:-1], root, False)
    inclusion("inclusion-first-hash-missing", "One hash too few.", 5, 13, LEAVES[5], good[1:], root, False)
    inclusion("inclusion-hash-left-over", "One hash too many.", 5, 13, LEAVES[5], good + [root], root, False)
    inclusion("inclusion-hashes-swapped", "In order from the leaf.", 5, 13, LEAVES[5],
              [good[1], good[0]] + good[2:], root, False)
    inclusion("inclusion-bit-flipped", "One bit.", 5, 13, LEAVES[5], [flipped(good[0])] + good[1:], root, False)
    inclusion("inclusion-no-hashes", "A leaf is no root.", 5, 13, LEAVES[5], [], root, False)
    inclusion("inclusion-leaf-is-the-root-of-more", "A root in place of a leaf.", 0, 13, root, [], root, False)
    inclusion("inclusion-single-with-a-hash", "A tree of one has no hashes.", 0, 1, LEAVES[0],
              [LEAVES[1]], merkle.root(LEAVES[:2]), False)
    # A node of the tree shown as an entry: its two children as the bytes of a leaf.
    left = merkle.node_hash(LEAVES[0], LEAVES[1])
    forged = merkle.leaf_hash(b"\1" + LEAVES[0] + LEAVES[1])
    four = merkle.root(LEAVES[:4])
    right = merkle.node_hash(LEAVES[2], LEAVES[3])
    inclusion("inclusion-node-as-a-leaf", "0x00 before a leaf, 0x01 before a node: they can't be mistaken.",
              0, 2, forged, [right], four, False)
    inclusion("inclusion-of-a-node-by-its-hash",
              "A verifier that is handed a leaf hash can't tell; so it takes entries, and hashes them itself.",
              0, 2, left, [right], four, True)
    for size, index, why in [(2**63 - 1, 0, "The largest size."),
                             (2**63 - 1, 2**63 - 2, "Its last entry.")]:
        proof = [hashlib.sha256(b"sibling %d" % i).digest()
                 for i in range(merkle.inclusion_length(index, size))]
        inclusion(f"inclusion-{index}-of-the-largest", why, index, size, LEAVES[0], proof,
                  merkle.root_from_inclusion(index, size, LEAVES[0], proof), True)

    def consistency(name, why, old, old_root, size, new_root, proof, valid):
        cases.add(name, "RFC 9162 2.1.4.2", why, kind="consistency", old_size=str(old),
                  old_root=b64(old_root), size=str(size), root=b64(new_root), hashes=hashes(proof),
                  valid=valid)

    def root_of(size):
        return merkle.root(LEAVES[:size])

    for old, size in [(1, 2), (1, 13), (2, 3), (3, 7), (4, 7), (6, 7), (7, 8), (8, 13), (12, 13),
                      (13, 40), (16, 40), (32, 40), (39, 40), (255, 256), (256, 300)]:
        consistency(f"consistency-{old}-to-{size}", "A right proof.", old, root_of(old), size, root_of(size),
                    merkle.consistency_proof(old, LEAVES[:size]), True)
    consistency("consistency-same-size", "No hashes, one root.", 13, root_of(13), 13, root_of(13), [], True)
    consistency("consistency-same-size-two-roots", "Equivocation.", 13, root_of(13), 13, root_of(12), [], False)
    consistency("consistency-same-size-with-a-hash", "Nothing to prove.", 13, root_of(13), 13, root_of(13),
                [root_of(1)], False)
    consistency("consistency-from-nothing", "An empty tree is the beginning of every tree.", 0, root_of(0), 13,
                root_of(13), [], True)
    consistency("consistency-from-nothing-with-a-hash", "By no hashes.", 0, root_of(0), 13, root_of(13),
                [root_of(13)], False)
    consistency("consistency-from-nothing-with-a-root", "The root of no entries is the digest of no bytes.",
                0, root_of(1), 13, root_of(13), [], False)
    proof = merkle.consistency_proof(6, LEAVES[:13])
    consistency("consistency-to-smaller", "A log does not shrink.", 13, root_of(13), 6, root_of(6), proof, False)
    consistency("consistency-hash-missing", "One too few.", 6, root_of(6), 13, root_of(13), proof[:-1], False)
    consistency("consistency-hash-left-over", "One too many.", 6, root_of(6), 13, root_of(13),
                proof + [root_of(1)], False)
    consistency("consistency-no-hashes", "None.", 6, root_of(6), 13, root_of(13), [], False)
    consistency("consistency-bit-flipped", "One bit.", 6, root_of(6), 13, root_of(13),
                [flipped(proof[0])] + proof[1:], False)
    other = merkle.root(LEAVES[:5] + [merkle.leaf_hash(b"other\n")])
    consistency("consistency-of-another-past", "An entry was changed.", 6, other, 13, root_of(13), proof, False)
    consistency("consistency-of-another-present", "The new root is not the proof's.", 6, root_of(6), 13,
                root_of(12), proof, False)
    consistency("consistency-other-old-size", "Another size.", 5, root_of(6), 13, root_of(13), proof, False)


def note_cases(cases):
    name, signer = "example.com/plasm", key("note signer")
    verifier = vkey(name, signer.public)
    other = key("another note signer")
    text = "Two lines,\nand this is the second.\n"

    def sign(t, n=name, s=signer):
        return log_line(t, n, s)

    def vk(title, why, value, **parsed):
        case = cases.add(title, "signed-note, Verifier keys", why, kind="vkey")
        put(case, "vkey", value)
        case["valid"] = bool(parsed)
        case.update(parsed)

    vk("vkey-log", "Type 1.", verifier, name_text=name, key_id=key_id(name, signer.public).hex(), type=1,
       public_key=signer.public.hex())
    vk("vkey-witness", "Type 4.", vkey("w.example/1", other.public, COSIGNATURE), name_text="w.example/1",
       key_id=key_id("w.example/1", other.public, COSIGNATURE).hex(), type=4, public_key=other.public.hex())
    vk("vkey-published-example", "The one of the specification.",
       "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
       name_text="example.com/foo", key_id="530d903a", type=1,
       public_key="e932791ae6e7a840a46164c904786426d5e7821dd8b29a00d61cae72afdd4da4")
    base, ident, data = verifier.split("+", 2)
    vk("vkey-wrong-key-id", "The id is a digest of name and key.", f"{base}+00000000+{data}")
    vk("vkey-name-changed", "Likewise.", f"example.com/other+{ident}+{data}")
    vk("vkey-id-of-the-other-type", "The type is in the id.",
       f"{name}+{key_id(name, signer.public, COSIGNATURE).hex()}+{data}")
    assert ident.upper() != ident
    vk("vkey-id-in-upper-case", "Lower case.", f"{name}+{ident.upper()}+{data}")
    vk("vkey-without-name", "A name is not empty.", f"+{ident}+{data}")
    vk("vkey-name-with-a-blank", "No blanks.", vkey("a b", signer.public))
    vk("vkey-name-with-an-em-space", "Not Unicode's either.", vkey("a\u2003b", signer.public))
    vk("vkey-two-parts", "Three parts.", f"{name}+{ident}")
    vk("vkey-key-cut-short", "32 bytes.", vkey(name, signer.public[:31]))
    vk("vkey-key-too-long", "32 bytes.", vkey(name, signer.public + b"\0"))
    vk("vkey-with-padding-left-over", "33 bytes need none.", verifier + "=")
    vk("vkey-with-a-line-feed", "One line.", verifier + "\n")
    vk("vkey-empty", "Nothing.", "")

    def note(title, why, data, outcome, verifiers=(verifier,), signers=(name,)):
        """`outcome`: verified; unsigned, by no known key; refused, a known key's signature is wrong;
        malformed."""
        case = cases.add(title, "signed-note", why, kind="note")
        put(case, "note", data)
        case["verifiers"] = list(verifiers)
        case["outcome"] = outcome
        if outcome == "verified":
            case["signers"] = list(signers)

    good = text + "\n" + sign(text)
    note("note-verified", "One signature by a known key.", good, "verified")
    note("note-published-example", "The one of the specification.",
         "This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ON"
         "ncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n", "verified",
         ["example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"], ["example.com/foo"])
    other_vkey = vkey("other.example/log", other.public)
    both = good + sign(text, "other.example/log", other)
    note("note-by-two-keys", "Both known.", both, "verified", [verifier, other_vkey],
         [name, "other.example/log"])
    note("note-unknown-signature-ignored", "One of the two is known.", both, "verified")
    note("note-by-unknown-keys", "None is known.", good, "unsigned", [other_vkey])
    note("note-same-name-other-key", "The name alone says nothing.", text + "\n" + sign(text, name, other),
         "unsigned")
    wrong = line(name, key_id(name, signer.public), other.sign(text.encode()))
    note("note-known-key-wrong-signature", "Name and id are known, the signature is not the key's.",
         text + "\n" + wrong, "refused")
    note("note-right-and-wrong-signature", "One right signature does not help a wrong one.",
         text + "\n" + sign(text, "other.example/log", other) + wrong, "refused", [verifier, other_vkey])
    note("note-signature-twice", "The same line again.", good + sign(text), "verified")
    note("note-text-changed", "The text is another.", good.replace("Two", "Too"), "refused")
    lines = "Text\n\nwith an empty line\n"
    note("note-with-empty-lines", "The last empty line ends the text.", lines + "\n" + sign(lines), "verified")
    for title, why, data in [
            ("empty", "Nothing.", ""),
            ("without-signatures", "At least one.", text + "\n"),
            ("without-the-empty-line", "Text and signatures are apart.", text + sign(text)),
            ("without-the-last-line-feed", "Every line has one.", good[:-1]),
            ("with-a-line-after-the-signatures", "Signature lines alone.", good + "more\n"),
            ("with-a-hyphen-for-a-dash", "An em dash.", good.replace("\u2014", "-")),
            ("with-two-blanks", "One blank.", good.replace("\u2014 ", "\u2014  ")),
            ("with-carriage-returns", "No control characters.", good.replace("\n", "\r\n")),
            ("with-a-tab", "No control characters.", "a\tb\n\n" + sign("a\tb\n")),
            ("with-nul", "No control characters.", "a\0b\n\n" + sign("a\0b\n")),
            ("not-utf8", "UTF-8.", b"a\xffb\n\n" + good.split("\n\n")[1].encode()),
            ("with-bad-base64", "Base64 of section 4.", good[:-5] + "%%%%\n"),
            ("with-unpadded-base64", "With padding.", text + "\n" + sign(text).replace("=", "")),
            ("with-a-signature-of-4-bytes", "An id and a signature.",
             text + "\n" + line(name, key_id(name, signer.public), b"")),
            ("with-a-signature-of-3-bytes", "Not even an id.", text + "\n" + line(name, b"abc", b"")),
            ("with-an-empty-name", "A name is not empty.", text + "\n" + line("", b"abcd", bytes(64))),
            ("with-plus-in-a-name", "No plus.", text + "\n" + sign(text) + line("a+b", b"abcd", bytes(64)))]:
        note(f"note-{title}", why, data, "malformed")
    note("note-of-16-signatures", "At least 16 are read.",
         good + "".join(line(f"unknown{i}.example", b"abcd", bytes(64)) for i in range(15)), "verified")
    note("note-signature-63-bytes", "A known key's signature is 64 bytes.",
         text + "\n" + line(name, key_id(name, signer.public), signer.sign(text.encode())[:63]), "refused")
    note("note-signature-s-not-reduced", "S is below the order.",
         text + "\n" + line(name, key_id(name, signer.public),
                            ed25519.with_order_added(signer.sign(text.encode()))), "refused")
    zero = bytes(32)
    note("note-key-of-small-order", "A key that verifies everything verifies nothing.",
         text + "\n" + line("z", key_id("z", zero), ed25519.encode(ed25519.NEUTRAL) + bytes(32)), "refused",
         [vkey("z", zero)])


def checkpoint_cases(cases):
    root = merkle.root(LEAVES[:13])
    text = checkpoint_text(ORIGIN, 13, root)

    def body(title, why, data, **parsed):
        case = cases.add(f"checkpoint-{title}", "tlog-checkpoint", why, kind="checkpoint")
        put(case, "text", data)
        case["valid"] = bool(parsed)
        case.update(parsed)

    body("good", "Three lines.", text, origin=ORIGIN, size="13", root=b64(root), extensions=[])
    body("with-extensions", "More lines are taken and ignored.", text + "one\ntwo words\n", origin=ORIGIN,
         size="13", root=b64(root), extensions=["one", "two words"])
    body("of-nothing", "Size 0 and the root of no entries.", checkpoint_text(ORIGIN, 0, merkle.root([])),
         origin=ORIGIN, size="0", root=b64(merkle.root([])), extensions=[])
    body("largest", "2^63 - 1.", checkpoint_text(ORIGIN, 2**63 - 1, root), origin=ORIGIN,
         size=str(2**63 - 1), root=b64(root), extensions=[])
    for title, why, data in [
            ("two-lines", "Three at least.", f"{ORIGIN}\n13\n"),
            ("without-origin", "A line is not empty.", checkpoint_text("", 13, root)),
            ("with-a-leading-zero", "One form for a number.", text.replace("\n13\n", "\n013\n")),
            ("with-a-sign", "Digits alone.", text.replace("\n13\n", "\n+13\n")),
            ("of-negative-size", "Digits alone.", text.replace("\n13\n", "\n-1\n")),
            ("of-hex-size", "Decimal.", text.replace("\n13\n", "\n0xd\n")),
            ("of-size-two-to-the-63", "At most 2^63 - 1.", checkpoint_text(ORIGIN, 2**63, root)),
            ("of-size-two-to-the-64", "Beyond 64 bits.", checkpoint_text(ORIGIN, 2**64 + 13, root)),
            ("with-an-empty-line", "Extension lines are not empty.", text + "\nmore\n"),
            ("with-a-short-root", "32 bytes.", checkpoint_text(ORIGIN, 13, root[:31])),
            ("with-a-long-root", "32 bytes.", checkpoint_text(ORIGIN, 13, root + b"\0")),
            ("with-an-unpadded-root", "With padding.", text.replace("=\n", "\n")),
            ("without-the-last-line-feed", "Every line has one.", text[:-1])]:
        body(title, why, data)

    witness = WITNESSES[0]
    signer = witness.key
    wkey = vkey(witness.name, signer.public, COSIGNATURE)

    def cosignature(title, why, signature_line, outcome, time=None, note_text=text):
        """`outcome`: verified, refused, or unsigned for a line of an unknown key."""
        case = cases.add(f"cosignature-{title}", "tlog-cosignature", why, kind="cosignature")
        put(case, "text", note_text)
        case["line"] = signature_line
        case["witness"] = wkey
        case["outcome"] = outcome
        if time is not None:
            case["time"] = str(time)

    good = cosignature_line(text, witness.name, signer, NOW_SECONDS)
    ident = key_id(witness.name, signer.public, COSIGNATURE)
    message = cosignature_message(text, NOW_SECONDS)
    stamp = NOW_SECONDS.to_bytes(8, "big")
    cosignature("good", "Time and signature.", good, "verified", NOW_SECONDS)
    cosignature("at-time-1", "The first that there is.", cosignature_line(text, witness.name, signer, 1),
                "verified", 1)
    cosignature("at-time-0", "A witness was there at some time.",
                cosignature_line(text, witness.name, signer, 0), "refused")
    extended = text + "extension\n"
    cosignature("with-extensions", "The whole text is signed.",
                cosignature_line(extended, witness.name, signer, 5), "verified", 5, extended)
    cosignature("without-its-time", "A plain signature is no cosignature.",
                line(witness.name, ident, signer.sign(text.encode())), "refused")
    cosignature("time-changed", "The time is signed.",
                line(witness.name, ident, (NOW_SECONDS + 1).to_bytes(8, "big") + signer.sign(message)), "refused")
    cosignature("time-beyond-2-to-the-63", "At most 2^63 - 1.",
                cosignature_line(text, witness.name, signer, 2**63), "refused")
    cosignature("time-little-endian", "Big-endian.",
                line(witness.name, ident, NOW_SECONDS.to_bytes(8, "little") + signer.sign(message)), "refused")
    cosignature("of-another-text", "Another checkpoint.",
                cosignature_line(text.replace("13", "12"), witness.name, signer, NOW_SECONDS), "refused")
    cosignature("without-the-header", "The header keeps it apart from everything else.",
                line(witness.name, ident, stamp + signer.sign(message.split(b"\n", 1)[1])), "refused")
    cosignature("by-another-key", "Not the witness's.",
                line(witness.name, ident, stamp + MALLORY.sign(message)), "refused")
    cosignature("with-the-id-of-a-log-key", "Type 1 is another key.",
                line(witness.name, key_id(witness.name, signer.public), stamp + signer.sign(message)), "unsigned")
    cosignature("under-another-name", "Another key.",
                cosignature_line(text, "w.example", signer, NOW_SECONDS), "unsigned")
    cosignature("one-byte-more", "72 bytes.", line(witness.name, ident, stamp + signer.sign(message) + b"\0"),
                "refused")


def proof_cases(cases):
    target = b"urn:plasm:leaf:v1\nreceipt " + sha256(b"a receipt").encode() + b"\n"
    leaves = LEAVES[:5] + [merkle.leaf_hash(target)] + LEAVES[6:13]
    path = merkle.inclusion_proof(5, leaves)
    text = checkpoint_text(ORIGIN, 13, merkle.root(leaves))
    note = text + "\n" + log_line(text, ORIGIN, LOG)
    policy = policy_text(2)

    def add(title, why, proof, verdict, policy_lines=None, entry_bytes=target, origin=ORIGIN, log_key=VKEY):
        """`verdict`: right, BAD_LOG_PROOF or NOT_WITNESSED."""
        case = cases.add(f"proof-{title}", "log 6", why, kind="proof")
        put(case, "proof", proof)
        put(case, "entry", entry_bytes)
        case["origin"], case["log"] = origin, log_key
        if policy_lines is not None:
            case["policy"] = policy_lines
        case["now"] = NOW
        case["outcome"] = verdict

    good = proof_file(5, path, note)
    RIGHT, BAD, NOT = "right", "BAD_LOG_PROOF", "NOT_WITNESSED"
    add("good", "A proof and a checkpoint.", good, RIGHT)
    add("with-extra", "Extra data is taken and not looked at.", proof_file(5, path, note, b"\0anything"), RIGHT)
    single = checkpoint_text(ORIGIN, 1, merkle.leaf_hash(target))
    add("of-one-entry", "No hashes.", proof_file(0, [], single + "\n" + log_line(single, ORIGIN, LOG)), RIGHT)
    for size in (2**63 - 1, 2**63):
        long_path = [hashlib.sha256(b"sibling %d" % i).digest()
                     for i in range(merkle.inclusion_length(0, size))]
        huge = checkpoint_text(ORIGIN, size, merkle.root_from_inclusion(
            0, size, merkle.leaf_hash(target), long_path))
        add("of-the-largest-size" if size < 2**63 else "of-size-two-to-the-63",
            "63 hashes." if size < 2**63 else "At most 2^63 - 1.",
            proof_file(0, long_path, huge + "\n" + log_line(huge, ORIGIN, LOG)),
            RIGHT if size < 2**63 else BAD)
    empty = checkpoint_text(ORIGIN, 0, merkle.root([]))
    add("of-an-empty-log", "Nothing is in it.", proof_file(0, [], empty + "\n" + log_line(empty, ORIGIN, LOG)), BAD)
    for title, why, proof in [
            ("empty", "Nothing.", ""),
            ("of-another-version", "The first line names the form.", good.replace("@v1", "@v2")),
            ("index-with-a-leading-zero", "One form for a number.", good.replace("index 5", "index 05")),
            ("index-negative", "Digits alone.", good.replace("index 5", "index -5")),
            ("index-beyond-64-bits", "2^64 + 5 is not 5.", good.replace("index 5", f"index {2**64 + 5}")),
            ("index-missing", "It is required.", good.replace("index 5\n", "")),
            ("index-twice", "Once.", good.replace("index 5\n", "index 5\nindex 5\n")),
            ("extra-after-index", "Before it.", good.replace("index 5\n", "index 5\nextra AAAA\n")),
            ("extra-twice", "Once.", good.replace("index 5\n", "extra AAAA\nextra AAAA\nindex 5\n")),
            ("extra-empty", "Left out when there is nothing.", good.replace("index 5\n", "extra \nindex 5\n")),
            ("extra-not-base64", "Base64.", good.replace("index 5\n", "extra ....\nindex 5\n")),
            ("hash-of-31-bytes", "32 bytes.", proof_file(5, [path[0][:31]] + path[1:], note)),
            ("hash-in-the-url-alphabet", "Section 4.", good.replace(b64(path[0]), "_" + b64(path[0])[1:])),
            ("64-hashes", "At most 63.", proof_file(5, [path[0]] * 64, note)),
            ("without-the-empty-line", "Between hashes and checkpoint.", good.replace("\n\n" + ORIGIN, "\n" + ORIGIN)),
            ("without-a-checkpoint", "It is required.", good[:good.index(ORIGIN)]),
            ("carriage-returns", "Line feeds.", good.replace("\n", "\r\n")),
            ("other-index", "Another place.", good.replace("index 5", "index 4")),
            ("index-is-the-size", "Counted from 0.", good.replace("index 5", "index 13")),
            ("hash-missing", "One too few.", proof_file(5, path[:-1], note)),
            ("hash-left-over", "One too many.", proof_file(5, path + [path[0]], note)),
            ("not-signed-by-the-log", "Somebody else's note.", proof_file(5, path, text + "\n" + log_line(text, ORIGIN, MALLORY))),
            ("signed-under-another-name", "The key name is the origin.",
             proof_file(5, path, text + "\n" + log_line(text, "other.example", LOG))),
            ("log-signature-wrong", "Its name, its id, not its signature.",
             proof_file(5, path, text + "\n" + line(ORIGIN, key_id(ORIGIN, LOG.public), MALLORY.sign(text.encode())))),
            ("two-log-signatures-one-wrong", "A wrong one of a known key refuses the note.",
             proof_file(5, path, note + line(ORIGIN, key_id(ORIGIN, LOG.public), MALLORY.sign(text.encode()))))]:
        add(title, why, proof, BAD)
    add("larger-than-64-kib", "Extra data counts too.", proof_file(5, path, note, bytes(49152)), BAD)
    add("of-another-entry", "Another receipt.", good, BAD, entry_bytes=target.replace(b"receipt ", b"receipt 0", 1))
    other = text.replace(ORIGIN, "other.example/log")
    add("of-another-origin", "Signed by the key, for another log.",
        proof_file(5, path, other + "\n" + log_line(other, ORIGIN, LOG)), BAD)
    add("of-another-origin-and-name", "Likewise.",
        proof_file(5, path, other + "\n" + log_line(other, "other.example/log", LOG)), BAD)
    node_text = b"\1" + leaves[4] + leaves[5]
    add("node-as-an-entry", "Two hashes of the tree, shown as an entry.", proof_file(2, path[1:], note), BAD,
        entry_bytes=node_text)

    def witnessed(*lines):
        return proof_file(5, path, note + "".join(lines))

    w = [cosignature_line(text, x.name, x.key, NOW_SECONDS - 10 + i) for i, x in enumerate(WITNESSES)]
    add("witnessed", "Two of three.", witnessed(w[0], w[2]), RIGHT, policy)
    add("witnessed-by-all", "Three of three.", witnessed(*w), RIGHT, policy)
    add("witnessed-by-one", "One of two.", witnessed(w[1]), NOT, policy)
    add("witnessed-by-nobody", "None of two.", good, NOT, policy)
    add("witnessed-twice-by-one", "One key counts once.",
        witnessed(w[0], cosignature_line(text, WITNESSES[0].name, WITNESSES[0].key, NOW_SECONDS)), NOT, policy)
    add("witnessed-twice-under-two-names", "The second name is nobody's.",
        witnessed(w[0], cosignature_line(text, "other.example/w", WITNESSES[0].key, NOW_SECONDS)), NOT, policy)
    add("witnessed-by-a-stranger", "And a stranger.",
        witnessed(w[0], cosignature_line(text, "mallory.example/w", MALLORY, NOW_SECONDS)), NOT, policy)
    add("witnessed-same-name-other-key", "A known name with an unknown key.",
        witnessed(w[0], cosignature_line(text, WITNESSES[1].name, MALLORY, NOW_SECONDS)), NOT, policy)
    add("witnessed-in-five-minutes", "Clocks differ a little.",
        witnessed(w[0], cosignature_line(text, WITNESSES[1].name, WITNESSES[1].key, NOW_SECONDS + 300)), RIGHT, policy)
    add("witnessed-in-the-future", "Not more than five minutes.",
        witnessed(w[0], cosignature_line(text, WITNESSES[1].name, WITNESSES[1].key, NOW_SECONDS + 301)), NOT, policy)
    wrong = line(WITNESSES[1].name, key_id(WITNESSES[1].name, WITNESSES[1].key.public, COSIGNATURE),
                 NOW_SECONDS.to_bytes(8, "big") + MALLORY.sign(cosignature_message(text, NOW_SECONDS)))
    add("witness-signature-wrong", "A witness that the policy knows is a known key.", witnessed(w[0], w[2], wrong),
        BAD, policy)
    add("witness-signature-wrong-without-a-policy", "Without the policy it is a stranger's line.", witnessed(wrong),
        RIGHT)
    add("policy-of-another-log", "The log is not one of the policy's.", witnessed(*w), BAD,
        policy_text(2, log=vkey("other.example/log", MALLORY.public)))
    add("policy-of-the-origin-with-another-key", "Nor is this key.", witnessed(*w), BAD,
        policy_text(2, log=vkey(ORIGIN, MALLORY.public)))
    add("policy-without-logs", "The log is known from elsewhere.", witnessed(*w), RIGHT, policy_text(2, log=None))
    add("policy-without-quorum", "`none`: a proof is enough.", good, RIGHT, f"log {VKEY}\nquorum none\n")


def policy_text(threshold, log=VKEY):
    lines = [f"log {log}"] if log else []
    lines += [f"witness w{i + 1} {vkey(w.name, w.key.public, COSIGNATURE)}" for i, w in enumerate(WITNESSES)]
    lines += [f"group quorate {threshold} w1 w2 w3", "quorum quorate"]
    return "".join(text + "\n" for text in lines)


def policy_cases(cases):
    wkeys = [vkey(w.name, w.key.public, COSIGNATURE) for w in WITNESSES]
    three = "".join(f"witness w{i + 1} {k}\n" for i, k in enumerate(wkeys))

    def quorum(title, why, policy, *sets):
        """Each of `sets`: the witnesses that cosigned, and whether that is enough."""
        case = cases.add(f"policy-{title}", "tlog-policy", why, kind="policy")
        put(case, "policy", policy)
        case["valid"] = True
        case["quorum"] = [{"witnesses": names.split(), "satisfied": enough} for names, enough in sets]

    def bad(title, why, policy):
        case = cases.add(f"policy-{title}", "tlog-policy", why, kind="policy")
        put(case, "policy", policy)
        case["valid"] = False

    quorum("none", "No cosignature is asked for.", "quorum none\n", ("", True))
    quorum("one-witness", "A witness by its name.", three + "quorum w2\n", ("w2", True), ("w1 w3", False),
           ("", False), ("w1 w2 w3", True))
    quorum("any", "One of them.", three + "group g any w1 w2\nquorum g\n", ("w1", True), ("w2", True),
           ("w3", False), ("", False))
    quorum("all", "All of them.", three + "group g all w1 w2\nquorum g\n", ("w1", False), ("w1 w2", True),
           ("w1 w3", False))
    quorum("two-of-three", "A number of them.", policy_text(2), ("w1 w2", True), ("w2 w3", True), ("w1", False),
           ("w1 w2 w3", True))
    quorum("nested", "A group of groups.", three + "group a 1 w1 w2\ngroup b all a w3\nquorum b\n", ("w1 w3", True),
           ("w1 w2", False), ("w3", False), ("w2 w3", True))
    quorum("group-that-does-not-count", "The quorum names one of two groups.",
           three + "group a all w1 w2\ngroup b any w3\nquorum a\n", ("w1 w2", True), ("w3", False))
    quorum("comments-and-blanks", "Tabs, blanks, comments, empty lines.",
           f"# policy\n\n \t \n  # more\n\twitness \t w1  {wkeys[0]}  \nquorum\tw1\n", ("w1", True), ("", False))
    quorum("urls", "A URL may follow a key.",
           f"log {VKEY} https://log.example/\nwitness w1 {wkeys[0]} https://w.example/\nquorum w1\n", ("w1", True))
    quorum("logs-alone", "Two logs.",
           f"log {VKEY}\nlog {vkey('other.example', MALLORY.public)}\nquorum none\n", ("", True))
    quorum("name-not-ascii", "Names are octets.", f"witness \u212a {wkeys[0]}\nquorum \u212a\n".encode(), ("\u212a", True))

    bad("empty", "One quorum line.", "")
    bad("without-quorum", "One quorum line.", three)
    bad("two-quorums", "One quorum line.", three + "quorum w1\nquorum w2\n")
    bad("quorum-of-nobody", "Defined before.", three + "quorum w4\n")
    bad("quorum-before-its-witness", "Defined before.", "quorum w1\n" + three)
    bad("quorum-of-two-names", "One name.", three + "quorum w1 w2\n")
    bad("group-before-its-witness", "Defined before.", "group g any w1\n" + three + "quorum g\n")
    bad("group-of-itself", "No circles.", three + "group g any g w1\nquorum g\n")
    bad("group-of-none", "`none` is no member.", three + "group g any none\nquorum g\n")
    bad("group-empty", "At least one member.", three + "group g any\nquorum g\n")
    bad("group-threshold-0", "At least 1.", three + "group g 0 w1 w2\nquorum g\n")
    bad("group-threshold-too-large", "At most the members.", three + "group g 3 w1 w2\nquorum g\n")
    bad("group-threshold-negative", "Digits.", three + "group g -1 w1 w2\nquorum g\n")
    bad("group-threshold-leading-zero", "One form for a number.", three + "group g 02 w1 w2\nquorum g\n")
    bad("group-threshold-beyond-64-bits", "2^64 + 1 is not 1.", three + f"group g {2**64 + 1} w1 w2\nquorum g\n")
    bad("group-member-twice", "It would count twice.", three + "group g 2 w1 w1 w2\nquorum g\n")
    bad("member-of-two-groups", "Each name is a member once, in one group: it counts in one way.",
        three + "group a any w1\ngroup b any w1\ngroup c 2 a b\nquorum c\n")
    bad("name-twice", "Names are unique.", f"witness w1 {wkeys[0]}\nwitness w1 {wkeys[1]}\nquorum w1\n")
    bad("group-named-as-a-witness", "One namespace.", three + "group w1 any w2\nquorum w1\n")
    bad("witness-named-none", "`none` is taken.", f"witness none {wkeys[0]}\nquorum none\n")
    bad("group-named-none", "`none` is taken.", three + "group none any w1\nquorum none\n")
    again = vkey("again.example/w", WITNESSES[0].key.public, COSIGNATURE)
    bad("one-key-two-witnesses", "One key would reach a threshold of two.",
        f"witness w1 {wkeys[0]}\nwitness again {again}\ngroup g 2 w1 again\nquorum g\n")
    bad("one-key-two-logs", "Duplicate logs.", f"log {VKEY}\nlog {vkey('again.example', LOG.public)}\nquorum none\n")
    bad("log-with-a-witness-key-type", "Type 1 for logs.", f"log {wkeys[0]}\nquorum none\n")
    bad("witness-with-a-log-key-type", "Type 4 for witnesses.",
        f"witness w1 {vkey(WITNESSES[0].name, WITNESSES[0].key.public)}\nquorum w1\n")
    bad("vkey-with-a-wrong-id", "A key whose id is not its own.", f"witness w1 {wkeys[0].replace('+', '+0', 1)}\nquorum w1\n")
    bad("unknown-keyword", "Nothing else.", three + "monitor m\nquorum w1\n")
    bad("keyword-in-another-case", "Byte for byte.", three + "Quorum w1\n")
    bad("carriage-returns", "No control characters.", (three + "quorum w1\n").replace("\n", "\r\n"))
    bad("nul", "No control characters.", three + "quorum w1\n#\0\n")
    bad("log-fields-left-over", "A key and perhaps a URL.", f"log {VKEY} https://log.example/ x\nquorum none\n")
    bad("last-line-not-ended", "Every line has a line feed.", three + "quorum w1")
    bad("fields-left-over", "A key and perhaps a URL.", f"witness w1 {wkeys[0]} https://w.example/ x\nquorum w1\n")


def tile_cases(cases):
    def path(title, why, level, index, width, text):
        cases.add(f"tile-path-{title}", "tlog-tiles, Merkle Tree", why, kind="tile-path", level=level,
                  index=str(index), width=width, path=text)

    path("first", "A full tile.", 0, 0, 256, "tile/0/000")
    path("partial", "A partial tile.", 0, 0, 5, "tile/0/000.p/5")
    path("large-index", "Three digits a part.", 1, 1234067, 256, "tile/1/x001/x234/067")
    path("large-partial", "Both.", 0, 1234067, 255, "tile/0/x001/x234/067.p/255")
    path("index-999", "The last of one part.", 0, 999, 256, "tile/0/999")
    path("index-1000", "The first of two.", 0, 1000, 256, "tile/0/x001/000")
    path("entries", "A bundle of entries.", "entries", 273, 112, "tile/entries/273.p/112")
    path("level-7", "A high level.", 7, 0, 127, "tile/7/000.p/127")

    for size in (0, 1, 255, 256, 257, 511, 512, 65535, 65536, 65537, 70000, 2**24, 2**24 + 1, 2**63 - 1):
        tiles, level, rest = [], 0, size
        while rest:
            tiles.append({"level": level, "full": str(rest // 256), "partial_width": rest % 256})
            rest //= 256
            level += 1
        cases.add(f"tiles-of-{size}", "tlog-tiles, Partial Tiles", "Full tiles and the width of the partial one, by level.",
                  kind="tiles", size=str(size), levels=tiles)

    def bundle(title, why, data, width, tile, valid, entries=None):
        case = cases.add(f"bundle-{title}", "tlog-tiles, Log entries", why, kind="bundle", width=width)
        case["bundle_base64"], case["tile_base64"] = b64(data), b64(tile)
        case["valid"] = valid
        if entries is not None:
            case["entries_base64"] = [b64(e) for e in entries]

    entries = [entry(i) for i in range(3)]
    data = b"".join(len(e).to_bytes(2, "big") + e for e in entries)
    tile = b"".join(LEAVES[:3])
    bundle("good", "Each entry hashes to the tile's leaf.", data, 3, tile, True, entries)
    bundle("with-an-empty-entry", "An entry may have no bytes.", b"\0\0", 1, merkle.leaf_hash(b""), True, [b""])
    bundle("cut-short", "The last entry is not whole.", data[:-1], 3, tile, False)
    bundle("half-a-length", "Two bytes of length.", data + b"\0", 3, tile, False)
    bundle("entry-missing", "Three entries.", data[:len(data) - 10], 3, tile, False)
    bundle("entry-left-over", "Three entries.", data + b"\0\1x", 3, tile, False)
    bundle("other-entry", "Not the tile's.", data.replace(b"entry 1", b"entry 9"), 3, tile, False)
    bundle("entries-swapped", "In order.", b"".join(len(e).to_bytes(2, "big") + e for e in reversed(entries)), 3, tile, False)
    bundle("little-endian", "Big-endian lengths.", b"".join(len(e).to_bytes(2, "little") + e for e in entries), 3, tile, False)
    bundle("tile-cut-short", "Three hashes.", data, 3, tile[:-1], False)
    bundle("tile-of-two", "Three hashes.", data, 3, tile[:64], False)
    upper = merkle.root(LEAVES[:256])
    cases.add("tile-level-1", "tlog-tiles, Merkle Tree", "The tile above is made of full tiles only: 300 entries, one hash.",
              kind="tile", size="300", level=1, index="0", width=1, tile_base64=b64(upper))
    cases.add("tile-level-0-partial", "tlog-tiles, Merkle Tree", "The second tile of 300 entries.",
              kind="tile", size="300", level=0, index="1", width=44, tile_base64=b64(b"".join(LEAVES[256:300])))


def make():
    cases = Cases()
    tree_cases(cases)
    note_cases(cases)
    checkpoint_cases(cases)
    proof_cases(cases)
    policy_cases(cases)
    tile_cases(cases)
    return {
        "format": "plasm-vectors/log/v1",
        "description": "The Merkle tree, notes, checkpoints, cosignatures, proof files, policies and tiles: spec/log.md.",
        "cases": cases.list,
    }
