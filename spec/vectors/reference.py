"""A verifier straight from spec/*.md, to find the vectors' outcomes a second time."""
import base64
import hashlib
import re

import ed25519
import merkle
import strict_json as sj
from formats import (CARD_TYPE, EMPTY_SHA256, IN_TOTO_TYPE, compact, default_seed, fingerprint, layout_text,
                     leaf_entry, list_digest, pae, result_text, sha256, ssh_wire, tree_text)
from notes import COSIGNATURE, ED25519, key_id
from strict_json import Malformed, need

LIMITS = ["memoryBytes", "fuel", "outputBytes", "fileBytes", "fileNodes", "wallTimeMs"]
NONCE = r"(?:[0-9a-f]{2}){16,64}"


# --- job.md ---

def limits(value):
    sj.members(value, LIMITS)
    for name in LIMITS:
        sj.decimal(value[name], {"fuel": 2**63, "fileNodes": 2**30 + 1}.get(name, 2**64))


def trees(value, extra=False):
    for item in sj.array(value):
        sj.members(item, ["guest", "tree"], ["layout"])
        path = sj.byte_string(item["guest"])
        need(path and b"\0" not in path)
        sj.digest(item["tree"])
        if "layout" in item:
            sj.digest(item["layout"])


def parse_manifest(data):
    need(len(data) <= 4 << 20)
    m = sj.members(sj.parse(data), ["type", "module", "args", "env", "stdin", "inputs", "outputs", "limits",
                                    "profile", "startTime", "seed"],
                   ["requester", "nonce", "notAfter", "placement", "retry"])
    need(m["type"] == "urn:plasm:job:v1")
    module(m["module"])
    for item in sj.array(m["args"]):
        need(b"\0" not in sj.byte_string(item))
    for item in sj.array(m["env"]):
        element = sj.byte_string(item)
        need(b"\0" not in element and element.find(b"=") > 0)
    stdin = sj.members(m["stdin"], ["sha256", "size"], ["base64"])
    size = sj.decimal(stdin["size"])
    sj.digest(stdin["sha256"])
    if "base64" in stdin:
        inline = sj.base64_of(stdin["base64"])
        need(len(inline) <= 65536 and len(inline) == size and sha256(inline) == stdin["sha256"])
    trees(m["inputs"])
    outputs = [sj.byte_string(item) for item in sj.array(m["outputs"])]
    need(all(p and b"\0" not in p for p in outputs) and len(set(outputs)) == len(outputs))
    limits(m["limits"])
    need(m["profile"] in ("plasm-det-1", "live"))
    sj.decimal(m["startTime"])
    sj.digest(m["seed"])
    if "requester" in m:
        sj.fingerprint(m["requester"])
    if "nonce" in m:
        sj.matching(m["nonce"], NONCE)
    if "notAfter" in m:
        sj.time(m["notAfter"])
    if "placement" in m:
        sj.members(m["placement"], [], ["arch", "labels"])
        if "arch" in m["placement"]:
            sj.matching(m["placement"]["arch"], sj.WORD)
        labels = m["placement"].get("labels", {})
        need(isinstance(labels, dict) and all(isinstance(v, str) for v in labels.values()))
    if "retry" in m:
        sj.integer(sj.members(m["retry"], ["attempts"])["attempts"], 1, 100)
    return m


def module(value):
    sj.members(value, ["sha256", "size"])
    sj.digest(value["sha256"])
    sj.decimal(value["size"])


def tree(files, links, folders):
    for path in [*files, *links, *links.values(), *folders]:
        try:
            path.decode()
        except UnicodeDecodeError:
            raise Malformed("not UTF-8") from None
        need(path and not any(c in b"\n\r\\\0" for c in path))
    need(b"-" not in files and not any(b" -> " in path for path in [*links, *folders]))
    layout = layout_text(links, folders)
    return sha256(tree_text(files)), sha256(layout) if layout else None


# --- receipt.md sections 1 to 4 ---

def parse_envelope(data, kind, most):
    need(len(data) <= most)
    value = sj.members(sj.parse(data), ["payloadType", "payload", "signatures"])
    need(value["payloadType"] == kind)
    signatures = []
    for item in sj.array(value["signatures"], 1):
        sj.members(item, ["keyid", "sig"])
        sj.fingerprint(item["keyid"])
        sig = sj.either_base64(item["sig"])
        need(len(sig) == 64)
        signatures.append(sig)
    return sj.either_base64(value["payload"]), signatures


COUNTS_FUEL = ("exited", "trapped", "out_of_fuel", "output_limit")


def parse_receipt(data):
    payload, signatures = parse_envelope(data, IN_TOTO_TYPE, 16 << 20)
    need(len(payload) <= 8 << 20)
    s = sj.members(sj.parse(payload), ["_type", "subject", "predicateType", "predicate"])
    need(s["_type"] == "https://in-toto.io/Statement/v1" and s["predicateType"] == "urn:plasm:receipt:v2")
    names = []
    for item in sj.array(s["subject"]):
        sj.members(item, ["name", "digest"])
        sj.digest(sj.members(item["digest"], ["sha256"])["sha256"])
        names.append(sj.string(item["name"]))
    need(names[:2] == ["stdout", "stderr"])
    files = names[2:]
    need(all(name.startswith("file:") and len(name) > 5 and "\0" not in name for name in files))
    need(files == sorted(set(files), key=str.encode))
    p = sj.members(s["predicate"], ["job", "module", "input", "limits", "runtime", "result", "observed", "node"],
                   ["resultDigest"])
    job = sj.members(p["job"], ["manifest", "id"], ["requester", "nonce", "notAfter"])
    sj.digest(sj.members(job["manifest"], ["sha256"])["sha256"])
    sj.matching(job["id"], "job-" + sj.UUID)
    if "requester" in job:
        sj.fingerprint(job["requester"])
    if "nonce" in job:
        sj.matching(job["nonce"], NONCE)
    if "notAfter" in job:
        sj.time(job["notAfter"])
    module(p["module"])
    given = sj.members(p["input"], ["args", "env", "stdin", "trees"])
    for name in ("args", "env", "stdin"):
        sj.digest(given[name])
    trees(given["trees"])
    limits(p["limits"])
    runtime = sj.members(p["runtime"], ["engine", "version", "target", "configuration", "profile"])
    for name in ("engine", "version", "target"):
        sj.matching(runtime[name], sj.WORD)
    sj.digest(runtime["configuration"])
    need(runtime["profile"] in ("plasm-det-1", "live"))
    result = sj.members(p["result"], ["status", "stdoutBytes", "stderrBytes", "truncated"],
                        ["exitCode", "trap", "reason", "fuelUsed"])
    status = result["status"]
    need(status in (*COUNTS_FUEL, "timed_out", "cancelled", "rejected"))
    need(("exitCode" in result) == (status == "exited"))
    need(("trap" in result) == (status == "trapped"))
    need("reason" not in result or status == "rejected")
    need(("fuelUsed" in result) == (status in COUNTS_FUEL))
    if "exitCode" in result:
        sj.integer(result["exitCode"], 0, 2**32 - 1)
    if "trap" in result:
        sj.matching(result["trap"], r"[a-z0-9_]{1,64}")
    if "reason" in result:
        sj.text(result["reason"], 1, 1024)
    if "fuelUsed" in result:
        sj.decimal(result["fuelUsed"])
    sj.decimal(result["stdoutBytes"])
    sj.decimal(result["stderrBytes"])
    need(isinstance(result["truncated"], bool))
    need(("resultDigest" in p) == (runtime["profile"] == "plasm-det-1" and status in COUNTS_FUEL))
    if "resultDigest" in p:
        sj.digest(sj.members(p["resultDigest"], ["sha256"])["sha256"])
    observed = sj.members(p["observed"], ["start", "end", "wallTimeNs", "attempts"])
    for name in ("start", "end"):
        sj.time(observed[name])
        need("." in observed[name])
    sj.decimal(observed["wallTimeNs"])
    sj.integer(observed["attempts"], 1, 2**32 - 1)
    node = sj.members(p["node"], ["identity", "key", "signing", "boot", "sequence"], ["log"])
    sj.fingerprint(node["identity"])
    sj.fingerprint(node["key"])
    need(node["signing"] in ("each", "batch"))
    if "log" in node:
        sj.origin(node["log"])
    sj.matching(node["boot"], sj.UUID)
    sj.decimal(node["sequence"])
    need(node["signing"] == "each" or "log" in node)
    need(len(signatures) == (node["signing"] == "each"))
    return s, payload, signatures


# --- trust.md ---

def parse_card(payload):
    card = sj.members(sj.parse(payload), ["type", "identity", "name", "version", "issued", "expires", "keys",
                                          "revoked", "endpoints", "capabilities"])
    need(card["type"] == "urn:plasm:card:v1")
    identity = sj.digest(card["identity"])
    sj.text(card["name"], 1, 255)
    sj.integer(card["version"], 1, 2**53 - 1)
    need(sj.time(card["issued"]) <= sj.time(card["expires"]))
    seen, origins = [identity], []
    for item in sj.array(card["keys"], 64):
        log = isinstance(item, dict) and item.get("use") == "log"
        sj.members(item, ["use", "key", "from", "to"] + ["origin"] * log)
        need(item["use"] in ("receipt", "log", "tls"))
        seen.append(sj.digest(item["key"]))
        need(sj.time(item["from"]) <= sj.time(item["to"]))
        if log:
            origins.append(sj.origin(item["origin"]))
    need(card["keys"] and len(set(seen)) == len(seen) and len(set(origins)) == len(origins))
    revoked = [identity]
    for item in sj.array(card["revoked"], 1024):
        sj.members(item, ["key", "at"], ["logSize"])
        revoked.append(sj.digest(item["key"]))
        sj.time(item["at"])
        if "logSize" in item:
            sj.decimal(item["logSize"], 2**63)
    need(len(set(revoked)) == len(revoked))
    for item in sj.array(card["endpoints"], 64):
        need(len(sj.matching(item, r"https://[\x21-\x7e]+")) <= 1024)
    about = sj.members(card["capabilities"], ["engine", "arch", "profiles", "labels"],
                       ["cores", "memoryMib", "cpu", "policy"])
    sj.text(about["engine"], 1, 255)
    sj.text(about["arch"], 1, 255)
    for item in sj.array(about["profiles"], 64):
        sj.text(item, 0, 255)
    need(isinstance(about["labels"], dict) and len(about["labels"]) <= 64)
    for name, value in about["labels"].items():
        sj.text(name, 0, 255)
        sj.text(value, 0, 255)
    sj.integer(about.get("cores", 1), 1, 65_536)
    sj.integer(about.get("memoryMib", 1), 1, 2**32 - 1)
    for item in sj.array(about.get("cpu", []), 64):
        sj.text(item, 1, 255)
    need(about.get("policy", "open") in ("open", "invitation"))
    return card


def offer(data, previous=None, known=None):
    """What trust.md section 3 says of a card: outcome, card, payload."""
    try:
        payload, signatures = parse_envelope(data, CARD_TYPE, 64 << 10)
        need(len(signatures) == 1)
        card = parse_card(payload)
    except Malformed:
        return "refused-malformed", None, None
    if not ed25519.verify(bytes.fromhex(card["identity"]), pae(payload, CARD_TYPE), signatures[0]):
        return "refused-signature", None, None
    kept = previous if previous and previous[0]["identity"] == card["identity"] else None
    if card["version"] < max(known or 0, kept[0]["version"] if kept else 0):
        return "rollback", None, None
    if kept and card["version"] == kept[0]["version"] and payload != kept[1]:
        return "conflict", None, None
    return "accepted", card, payload


def parse_trust(data):
    try:
        content = data.decode()
    except UnicodeDecodeError:
        raise Malformed("not UTF-8") from None
    need(len(data) <= 1 << 20 and not content.startswith("\ufeff"))
    entries = []
    for line in content.split("\n"):
        sj.no_controls(line.replace("\t", " "))
        fields = [field for field in re.split(r"[ \t]+", line.split("#", 1)[0]) if field]
        if not fields:
            continue
        need(len(fields) >= 4)
        name, kind, encoded, level, *options = fields
        wire = sj.base64_of(encoded)
        need(kind == "ssh-ed25519" and wire == ssh_wire(wire[-32:]) and len(name.encode()) <= 255)
        need(level in ("signed", "logged", "witnessed", "blocked"))
        entry = {"name": name, "identity": wire[-32:].hex(), "level": level, "revoked": []}
        for option in options:
            if match := re.fullmatch(r"card=([1-9][0-9]{0,15})", option):
                need("card" not in entry and int(match[1]) < 2**53)
                entry["card"] = int(match[1])
            elif match := re.fullmatch(r"operator=([A-Za-z0-9._+-]{1,64})", option):
                need("operator" not in entry)
                entry["operator"] = match[1]
            elif match := re.fullmatch(r"revoked=([^@]*)@(.*)", option):
                sj.fingerprint(match[1])
                sj.time(match[2])
                need(match[1] not in [r["key"] for r in entry["revoked"]] and match[1] != fingerprint(wire[-32:]))
                entry["revoked"].append({"key": match[1], "at": match[2]})
            else:
                raise Malformed(option)
        entries.append(entry)
    for member in ("name", "identity"):
        values = [entry[member] for entry in entries]
        need(len(set(values)) == len(values))
    return entries


# --- log.md and what it builds on ---

def parse_vkey(value):
    need(value.count("+") >= 2)
    name, ident, data = value.split("+", 2)
    need(name and not any(c.isspace() for c in name))
    data = sj.base64_of(data)
    need(len(data) == 33 and re.fullmatch(r"[0-9a-f]{8}", ident))
    kind, public = data[0], data[1:]
    need(kind in (ED25519, COSIGNATURE) and key_id(name, public, kind).hex() == ident)
    return name, kind, public


def parse_note(data):
    try:
        content = data.decode()
    except UnicodeDecodeError:
        raise Malformed("not UTF-8") from None
    need(not any(c < " " and c != "\n" for c in content) and content.endswith("\n"))
    head, middle, tail = content.rpartition("\n\n")
    need(middle and tail)
    lines = []
    for line in tail[:-1].split("\n"):
        match = re.fullmatch("\u2014 ([^ ]+) ([^ ]+)", line)
        need(match and not any(c.isspace() or c == "+" for c in match[1]))
        data = sj.base64_of(match[2])
        need(len(data) > 4)
        lines.append((match[1], data[:4], data[4:]))
    need(len(lines) <= 100)
    return head + "\n", lines


class Refused(Exception):
    pass


def open_note(data, verifiers):
    """The text, and by which of the verifiers (and when, for a cosignature) it is signed."""
    content, lines = parse_note(data)
    known = {(name, key_id(name, public, kind)): (name, kind, public) for name, kind, public in verifiers}
    signed = []
    for name, ident, signature in lines:
        verifier = known.get((name, ident))
        if not verifier:
            continue
        time = None
        if verifier[1] == COSIGNATURE:
            if len(signature) != 72:
                raise Refused
            time = int.from_bytes(signature[:8], "big")
            message = f"cosignature/v1\ntime {time}\n{content}".encode()
            right = 1 <= time < 2**63 and ed25519.verify(verifier[2], message, signature[8:])
        else:
            right = ed25519.verify(verifier[2], content.encode(), signature)
        if not right:
            raise Refused
        signed.append((verifier, time))
    return content, signed


def parse_checkpoint(content):
    need(content.endswith("\n"))
    lines = content[:-1].split("\n")
    need(len(lines) >= 3 and all(lines))
    root = sj.base64_of(lines[2])
    need(len(root) == 32)
    return lines[0], sj.decimal(lines[1], 2**63), root, lines[3:]


def parse_proof(data):
    need(len(data) <= 64 << 10)
    head, middle, note = data.partition(b"\n\n")
    need(middle)
    try:
        lines = head.decode().split("\n")
    except UnicodeDecodeError:
        raise Malformed("not UTF-8") from None
    need(lines.pop(0) == "c2sp.org/tlog-proof@v1" and lines)
    if lines[0].startswith("extra "):
        need(sj.base64_of(lines.pop(0)[len("extra "):]))
    need(lines and lines[0].startswith("index "))
    index = sj.decimal(lines.pop(0)[len("index "):])
    hashes = [sj.base64_of(line) for line in lines]
    need(len(hashes) <= 63 and all(len(h) == 32 for h in hashes))
    return index, hashes, note


def check_proof(data, entry, origin, log_keys, policy, now):
    """None, BAD_LOG_PROOF or NOT_WITNESSED; and index and log key where it is right."""
    try:
        index, hashes, note = parse_proof(data)
        logs = [(origin, ED25519, public) for public in log_keys]
        witnesses = list(policy["witnesses"].values()) if policy else []
        content, signed = open_note(note, logs + witnesses)
        named, size, root, _ = parse_checkpoint(content)
        by = [verifier for verifier, _ in signed if verifier in logs]
        need(named == origin and by)
        if policy and policy["logs"]:
            by = [verifier for verifier in by if verifier in policy["logs"]]
            need(by)
        need(merkle.root_from_inclusion(index, size, merkle.leaf_hash(entry), hashes) == root)
    except (Malformed, Refused):
        return "BAD_LOG_PROOF", None
    if policy:
        present = {v for v, time in signed if time is not None and time * 1000 <= now + 300_000}
        names = {name for name, verifier in policy["witnesses"].items() if verifier in present}
        if not satisfied(policy, names):
            return "NOT_WITNESSED", None
    return None, (index, by[0][2])


def parse_policy(data):
    need(all(c in (9, 10) or 0x20 <= c != 0x7F for c in data) and (not data or data.endswith(b"\n")))
    policy = {"logs": [], "witnesses": {}, "groups": {}}
    quorum, members = None, []
    for raw in data.decode("latin-1").split("\n"):
        fields = [f.encode("latin-1").decode(errors="surrogateescape") for f in re.split(r"[ \t]+", raw) if f]
        if not fields or fields[0].startswith("#"):
            continue
        names = set(policy["witnesses"]) | set(policy["groups"])
        word, *rest = fields
        if word == "log":
            need(1 <= len(rest) <= 2)
            verifier = parse_vkey(rest[0])
            need(verifier[1] == ED25519 and verifier[2] not in [v[2] for v in policy["logs"]])
            policy["logs"].append(verifier)
        elif word == "witness":
            need(2 <= len(rest) <= 3 and rest[0] not in names | {"none"})
            verifier = parse_vkey(rest[1])
            need(verifier[1] == COSIGNATURE)
            need(verifier[2] not in [v[2] for v in policy["witnesses"].values()])
            policy["witnesses"][rest[0]] = verifier
        elif word == "group":
            need(len(rest) >= 3 and rest[0] not in names | {"none"})
            name, k, *inside = rest
            need(set(inside) <= names and len(set(inside + members)) == len(inside + members))
            members += inside
            if k in ("any", "all"):
                k = 1 if k == "any" else len(inside)
            else:
                sj.matching(k, "[1-9][0-9]*")
                need(int(k) <= len(inside))
            policy["groups"][name] = (int(k), inside)
        elif word == "quorum":
            need(len(rest) == 1 and quorum is None and rest[0] in names | {"none"})
            quorum = rest[0]
        else:
            raise Malformed(word)
    need(quorum is not None)
    policy["quorum"] = quorum
    return policy


def satisfied(policy, witnesses, name=None):
    name = name or policy["quorum"]
    if name == "none":
        return True
    if name in policy["witnesses"]:
        return name in witnesses
    k, inside = policy["groups"][name]
    return sum(satisfied(policy, witnesses, member) for member in inside) >= k


# --- receipt.md section 8 ---

def legacy(data, key, policy, manifest, nonce, outputs):
    r = sj.members(sj.parse(data), ["version", "module_hash", "exit_code", "wall_time_ms", "timestamp", "node_pubkey",
                                    "signature"])
    sj.matching(r["version"], r"[0-9]+\.[0-9]+")
    sj.matching(r["module_hash"], "sha256:[0-9a-f]{64}")
    sj.integer(r["exit_code"], 0, 255)
    sj.integer(r["wall_time_ms"], 0, 2**64 - 1)
    sj.integer(r["timestamp"], 0, 2**64 - 1)
    public = bytes.fromhex(sj.digest(r["node_pubkey"]))
    signature = bytes.fromhex(sj.matching(r["signature"], "[0-9a-f]{128}"))
    message = "|".join(str(r[n]) for n in ("version", "module_hash", "exit_code", "wall_time_ms", "timestamp"))
    if not ed25519.verify(public, hashlib.sha256(message.encode()).digest(), signature):
        return "BAD_SIGNATURE"
    if key is None:
        return "UNKNOWN_KEY"
    if key != public:
        return "WRONG_KEY"
    if policy is not None:
        return "NOT_LOGGED"
    if manifest is not None or nonce is not None:
        return "WRONG_JOB"
    return "WRONG_OUTPUT" if outputs else "VALID_LEGACY_UNBOUND"


def verify(receipt, proof=None, key=None, trusted=(), cards=(), policy=None, manifest=None, nonce=None, outputs=None,
           now=0):
    try:
        statement, payload, signatures = parse_receipt(receipt)
    except Malformed:
        try:
            return legacy(receipt, key, policy, manifest, nonce, outputs)
        except Malformed:
            return "MALFORMED"
    p = statement["predicate"]
    node, observed, result = p["node"], p["observed"], p["result"]
    each = node["signing"] == "each"
    entry = card = listed = None
    # 2
    if key is not None:
        if fingerprint(key) != node["key"]:
            return "WRONG_KEY"
        public = key
    else:
        entry = next((e for e in trusted if fingerprint(bytes.fromhex(e["identity"])) == node["identity"]), None)
        card = entry and accepted_card(entry, cards)
        use = "receipt" if each else "log"
        listed = card and next((k for k in card["keys"] if k["use"] == use
                                and fingerprint(bytes.fromhex(k["key"])) == node["key"]), None)
        if not listed:
            return "UNKNOWN_KEY"
        public = bytes.fromhex(listed["key"])
    # 3
    if each and not ed25519.verify(public, pae(payload), signatures[0]):
        return "BAD_SIGNATURE"
    # 4 and 5
    level = entry["level"] if entry else "signed"
    needed = not each or level in ("logged", "witnessed") or policy is not None
    origin = node.get("log")
    log_keys = []
    if not each:
        log_keys = [public] if key is not None or listed["origin"] == origin else []
    elif card:
        log_keys = [bytes.fromhex(k["key"]) for k in card["keys"] if k["use"] == "log" and k["origin"] == origin]
    elif policy:
        log_keys = [v[2] for v in policy["logs"] if v[0] == origin]
    there = proof is not None and origin is not None and bool(log_keys)
    if needed and not there:
        return "NOT_LOGGED"
    found = None
    if there:
        problem, found = check_proof(proof, leaf_entry(pae(payload)), origin, log_keys, policy, now)
        if problem:
            return problem
    if level == "witnessed" and policy is None:
        return "NOT_WITNESSED"
    # 7 to 9
    if entry:
        if level == "blocked":
            return "NODE_BLOCKED"
        end = sj.time(observed["end"])
        if not sj.time(listed["from"]) <= end <= min(sj.time(listed["to"]), sj.time(card["expires"])):
            return "KEY_NOT_VALID"
        if is_revoked(entry, card, listed, found) or (needed and by_revoked(entry, card, found[1])):
            return "KEY_REVOKED"
    # 10
    digests = {s["name"]: s["digest"]["sha256"] for s in statement["subject"]}
    if sj.time(observed["start"]) > sj.time(observed["end"]) or \
            result["truncated"] != (result["status"] == "output_limit"):
        return "INCONSISTENT"
    if "resultDigest" in p and p["resultDigest"]["sha256"] != sha256(result_text(statement).encode()):
        return "INCONSISTENT"
    for size, digest in [(p["module"]["size"], p["module"]["sha256"]), (result["stdoutBytes"], digests["stdout"]),
                         (result["stderrBytes"], digests["stderr"])]:
        if (size == "0") != (digest == EMPTY_SHA256):
            return "INCONSISTENT"
    # 11 to 13
    if nonce is not None and p["job"].get("nonce") != nonce or manifest is not None and not fits(manifest, p):
        return "WRONG_JOB"
    if "notAfter" in p["job"] and sj.time(observed["start"]) > sj.time(p["job"]["notAfter"]):
        return "TOO_LATE"
    if any(digests.get(name) != sha256(data) for name, data in (outputs or {}).items()):
        return "WRONG_OUTPUT"
    return "VALID"


# --- quorum.md ---

def parse_bundle(data):
    need(len(data) <= 64 << 20)
    value = sj.members(sj.parse(data), ["type", "agree", "manifest", "answers"])
    need(value["type"] == "urn:plasm:quorum:v1")
    sj.integer(value["agree"], 1, 64)
    sj.string(value["manifest"])
    need(sj.array(value["answers"], 64))
    for item in value["answers"]:
        for text in sj.members(item, ["receipt"], ["proof"]).values():
            sj.string(text)
    parse_manifest(value["manifest"].encode())
    return value


def verify_quorum(data, trusted=(), cards=(), policy=None, outputs=None, agree=None, now=0):
    """The verdict, the result when one is agreed upon, and of each answer verdict, counts, agrees."""
    try:
        bundle = parse_bundle(data)
    except Malformed:
        return "MALFORMED", None, []
    agree = bundle["agree"] if agree is None else agree

    def judge(item, outputs=None):
        return verify(item["receipt"].encode(), proof=item["proof"].encode() if "proof" in item else None,
                      trusted=trusted, cards=cards, policy=policy, manifest=bundle["manifest"].encode(), outputs=outputs,
                      now=now)

    answers, results, taken = [], [], set()
    for item in bundle["answers"]:
        verdict, result = judge(item), None
        if verdict == "VALID":
            predicate = parse_receipt(item["receipt"].encode())[0]["predicate"]
            identity = predicate["node"]["identity"]
            operators = [entry["operator"] for entry in trusted if "operator" in entry
                         and fingerprint(bytes.fromhex(entry["identity"])) == identity]
            who = {("identity", identity), *(("operator", name) for name in operators)}
            if "resultDigest" in predicate and not who & taken:
                result = predicate["resultDigest"]["sha256"]
                taken |= who
        answers.append({"verdict": verdict, "counts": result is not None, "agrees": False})
        results.append(result)
    reached = {result for result in results if result is not None and results.count(result) >= agree}
    if len(reached) != 1:
        return "NO_QUORUM", None, answers
    agreed, = reached
    verdict = "VALID"
    for item, answer, result in zip(bundle["answers"], answers, results):
        if result == agreed:
            answer["agrees"] = True
            answer["verdict"] = judge(item, outputs)
            verdict = verdict if answer["verdict"] == "VALID" else answer["verdict"]
    return verdict, agreed, answers


def accepted_card(entry, cards):
    kept = None
    for data in cards:
        outcome, card, payload = offer(data, kept, entry.get("card"))
        if outcome == "accepted" and card["identity"] == entry["identity"]:
            kept = (card, payload)
    return kept and kept[0]


def revocation_of(entry, card, public):
    """Whether the verifier has revoked the key for itself, and the card's revocation of it."""
    mine = fingerprint(public) in [r["key"] for r in entry["revoked"]]
    return mine, next((r for r in card["revoked"] if r["key"] == public.hex()), None)


def by_revoked(entry, card, public):
    mine, theirs = revocation_of(entry, card, public)
    return mine or theirs is not None


def is_revoked(entry, card, listed, found):
    mine, theirs = revocation_of(entry, card, bytes.fromhex(listed["key"]))
    if mine or not theirs:
        return mine
    if listed["use"] == "log" or "logSize" not in theirs or not found or by_revoked(entry, card, found[1]):
        return True
    log = next(k for k in card["keys"] if k["key"] == found[1].hex())
    at = sj.time(theirs["at"])
    return not (sj.time(log["from"]) <= at <= sj.time(log["to"]) and found[0] < int(theirs["logSize"]))


def fits(data, p):
    """job.md section 8."""
    if sha256(data) != p["job"]["manifest"]["sha256"]:
        return False
    try:
        m = parse_manifest(data)
    except Malformed:
        return False
    job, given = p["job"], p["input"]

    def both(name, same=lambda value: value):
        return (name in m) == (name in job) and (name not in m or same(m[name]) == same(job[name]))

    return (m["module"] == p["module"] and m["limits"] == p["limits"] and m["profile"] == p["runtime"]["profile"]
            and both("requester") and both("nonce") and both("notAfter", sj.time)
            and given["args"] == list_digest(sj.byte_string(a) for a in m["args"])
            and given["env"] == list_digest(sj.byte_string(e) for e in m["env"])
            and given["stdin"] == m["stdin"]["sha256"] and given["trees"] == m["inputs"])
