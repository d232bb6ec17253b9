"""trust.json: files of trusted nodes."""
import struct

from cases import Cases, put
from formats import b64, fingerprint, openssh, ssh_wire
from world import ALPHA, BETA, MALLORY


def entry(node, level, card=None, revoked=(), name=None, operator=None):
    record = {"name": name or node.name, "identity": node.identity.public.hex(), "level": level}
    if card is not None:
        record["card"] = card
    if operator is not None:
        record["operator"] = operator
    record["revoked"] = [{"key": key, "at": at} for key, at in revoked]
    return record


def make():
    cases = Cases()
    alpha, beta = openssh(ALPHA.identity.public), openssh(BETA.identity.public)
    print_a, print_b = fingerprint(ALPHA.receipt.public), fingerprint(ALPHA.log.public)
    at = "2026-11-01T00:00:00Z"

    def good(name, why, text, *entries):
        case = cases.add(name, "trust 5", why)
        put(case, "file", text)
        case.update(valid=True, entries=list(entries))

    def bad(name, why, text):
        case = cases.add(name, "trust 5", why)
        put(case, "file", text)
        case["valid"] = False

    good("empty", "Nobody is trusted.", "")
    good("only-comments", "Nor by comments.", "# nodes\n\n   \n  # more\n")
    for level in ("signed", "logged", "witnessed", "blocked"):
        good(f"level-{level}", "One of the four levels.", ALPHA.line(level), entry(ALPHA, level))
    good("two-nodes", "One a line, in order.", ALPHA.line("signed") + BETA.line("blocked"),
         entry(ALPHA, "signed"), entry(BETA, "blocked"))
    good("no-line-end-at-the-end", "An editor may leave it out.", ALPHA.line("signed")[:-1],
         entry(ALPHA, "signed"))
    good("blanks", "Blanks and tabs, before, between and after.",
         f"\t alpha \t {alpha}   signed  \n", entry(ALPHA, "signed"))
    good("comment-behind", "A comment may follow.", ALPHA.line("signed")[:-1] + " # mine\n",
         entry(ALPHA, "signed"))
    good("name-not-in-ascii", "UTF-8.", f"kn\u00f6ten {alpha} signed\n",
         entry(ALPHA, "signed", name="kn\u00f6ten"))
    good("card", "The version that was accepted.", ALPHA.line("signed", "card=7"),
         entry(ALPHA, "signed", card=7))
    good("card-largest", "2^53 - 1.", ALPHA.line("signed", f"card={2**53 - 1}"),
         entry(ALPHA, "signed", card=2**53 - 1))
    good("revoked", "A key that the verifier has revoked.",
         ALPHA.line("signed", f"revoked={print_a}@{at}"),
         entry(ALPHA, "signed", revoked=[(print_a, at)]))
    good("operator", "Who runs it.", ALPHA.line("signed", "operator=acme.example"),
         entry(ALPHA, "signed", operator="acme.example"))
    good("operator-longest", "64 characters of each kind.", ALPHA.line("signed", "operator=" + "aZ09._+-" * 8),
         entry(ALPHA, "signed", operator="aZ09._+-" * 8))
    good("all-options", "Several, in any order.",
         ALPHA.line("logged", f"revoked={print_a}@{at}", "card=2", f"revoked={print_b}@{at}"),
         entry(ALPHA, "logged", card=2, revoked=[(print_a, at), (print_b, at)]))

    bad("name-missing", "Three fields at least.", f"{alpha} signed\n")
    bad("level-missing", "Three fields at least.", f"alpha {alpha}\n")
    bad("level-unknown", "Four levels.", ALPHA.line("trusted"))
    bad("level-in-another-case", "Byte for byte.", ALPHA.line("Signed"))
    bad("level-before-the-key", "In order.", f"alpha signed {alpha}\n")
    bad("option-unknown", "An option that is not understood could be a restriction.",
        ALPHA.line("signed", "until=2027-01-01T00:00:00Z"))
    bad("option-without-a-value", "`card=` and a number.", ALPHA.line("signed", "card="))
    bad("card-twice", "Which one counts?", ALPHA.line("signed", "card=1", "card=2"))
    bad("card-0", "Versions begin at 1.", ALPHA.line("signed", "card=0"))
    bad("card-with-a-leading-zero", "One form for a number.", ALPHA.line("signed", "card=07"))
    bad("card-beyond-2-to-the-53", "No version is that large.", ALPHA.line("signed", f"card={2**53}"))
    bad("operator-twice", "Who runs it?", ALPHA.line("signed", "operator=a", "operator=a"))
    bad("operator-without-a-name", "`operator=` and a name.", ALPHA.line("signed", "operator="))
    bad("operator-of-65-characters", "64 at most.", ALPHA.line("signed", "operator=" + "a" * 65))
    bad("operator-with-a-slash", "Letters, digits and `._+-`.", ALPHA.line("signed", "operator=a/b"))
    bad("revoked-without-a-time", "Since when?", ALPHA.line("signed", f"revoked={print_a}"))
    bad("revoked-with-a-bad-time", "The form of job.md section 1.6.",
        ALPHA.line("signed", f"revoked={print_a}@2026-11-01"))
    bad("revoked-twice", "Each key once.",
        ALPHA.line("signed", f"revoked={print_a}@{at}", f"revoked={print_a}@2026-11-02T00:00:00Z"))
    bad("revoked-identity", "A node is blocked, not revoked.",
        ALPHA.line("signed", f"revoked={fingerprint(ALPHA.identity.public)}@{at}"))
    bad("revoked-in-hex", "A fingerprint.",
        ALPHA.line("signed", f"revoked={ALPHA.receipt.public.hex()}@{at}"))
    bad("name-twice", "Names are unique.", ALPHA.line("signed") + f"alpha {beta} blocked\n")
    bad("key-twice", "One node, two levels: which one counts?",
        ALPHA.line("signed") + f"again {alpha} blocked\n")
    bad("one-bad-line", "A file with a bad line says nothing: the line could be a restriction.",
        ALPHA.line("signed") + "beta ssh-ed25519\n")
    bad("key-of-another-type", "Ed25519 only.", f"alpha ssh-rsa {alpha.split()[1]} signed\n")
    bad("key-in-hex", "Two words, as OpenSSH writes it.",
        f"alpha {ALPHA.identity.public.hex()} signed\n")
    bad("key-cut-short", "The whole key.", f"alpha {alpha[:-4]} signed\n")
    wire = ssh_wire(ALPHA.identity.public)
    bad("key-with-bytes-behind", "Nothing after the key.",
        f"alpha ssh-ed25519 {b64(wire + bytes(3))} signed\n")
    inner = ssh_wire(MALLORY.public).replace(b"ssh-ed25519", b"ssh-ed25518")
    bad("key-with-another-type-inside", "The type inside is the one outside.",
        f"alpha ssh-ed25519 {b64(inner)} signed\n")
    short = struct.pack(">I", 11) + b"ssh-ed25519" + struct.pack(">I", 31) + bytes(31)
    bad("key-of-31-bytes", "32 bytes.", f"alpha ssh-ed25519 {b64(short)} signed\n")
    huge = struct.pack(">I", 0xFFFFFFFF) + wire[4:]
    bad("key-with-a-huge-length", "A length beyond the bytes.", f"alpha ssh-ed25519 {b64(huge)} signed\n")
    bad("carriage-returns", "Line feeds alone end a line.", ALPHA.line("signed")[:-1] + "\r\n")
    bad("nul", "Text has no NUL.", ALPHA.line("signed") + "\0\n")
    bad("not-utf8", "UTF-8, in comments too.", ALPHA.line("signed").encode() + b"# \xff\n")
    bad("byte-order-mark", "It would be part of the first name.",
        b"\xef\xbb\xbf" + ALPHA.line("signed").encode())
    bad("hash-inside-a-name", "`#` starts a comment wherever it stands.", f"al#pha {alpha} signed\n")
    return {
        "format": "plasm-vectors/trust/v1",
        "description": "Files of trusted nodes: spec/trust.md section 5.",
        "cases": cases.list,
    }
