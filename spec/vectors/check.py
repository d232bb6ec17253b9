#!/usr/bin/env python3
"""Whether reference.py finds the outcome of every case in the files beside it."""
import base64
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import merkle  # noqa: E402
import reference as ref  # noqa: E402
import strict_json as sj  # noqa: E402
from formats import b64, default_seed, fingerprint, sha256  # noqa: E402


def take(case, name):
    if name + "_base64" in case:
        return base64.b64decode(case[name + "_base64"])
    return case[name].encode() if name in case else None


def parsed(parse, *arguments):
    try:
        return parse(*arguments)
    except sj.Malformed:
        return None


def check_job(case):
    if case["kind"] == "manifest":
        data = take(case, "manifest")
        good = parsed(ref.parse_manifest, data) is not None
        return good == case["valid"] and (not good or sha256(data) == case["digest"])
    if case["kind"] == "default-seed":
        return default_seed(ref.parse_manifest(take(case, "manifest"))) == case["seed"]
    files = {take(item, "path"): take(item, "content") for item in case["files"]}
    links = {take(item, "path"): take(item, "target") for item in case["links"]}
    digests = parsed(ref.tree, files, links, [take(item, "path") for item in case["empty_folders"]])
    return digests == ((case["tree"], case.get("layout")) if case["valid"] else None)


def check_card(case):
    previous = None
    if take(case, "previous"):
        outcome, card, payload = ref.offer(take(case, "previous"))
        assert outcome == "accepted"
        previous = (card, payload)
    return ref.offer(take(case, "card"), previous, case.get("known_version"))[0] == case["outcome"]


def check_trust(case):
    return parsed(ref.parse_trust, take(case, "file")) == case.get("entries")


def note_outcome(data, verifiers):
    try:
        _, signed = ref.open_note(data, verifiers)
    except sj.Malformed:
        return "malformed", None
    except ref.Refused:
        return "refused", None
    return ("verified", signed) if signed else ("unsigned", None)


def hashes(case, name="hashes"):
    return [base64.b64decode(h) for h in case[name]]


def check_log(case):
    kind = case["kind"]
    leaves = [merkle.leaf_hash(b"entry %d\n" % i) for i in range(300)]
    if kind == "root":
        # By consistency with the tree one smaller, not by the recursion that wrote it.
        size, root = case["size"], base64.b64decode(case["root"])
        return size == 0 or merkle.root_from_inclusion(
            size - 1, size, leaves[size - 1], merkle.inclusion_proof(size - 1, leaves[:size])) == root
    if kind == "inclusion":
        found = merkle.root_from_inclusion(int(case["index"]), int(case["size"]), base64.b64decode(case["leaf_hash"]),
                                           hashes(case))
        return (found == base64.b64decode(case["root"])) == case["valid"]
    if kind == "consistency":
        return case["valid"] == merkle.is_consistent(
            int(case["old_size"]), base64.b64decode(case["old_root"]), int(case["size"]),
            base64.b64decode(case["root"]), hashes(case))
    if kind == "vkey":
        value = parsed(ref.parse_vkey, take(case, "vkey").decode())
        expected = (case["name_text"], case["type"], bytes.fromhex(case["public_key"])) if case["valid"] else None
        return value == expected
    if kind == "note":
        outcome, signed = note_outcome(take(case, "note"), [ref.parse_vkey(v) for v in case["verifiers"]])
        names = sorted({verifier[0] for verifier, _ in signed or []})
        return outcome == case["outcome"] and names == sorted(case.get("signers", []))
    if kind == "checkpoint":
        value = parsed(ref.parse_checkpoint, take(case, "text").decode())
        if value is None or not case["valid"]:
            return (value is not None) == case["valid"]
        origin, size, root, extensions = value
        return [origin, str(size), b64(root), extensions] == [case[n] for n in ("origin", "size", "root", "extensions")]
    if kind == "cosignature":
        note = take(case, "text") + b"\n" + take(case, "line")
        outcome, signed = note_outcome(note, [ref.parse_vkey(case["witness"])])
        return outcome == case["outcome"] and (not signed or str(signed[0][1]) == case["time"])
    if kind == "proof":
        policy = take(case, "policy")
        name, _, public = ref.parse_vkey(case["log"])
        assert name == case["origin"]
        problem, _ = ref.check_proof(take(case, "proof"), take(case, "entry"), case["origin"], [public],
                                     policy and ref.parse_policy(policy), sj.time(case["now"]))
        return (problem or "right") == case["outcome"]
    if kind == "policy":
        policy = parsed(ref.parse_policy, take(case, "policy"))
        if policy is None or not case["valid"]:
            return (policy is not None) == case["valid"]
        return all(ref.satisfied(policy, set(q["witnesses"])) == q["satisfied"] for q in case["quorum"])
    if kind == "tile-path":
        digits = f"{int(case['index']):0{3 * max(1, -(-len(case['index']) // 3))}d}"
        parts = [digits[i:i + 3] for i in range(0, len(digits), 3)]
        path = "/".join(["x" + part for part in parts[:-1]] + parts[-1:])
        partial = "" if case["width"] == 256 else f".p/{case['width']}"
        return f"tile/{case['level']}/{path}{partial}" == case["path"]
    if kind == "tiles":
        size = int(case["size"])
        return all(int(t["full"]) == size // 256**(t["level"] + 1)
                   and t["partial_width"] == size // 256**t["level"] % 256 for t in case["levels"])
    if kind == "tile":
        span = 256**case["level"]
        first = int(case["index"]) * 256
        tile = [merkle.root(leaves[i * span:(i + 1) * span]) for i in range(first, first + case["width"])]
        return b"".join(tile) == base64.b64decode(case["tile_base64"])
    if kind == "bundle":
        return bundle(take(case, "bundle"), take(case, "tile"), case["width"]) == (
            [base64.b64decode(e) for e in case["entries_base64"]] if case["valid"] else None)
    return False


def bundle(data, tile, width):
    entries = []
    while data:
        size = int.from_bytes(data[:2], "big")
        if len(data) < 2 + size or len(data) < 2:
            return None
        entries.append(data[2:2 + size])
        data = data[2 + size:]
    return entries if len(entries) == width and b"".join(map(merkle.leaf_hash, entries)) == tile else None


def check_receipt(case):
    policy = take(case, "policy")
    return case["verdict"] == ref.verify(
        take(case, "receipt"),
        proof=take(case, "proof"),
        key=bytes.fromhex(case["key"]) if "key" in case else None,
        trusted=ref.parse_trust(take(case, "trusted_nodes") or b""),
        cards=[card.encode() for card in case.get("cards", [])],
        policy=ref.parse_policy(policy) if policy is not None else None,
        manifest=take(case, "manifest"),
        nonce=case.get("nonce"),
        outputs={name: base64.b64decode(data) for name, data in case.get("outputs", {}).items()},
        now=sj.time(case["now"]))


def check_quorum(case):
    policy = take(case, "policy")
    verdict, result, answers = ref.verify_quorum(
        take(case, "bundle"),
        trusted=ref.parse_trust(take(case, "trusted_nodes") or b""),
        cards=[card.encode() for card in case.get("cards", [])],
        policy=ref.parse_policy(policy) if policy is not None else None,
        outputs={name: base64.b64decode(data) for name, data in case.get("outputs", {}).items()},
        agree=case.get("agree"),
        now=sj.time(case["now"]))
    return [verdict, result, answers] == [case["verdict"], case.get("result"), case["answers"]]


def main():
    wrong = total = 0
    for name, check in [("job", check_job), ("card", check_card), ("trust", check_trust), ("log", check_log),
                        ("receipt", check_receipt), ("quorum", check_quorum)]:
        cases = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))["cases"]
        total += len(cases)
        for case in cases:
            if not check(case):
                wrong += 1
                print(f"{name}.json: {case['name']}: the reference finds another outcome", file=sys.stderr)
    print(f"{total - wrong} of {total} cases have the outcome that the reference finds")
    return 1 if wrong or not total else 0


if __name__ == "__main__":
    sys.exit(main())
