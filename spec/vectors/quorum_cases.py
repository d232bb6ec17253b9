"""quorum.json: bundles of several nodes' answers, from their bytes to a verdict."""
import json

from cases import Cases, put
from formats import b64, compact, receipt_v01
from log_cases import policy_text
from receipt_cases import STDOUT, batch, cosigned, edited, hello_manifest, proof_for, resigned, statement
from world import ALPHA, BETA, GAMMA, MALLORY, NOW, revocation

LIE = b"?dlroW ,olleH"
NODES = (ALPHA, BETA, GAMMA)


def text(data):
    return data.decode() if isinstance(data, bytes) else data


def answer(receipt, proof=None):
    return {"receipt": text(receipt)} | ({"proof": text(proof)} if proof is not None else {})


def said_by(node, stdout=STDOUT, manifest=None, **more):
    """The receipt of a node for the job, signed by its key."""
    return resigned(statement(manifest, node=node, stdout=stdout, **more), node.receipt)


def logged_by(node, stdout=STDOUT, **more):
    """The same where the log signs, with its proof."""
    receipt = batch(statement(node=node, stdout=stdout, signing="batch", log=node.origin))
    return answer(receipt, proof_for(receipt, node.log, node.origin, **more))


def bundle(*answers, agree=2, **changes):
    value = {"type": "urn:plasm:quorum:v1", "agree": agree, "manifest": text(compact(hello_manifest())),
             "answers": [item if isinstance(item, dict) else answer(item) for item in answers]}
    value.update(changes)
    return value


def trusting(*nodes, level="signed", options=None, cards=None):
    options = options or {}
    cards = cards or {}
    return {"trusted_nodes": "".join(node.line(level, *options.get(node.name, ())) for node in nodes),
            "cards": [text(node.sign_card(cards.get(node.name) or node.card())) for node in nodes]}


ALL = trusting(*NODES)
RESULT = statement()["predicate"]["resultDigest"]["sha256"]


class QuorumCases:
    def __init__(self):
        self.cases = Cases()

    def add(self, name, spec, why, data, verdict, answers=(), result=None, outputs=None, agree=None, **inputs):
        """`answers` are words: a verdict, with `+` when it counts and `=` when it agrees too."""
        case = self.cases.add(name, spec, why)
        put(case, "bundle", data if isinstance(data, bytes) else compact(data))
        case.update(inputs)
        if outputs is not None:
            case["outputs"] = {title: b64(content) for title, content in outputs.items()}
        if agree is not None:
            case["agree"] = agree
        case["now"] = NOW
        case["verdict"] = verdict
        if result:
            case["result"] = result
        case["answers"] = [{"verdict": word.rstrip("+="), "counts": word[-1] in "+=", "agrees": word[-1] == "="}
                           for word in answers]


def counting_cases(c):
    three = [said_by(node) for node in NODES]
    c.add("all-agree", "quorum 5", "Three nodes, one result.", bundle(*three), "VALID", ["VALID="] * 3, RESULT, **ALL)
    c.add("one-differs", "quorum 5", "Two of three are enough; the third stays as evidence.",
          bundle(three[0], said_by(BETA, LIE), three[2]), "VALID", ["VALID=", "VALID+", "VALID="], RESULT, **ALL)
    c.add("all-differ", "quorum 5", "No result is reached.",
          bundle(three[0], said_by(BETA, LIE), said_by(GAMMA, b"")), "NO_QUORUM", ["VALID+"] * 3, **ALL)
    c.add("another-end", "quorum 1", "How a job ended is part of its result.",
          bundle(three[0], said_by(BETA, exit_code=1)), "NO_QUORUM", ["VALID+"] * 2, **ALL)
    c.add("fuel-may-differ", "quorum 1", "What it cost is not part of the result.",
          bundle(three[0], said_by(BETA, fuel="2459")), "VALID", ["VALID="] * 2, RESULT, **ALL)
    c.add("one-of-one", "quorum 5", "The smallest bundle.", bundle(three[0], agree=1), "VALID", ["VALID="], RESULT, **ALL)
    c.add("fewer-than-needed", "quorum 5", "One answer is not two.", bundle(three[0]), "NO_QUORUM", ["VALID+"], **ALL)
    c.add("two-results-reach-the-number", "quorum 5", "Then neither is the result.",
          bundle(three[0], said_by(BETA, LIE), agree=1), "NO_QUORUM", ["VALID+"] * 2, **ALL)
    c.add("number-of-the-call-is-larger", "quorum 5", "The caller's number counts, not the bundle's.",
          bundle(three[0], said_by(BETA, LIE), three[2]), "NO_QUORUM", ["VALID+"] * 3, agree=3, **ALL)
    c.add("number-of-the-call-is-smaller", "quorum 5", "The caller's number counts, not the bundle's.",
          bundle(three[0], three[1], agree=3), "VALID", ["VALID="] * 2, RESULT, agree=2, **ALL)
    c.add("number-above-the-answers", "quorum 5", "It can't be reached.", bundle(*three, agree=64), "NO_QUORUM",
          ["VALID+"] * 3, **ALL)
    c.add("no-result-digest", "quorum 1", "A job that the clock ended has no result, and agrees with nobody.",
          bundle(said_by(ALPHA, status="timed_out"), said_by(BETA, status="timed_out")), "NO_QUORUM", ["VALID"] * 2, **ALL)
    live = hello_manifest(profile="live")
    c.add("live", "quorum 1", "Under this profile nothing agrees.",
          bundle(said_by(ALPHA, manifest=live), said_by(BETA, manifest=live), manifest=text(compact(live))), "NO_QUORUM",
          ["VALID"] * 2, **ALL)


def who_counts_cases(c):
    one = said_by(ALPHA)
    two = said_by(BETA)
    c.add("the-same-answer-twice", "quorum 5", "A node counts once.", bundle(one, one), "NO_QUORUM", ["VALID+", "VALID"], **ALL)
    c.add("one-node-two-receipts", "quorum 5", "Another job of the same node does not make it two.",
          bundle(one, resigned(edited(statement(), job__id="job-00000000-0000-0000-0000-000000000002"))), "NO_QUORUM",
          ["VALID+", "VALID"], **ALL)
    c.add("one-node-two-results", "quorum 5", "The first one counts.", bundle(one, said_by(ALPHA, LIE), two), "VALID",
          ["VALID=", "VALID", "VALID="], RESULT, **ALL)
    forged = compact(json.loads(one) | {"signatures": [json.loads(one)["signatures"][0] | {"sig": b64(bytes(64))}]})
    c.add("forged-before-the-right-one", "quorum 5", "An answer that does not count stands in nobody's way.",
          bundle(forged, one, two), "VALID", ["BAD_SIGNATURE", "VALID=", "VALID="], RESULT, **ALL)
    c.add("no-result-before-the-right-one", "quorum 5", "An answer that does not count stands in nobody's way.",
          bundle(said_by(ALPHA, status="timed_out"), one, two), "VALID", ["VALID", "VALID=", "VALID="], RESULT, **ALL)
    operated = {"alpha": ["operator=acme"], "beta": ["operator=acme"], "gamma": ["operator=other"]}
    three = bundle(one, two, said_by(GAMMA))
    c.add("one-operator-twice", "quorum 2", "Two nodes of one operator count once.", bundle(one, two), "NO_QUORUM",
          ["VALID+", "VALID"], **trusting(*NODES, options=operated))
    c.add("two-operators", "quorum 2", "A third node of another one makes two.", three, "VALID",
          ["VALID=", "VALID", "VALID="], RESULT, **trusting(*NODES, options=operated))
    c.add("operator-of-a-liar", "quorum 2", "The first node of an operator counts, whatever it says.",
          bundle(said_by(ALPHA, LIE), two, said_by(GAMMA)), "NO_QUORUM", ["VALID+", "VALID", "VALID+"],
          **trusting(*NODES, options=operated))
    c.add("no-operators-named", "quorum 2", "A node without the option is an operator of its own.", bundle(one, two),
          "VALID", ["VALID="] * 2, RESULT, **trusting(*NODES, options={"alpha": ["operator=acme"]}))
    c.add("operator-in-other-letters", "trust 5", "Names are bytes.", bundle(one, two), "VALID", ["VALID="] * 2, RESULT,
          **trusting(*NODES, options={"alpha": ["operator=acme"], "beta": ["operator=Acme"]}))
    c.add("a-node-that-nobody-trusts", "quorum 5", "It does not count.", bundle(one, two), "NO_QUORUM",
          ["VALID+", "UNKNOWN_KEY"], **trusting(ALPHA))
    c.add("nobody-is-trusted", "quorum 5", "Receipts do not vouch for themselves.", bundle(one, two), "NO_QUORUM",
          ["UNKNOWN_KEY"] * 2)
    c.add("a-blocked-node", "quorum 5", "It does not count.", bundle(one, two), "NO_QUORUM", ["NODE_BLOCKED"] * 2,
          **trusting(*NODES, level="blocked"))
    c.add("signed-by-the-attacker", "quorum 5", "In the name of a trusted node.",
          bundle(one, resigned(statement(node=BETA), MALLORY)), "NO_QUORUM", ["VALID+", "BAD_SIGNATURE"], **ALL)
    c.add("revoked-key", "quorum 5", "It does not count.", bundle(one, two), "NO_QUORUM", ["VALID+", "KEY_REVOKED"],
          **trusting(*NODES, cards={"beta": BETA.card(revoked=[revocation(BETA.receipt, "2026-11-01T00:00:00Z")])}))
    c.add("legacy-receipt", "quorum 1", "An answer is a receipt v2.",
          bundle(one, compact(receipt_v01(BETA.receipt, "sha256:" + "ab" * 32))), "NO_QUORUM", ["VALID+", "UNKNOWN_KEY"], **ALL)
    c.add("no-receipt-at-all", "quorum 5", "It does not make the bundle malformed.", bundle(one, "{}", two), "VALID",
          ["VALID=", "MALFORMED", "VALID="], RESULT, **ALL)
    c.add("empty-receipt", "quorum 5", "It does not make the bundle malformed.", bundle(one, "", two), "VALID",
          ["VALID=", "MALFORMED", "VALID="], RESULT, **ALL)


def request_cases(c):
    one, two = said_by(ALPHA), said_by(BETA)
    other = hello_manifest(nonce="ff" * 16)
    c.add("answers-to-another-job", "quorum 5", "Both agree on what was not asked.",
          bundle(one, two, manifest=text(compact(other))), "NO_QUORUM", ["WRONG_JOB"] * 2, **ALL)
    c.add("one-answer-to-another-job", "quorum 5", "It does not count.",
          bundle(one, said_by(BETA, manifest=other)), "NO_QUORUM", ["VALID+", "WRONG_JOB"], **ALL)
    lines = json.dumps(hello_manifest(), indent=1)
    c.add("manifest-in-other-bytes", "quorum 4", "Its bytes are what the receipts name.", bundle(one, two, manifest=lines),
          "NO_QUORUM", ["WRONG_JOB"] * 2, **ALL)
    c.add("manifest-is-none", "quorum 5", "Then there is nothing that was asked.", bundle(one, two, manifest="{}"),
          "MALFORMED", **ALL)
    c.add("manifest-is-empty", "quorum 5", "Then there is nothing that was asked.", bundle(one, two, manifest=""),
          "MALFORMED", **ALL)


def log_cases(c):
    logged = [logged_by(node) for node in NODES]
    c.add("signed-by-checkpoints", "receipt 1.5", "Where the logs sign.", bundle(*logged), "VALID", ["VALID="] * 3,
          RESULT, **ALL)
    c.add("proofs-where-they-are-needed", "quorum 1", "Level logged.", bundle(*logged), "VALID", ["VALID="] * 3, RESULT,
          **trusting(*NODES, level="logged"))
    c.add("proof-missing-where-it-is-needed", "quorum 5", "It does not count.", bundle(logged[0], said_by(BETA)),
          "NO_QUORUM", ["VALID+", "NOT_LOGGED"], **trusting(*NODES, level="logged"))
    c.add("proof-of-another-node", "quorum 5", "A proof is of its own receipt.",
          bundle(logged[0], logged[1] | {"proof": logged[0]["proof"]}), "NO_QUORUM", ["VALID+", "BAD_LOG_PROOF"], **ALL)
    c.add("proof-is-empty", "quorum 4", "It is there, and is none.", bundle(logged[0], answer(logged[1]["receipt"], "")),
          "NO_QUORUM", ["VALID+", "BAD_LOG_PROOF"], **ALL)
    seen = [logged_by(node, lines=cosigned(1, 2)) for node in (ALPHA, BETA)]
    c.add("witnessed", "quorum 5", "The policy is asked for each answer.", bundle(*seen), "VALID", ["VALID="] * 2, RESULT,
          policy=policy_text(2, log=None), **ALL)
    c.add("policy-with-the-log-of-one", "log 6", "A log that the policy does not name is not its log.", bundle(*seen),
          "NO_QUORUM", ["VALID+", "BAD_LOG_PROOF"], policy=policy_text(2), **ALL)
    c.add("one-is-not-witnessed", "quorum 5", "The policy is asked for each answer.", bundle(seen[0], logged[1]),
          "NO_QUORUM", ["VALID+", "NOT_WITNESSED"], policy=policy_text(2, log=None), **ALL)


def output_cases(c):
    two_of_three = bundle(said_by(ALPHA), said_by(BETA, LIE), said_by(GAMMA))
    c.add("output-of-those-who-agree", "quorum 5", "The bytes that two of three name.", two_of_three, "VALID",
          ["VALID=", "VALID+", "VALID="], RESULT, outputs={"stdout": STDOUT, "stderr": b""}, **ALL)
    for name, why, outputs in [
            ("output-of-the-one-who-differs", "That of nobody who agrees.", {"stdout": LIE}),
            ("output-that-nobody-names", "No subject has this name.", {"file:/none": b""})]:
        c.add(name, "quorum 5", why, two_of_three, "WRONG_OUTPUT", ["WRONG_OUTPUT=", "VALID+", "WRONG_OUTPUT="], RESULT,
              outputs=outputs, **ALL)
    c.add("output-without-a-quorum", "quorum 5", "It is not looked at.",
          bundle(said_by(ALPHA), said_by(BETA, LIE)), "NO_QUORUM", ["VALID+"] * 2, outputs={"stdout": b"x"}, **ALL)


def form_cases(c):
    good = bundle(said_by(ALPHA), agree=1)
    one = trusting(ALPHA)
    data = compact(good)

    def without(name):
        return {key: value for key, value in good.items() if key != name}

    first = good["answers"][0]
    for name, why, changed in [
            ("another-type", "A later version may be anything.", good | {"type": "urn:plasm:quorum:v2"}),
            ("type-missing", "Then it is no bundle.", without("type")),
            ("agree-missing", "Every member has to be there.", without("agree")),
            ("manifest-missing", "Every member has to be there.", without("manifest")),
            ("answers-missing", "Every member has to be there.", without("answers")),
            ("member-unknown", "No other member is allowed.", good | {"note": ""}),
            ("agree-0", "1 to 64.", good | {"agree": 0}),
            ("agree-65", "1 to 64.", good | {"agree": 65}),
            ("agree-negative", "1 to 64.", good | {"agree": -1}),
            ("agree-as-text", "A number.", good | {"agree": "1"}),
            ("agree-true", "A number.", good | {"agree": True}),
            ("manifest-as-an-object", "A string, so that its bytes are kept.", good | {"manifest": hello_manifest()}),
            ("answers-empty", "1 to 64.", good | {"answers": []}),
            ("answers-65", "1 to 64.", good | {"answers": [answer("")] * 65}),
            ("answers-as-an-object", "An array.", good | {"answers": first}),
            ("answer-as-text", "An object.", good | {"answers": [first["receipt"]]}),
            ("receipt-missing", "Every answer has one.", good | {"answers": [{"proof": ""}]}),
            ("receipt-as-an-object", "A string.", good | {"answers": [{"receipt": json.loads(first["receipt"])}]}),
            ("proof-null", "It is there or not.", good | {"answers": [first | {"proof": None}]}),
            ("answer-member-unknown", "No other member is allowed.", good | {"answers": [first | {"node": "beta"}]})]:
        c.add(name, "quorum 4", why, changed, "MALFORMED", **one)
    for name, why, changed in [
            ("agree-as-a-fraction", "job.md 1: integers.", data.replace(b'"agree":1', b'"agree":1.0')),
            ("agree-with-an-exponent", "job.md 1: integers.", data.replace(b'"agree":1', b'"agree":1e0')),
            ("agree-beyond-64-bits", "2^64 + 1 is not 1.", data.replace(b'"agree":1', b'"agree":18446744073709551617')),
            ("member-twice", "job.md 1: no name twice.", data.replace(b'"agree":1', b'"agree":2,"agree":1')),
            ("member-twice-by-an-escape", "The names are the same.", data.replace(b'"agree":1', b'"agree":2,"agre\\u0065":1')),
            ("byte-order-mark", "job.md 1: no mark.", b"\xef\xbb\xbf" + data),
            ("text-after-it", "Only blanks.", data + b"{}"),
            ("lone-surrogate", "job.md 1: no surrogates.", data.replace(b'"agree":1', b'"agree":1,"\\ud800":1')),
            ("an-array", "An object.", b"[" + data + b"]"),
            ("nothing", "An object.", b""),
            ("not-utf-8", "UTF-8.", data.replace(b'"type"', b'"typ\xff"'))]:
        assert changed != data
        c.add(name, "quorum 4", why, changed, "MALFORMED", **one)
    c.add("in-lines", "quorum 4", "Blanks between members are free.", json.dumps(good, indent=2).encode() + b"\n", "VALID",
          ["VALID="], RESULT, **one)
    c.add("answers-64", "quorum 4", "The most there may be.", bundle(*[answer("")] * 63, *good["answers"], agree=1), "VALID",
          ["MALFORMED"] * 63 + ["VALID="], RESULT, **one)


def make():
    c = QuorumCases()
    counting_cases(c)
    who_counts_cases(c)
    request_cases(c)
    log_cases(c)
    output_cases(c)
    form_cases(c)
    return {
        "format": "plasm-vectors/quorum/v1",
        "description": "Bundles of several nodes' answers: spec/quorum.md section 5.",
        "cases": c.cases.list,
    }
