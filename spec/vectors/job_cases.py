"""job.json: manifests, tree digests, default seeds."""
import copy
import json

from cases import Cases, put
from formats import EMPTY_SHA256, b64, compact, default_seed, fingerprint, key, layout_text, sha256, tree_text

HELLO = {
    "type": "urn:plasm:job:v1",
    "module": {
        "sha256": "dedd6c1463ea83087be69c6863c3e76976a38dbe9708d8d842a72fc6580ccbfc",
        "size": "15547",
    },
    "args": ["hello.wasm", "Hello, World!"],
    "env": [],
    "stdin": {"sha256": EMPTY_SHA256, "size": "0"},
    "inputs": [],
    "outputs": [],
    "limits": {
        "memoryBytes": "536870912",
        "fuel": "9223372036854775807",
        "outputBytes": "67108864",
        "fileBytes": "1073741824",
        "fileNodes": "1048576",
        "wallTimeMs": "300000",
    },
    "profile": "plasm-det-1",
    "startTime": "1700000000000000000",
    "seed": "0" * 63 + "1",
}

FILES = {b"a.txt": b"a\n", b"b/c.txt": b"c\n", b"b-d.txt": b""}
LINKS = {b"b/link": b"../a.txt"}
FOLDERS = [b"empty"]


def full_manifest():
    """Every member that there is."""
    job = copy.deepcopy(HELLO)
    job["args"] = ["tool.wasm", "--all", {"base64": b64(b"\xff\xfe")}]
    job["env"] = ["LANG=C", "EMPTY=", "EQUALS=a=b"]
    stdin = "twice the h\u00e9llo\n".encode()
    job["stdin"] = {"sha256": sha256(stdin), "size": str(len(stdin)), "base64": b64(stdin)}
    job["inputs"] = [
        {"guest": "/data", "tree": sha256(tree_text(FILES)),
         "layout": sha256(layout_text(LINKS, FOLDERS))},
        {"guest": "/empty", "tree": EMPTY_SHA256},
    ]
    job["outputs"] = ["/data/out", "/data/report.txt"]
    job["requester"] = fingerprint(key("requester").public)
    job["nonce"] = "00112233445566778899aabbccddeeff"
    job["notAfter"] = "2026-11-24T09:30:00Z"
    job["placement"] = {"arch": "x86_64", "labels": {"zone": "north"}}
    job["retry"] = {"attempts": 3}
    return job


def changed(base, **changes):
    """A copy with members replaced, or removed where the value is None."""
    job = copy.deepcopy(base)
    for path, value in changes.items():
        *outer, last = path.split("__")
        where = job
        for name in outer:
            where = where[int(name) if name.isdigit() else name]
        if value is None:
            del where[last]
        else:
            where[last] = value
    return job


def replaced(old, new, base=None):
    text = compact(base or HELLO)
    assert text.count(old) == 1, (old, text.count(old))
    return text.replace(old, new)


class ManifestCases:
    def __init__(self, cases):
        self.cases = cases

    def valid(self, name, spec, why, manifest):
        text = manifest if isinstance(manifest, bytes) else compact(manifest)
        case = self.cases.add(name, spec, why, kind="manifest")
        put(case, "manifest", text)
        case.update(valid=True, digest=sha256(text))

    def invalid(self, name, spec, why, manifest):
        text = manifest if isinstance(manifest, bytes) else compact(manifest)
        case = self.cases.add(name, spec, why, kind="manifest")
        put(case, "manifest", text)
        case["valid"] = False


def json_cases(m):
    full = full_manifest()
    m.valid("valid-hello", "job 9", "The example of the specification, without blanks.", HELLO)
    m.valid("valid-every-member", "job 2", "Every member, the optional ones too.", full)
    m.valid("valid-in-lines", "job 7", "Blanks and line ends are free; the digest is another.",
            json.dumps(HELLO, indent=2).encode() + b"\n")
    m.valid("valid-members-in-another-order", "job 7", "Readers don't depend on the order.",
            dict(reversed(HELLO.items())))
    m.valid("valid-escaped-member-name", "job 1.2",
            "A name is what its escapes stand for.", replaced(b'"type"', b'"\\u0074ype"'))
    m.valid("valid-escaped-surrogate-pair", "job 1.4", "A pair is one character.",
            replaced(b"Hello, World!", b"\\ud83d\\ude00"))

    m.invalid("empty", "job 1.1", "Nothing is no document.", b"")
    m.invalid("byte-order-mark", "job 1.1", "A mark before the value is refused.",
              b"\xef\xbb\xbf" + compact(HELLO))
    m.invalid("text-after-the-value", "job 1.1", "Only blanks may follow.", compact(HELLO) + b"{}")
    m.invalid("nul-after-the-value", "job 1.1", "A NUL byte is no blank.", compact(HELLO) + b"\0")
    m.invalid("comma-before-the-end", "job 1.1", "RFC 8259 knows no trailing comma.",
              compact(HELLO)[:-1] + b",}")
    m.invalid("comment", "job 1.1", "RFC 8259 knows no comments.", b"/* job */" + compact(HELLO))
    m.invalid("single-quotes", "job 1.1", "Strings have double quotes.",
              compact(HELLO).replace(b'"', b"'"))
    m.invalid("not-utf8", "job 1.1", "A byte that is not UTF-8.", replaced(b"World", b"W\xf6rld"))
    m.invalid("overlong-utf8", "job 1.1", "An overlong form of a slash.",
              replaced(b"World", b"\xc0\xaf"))
    m.invalid("utf16", "job 1.1", "Another encoding.", compact(HELLO).decode().encode("utf-16-le"))
    m.invalid("cut-short", "job 1.1", "The end is missing.", compact(HELLO)[:-1])
    m.invalid("array-at-the-top", "job 2", "A manifest is an object.", b"[" + compact(HELLO) + b"]")
    m.invalid("raw-line-feed-in-a-string", "job 1.1", "Control characters must be escaped.",
              replaced(b"Hello, World!", b"Hello\nWorld"))
    m.invalid("duplicate-member", "job 1.2", "The same name twice with the same value.",
              replaced(b'"env":[]', b'"env":[],"env":[]'))
    m.invalid("duplicate-member-by-escapes", "job 1.2", "The same name, once with an escape.",
              replaced(b'"env":[]', b'"env":[],"\\u0065nv":[]'))
    m.invalid("duplicate-member-deep-down", "job 1.2", "At any depth.",
              replaced(b'"size":"15547"', b'"size":"15547","size":"1"'))
    m.invalid("member-name-in-another-case", "job 1.2", "`Module` is not `module`.",
              replaced(b'"module"', b'"Module"'))
    m.invalid("member-name-twice-in-two-cases", "job 1.2", "And may not stand beside it.",
              replaced(b'"env":[]', b'"env":[],"Env":[]'))
    m.invalid("unknown-member", "job 1.2", "What the text does not name is refused.",
              changed(HELLO, comment="x"))
    m.invalid("unknown-member-deep-down", "job 1.2", "At any depth.",
              changed(HELLO, module__name="x"))
    m.invalid("unknown-limit", "job 1.2", "Also among the limits.",
              changed(HELLO, limits__diskBytes="1"))
    for name, text in [("fraction", b"3.0"), ("exponent", b"3e0"), ("negative-zero", b"-0"),
                       ("beyond-64-bits", b"18446744073709551616"), ("leading-zero", b"03"),
                       ("plus-sign", b"+3"), ("nan", b"NaN"), ("hex", b"0x3")]:
        m.invalid(f"number-with-{name}" if name != "nan" else "number-nan", "job 1.3",
                  f"An integer may not be written as {text.decode()}.",
                  replaced(b'"attempts":3', b'"attempts":' + text, full))
    m.invalid("number-where-a-decimal-string-belongs", "job 1.3",
              "A count that can exceed 2^53 is a string.", changed(HELLO, limits__fuel=1000))
    m.invalid("decimal-string-where-a-number-belongs", "job 1.3", "And the other way round.",
              changed(full, retry__attempts="3"))
    for name, text in [("with-a-leading-zero", "01000"), ("empty", ""), ("negative", "-1"),
                       ("with-a-sign", "+1"), ("with-a-blank", " 1"), ("in-hex", "0x10"),
                       ("of-two-to-the-64", "18446744073709551616"), ("with-an-exponent", "1e3"),
                       ("with-a-line-feed", "1\n"), ("with-other-digits", "\u0661")]:
        m.invalid(f"decimal-string-{name}", "job 1.3", "Digits alone, no leading zero, below 2^64.",
                  changed(HELLO, limits__memoryBytes=text))
    m.valid("decimal-string-largest", "job 1.3", "2^64 - 1 is below 2^64.",
            changed(HELLO, limits__memoryBytes="18446744073709551615"))
    m.invalid("lone-surrogate", "job 1.4", "A high surrogate without its low one.",
              replaced(b"World", b"\\ud800"))
    m.invalid("lone-low-surrogate", "job 1.4", "A low surrogate alone.",
              replaced(b"World", b"\\udc00"))
    m.invalid("surrogates-swapped", "job 1.4", "Low before high.",
              replaced(b"World", b"\\udc00\\ud800"))
    m.invalid("surrogate-in-utf8", "job 1.4", "A surrogate as three bytes is not UTF-8.",
              replaced(b"World", b"\xed\xa0\x80"))
    m.invalid("lone-surrogate-in-a-name", "job 1.4", "Names are strings too.",
              replaced(b'"env":[]', b'"env":[],"\\ud800":1'))
    m.invalid("nested-17-deep", "job 1.5", "Sixteen is the most.",
              replaced(b'"env":[]', b'"env":' + b"[" * 16 + b"]" * 16))
    m.invalid("nested-5000-deep", "job 1.5", "A parser must not recurse without a bound.",
              b"[" * 5000 + b"]" * 5000)
    m.invalid("nested-objects-never-closed", "job 1.5", "Not even for text that never ends.",
              b'{"a":' * 3000)


def time_cases(m):
    base = full_manifest()
    for name, text in [("with-milliseconds", "2026-11-24T09:30:00.125Z"),
                       ("first", "1970-01-01T00:00:00Z"),
                       ("last", "9999-12-31T23:59:59.999Z"),
                       ("on-a-leap-day", "2028-02-29T00:00:00Z"),
                       ("on-a-leap-day-of-2000", "2000-02-29T00:00:00Z")]:
        m.valid(f"time-{name}", "job 1.6", "A time of the right form.", changed(base, notAfter=text))
    for name, text in [("with-an-offset", "2026-11-24T09:30:00+00:00"),
                       ("without-z", "2026-11-24T09:30:00"),
                       ("in-lower-case", "2026-11-24t09:30:00z"),
                       ("with-a-blank", "2026-11-24 09:30:00Z"),
                       ("with-one-digit-of-a-fraction", "2026-11-24T09:30:00.1Z"),
                       ("with-six-digits-of-a-fraction", "2026-11-24T09:30:00.125000Z"),
                       ("with-an-empty-fraction", "2026-11-24T09:30:00.Z"),
                       ("with-a-comma", "2026-11-24T09:30:00,125Z"),
                       ("with-a-leap-second", "2016-12-31T23:59:60Z"),
                       ("at-24-hours", "2026-11-24T24:00:00Z"),
                       ("on-a-day-that-is-not", "2026-02-29T00:00:00Z"),
                       ("on-a-leap-day-of-2100", "2100-02-29T00:00:00Z"),
                       ("in-month-13", "2026-13-01T00:00:00Z"),
                       ("on-day-0", "2026-11-00T00:00:00Z"),
                       ("before-1970", "1969-12-31T23:59:59Z"),
                       ("with-five-digits-of-a-year", "12026-11-24T09:30:00Z"),
                       ("without-seconds", "2026-11-24T09:30Z"),
                       ("empty", "")]:
        m.invalid(f"time-{name}", "job 1.6", "Exactly two forms, and a moment that exists.",
                  changed(base, notAfter=text))
    m.invalid("time-as-a-number", "job 1.6", "A time is a string.",
              changed(base, notAfter=1795512600))


def byte_string_cases(m):
    m.valid("byte-string-not-utf8", "job 1.7", "Bytes that are not UTF-8 stand in base64.",
            changed(HELLO, args=["a", {"base64": b64(b"\xff")}]))
    m.valid("byte-string-empty", "job 1.7", "An empty argument is a string.",
            changed(HELLO, args=["a", ""]))
    m.valid("byte-string-with-controls", "job 1.7", "Control characters are UTF-8.",
            changed(HELLO, args=["a", "\x01\x1b\x7f"]))
    m.invalid("byte-string-base64-of-text", "job 1.7", "What can stand as a string must.",
              changed(HELLO, args=["a", {"base64": b64(b"text")}]))
    m.invalid("byte-string-base64-of-nothing", "job 1.7", "No bytes can stand as a string.",
              changed(HELLO, args=["a", {"base64": ""}]))
    m.invalid("byte-string-url-alphabet", "job 1.7", "Only the alphabet of section 4.",
              changed(HELLO, args=["a", {"base64": "__79"}]))
    m.invalid("byte-string-unpadded", "job 1.7", "Padding is not left out.",
              changed(HELLO, args=["a", {"base64": "/w"}]))
    m.invalid("byte-string-bits-at-the-end", "job 1.7", "The bits that are left over are zero.",
              changed(HELLO, args=["a", {"base64": "/x=="}]))
    m.invalid("byte-string-with-a-line-end", "job 1.7", "Base64 without line ends.",
              changed(HELLO, args=["a", {"base64": "/w==\n"}]))
    m.invalid("byte-string-other-member", "job 1.7", "The object has one member.",
              changed(HELLO, args=["a", {"base64": "/w==", "x": 1}]))
    m.invalid("byte-string-hex-object", "job 1.7", "And that is `base64`.",
              changed(HELLO, args=["a", {"hex": "ff"}]))
    m.invalid("byte-string-null", "job 1.7", "A byte string is not null.",
              changed(HELLO, args=["a", None]))
    m.invalid("byte-string-number", "job 1.7", "Nor a number.", changed(HELLO, args=["a", 1]))


def member_cases(m):
    full = full_manifest()
    for name in HELLO:
        m.invalid(f"without-{name.lower()}", "job 2", f"`{name}` is required.",
                  changed(HELLO, **{name: None}))
    for name in HELLO["limits"]:
        m.invalid(f"without-limit-{name.lower()}", "job 4", f"`{name}` is required.",
                  changed(HELLO, **{f"limits__{name}": None}))
    for name in ("requester", "nonce", "notAfter", "placement", "retry"):
        m.invalid(f"{name.lower()}-null", "job 2", "Optional members are left out, never null.",
                  replaced(b'"env":[]', b'"env":[],"%s":null' % name.encode()))
    m.invalid("type-of-another-version", "job 2", "Another version is another document.",
              changed(HELLO, type="urn:plasm:job:v2"))
    m.invalid("type-in-another-case", "job 2", "Compared byte for byte.",
              changed(HELLO, type="urn:plasm:Job:v1"))
    m.invalid("module-digest-in-upper-case", "job 1", "Hex digits are lower case.",
              changed(HELLO, module__sha256=HELLO["module"]["sha256"].upper()))
    m.invalid("module-digest-with-a-prefix", "job 2", "64 digits and nothing else.",
              changed(HELLO, module__sha256="sha256:" + HELLO["module"]["sha256"]))
    m.invalid("module-digest-too-short", "job 2", "63 digits.",
              changed(HELLO, module__sha256=HELLO["module"]["sha256"][1:]))
    m.valid("no-args", "job 2", "A list may be empty.", changed(HELLO, args=[]))
    m.invalid("args-with-nul", "job 2", "An argument is a C string for the guest.",
              replaced(b"World", b"\\u0000"))
    m.invalid("args-with-nul-in-base64", "job 2", "However it is written.",
              changed(HELLO, args=["a", {"base64": b64(b"a\0b")}]))
    m.invalid("args-not-a-list", "job 2", "One string is no list.", changed(HELLO, args="a b"))
    m.valid("env-name-twice", "job 2", "The guest gets the list as it is.",
            changed(HELLO, env=["A=1", "A=2"]))
    m.invalid("env-without-equals", "job 2", "`KEY=value`.", changed(HELLO, env=["PATH"]))
    m.invalid("env-without-a-name", "job 2", "The name is not empty.", changed(HELLO, env=["=x"]))
    m.invalid("env-object", "job 2", "A list, since the order counts.", changed(HELLO, env={"A": "1"}))
    m.invalid("stdin-size-differs", "job 2", "Inline bytes have the size that stands beside them.",
              changed(full, stdin__size="1"))
    m.invalid("stdin-digest-differs", "job 2", "And the digest.",
              changed(full, stdin__sha256=EMPTY_SHA256))
    m.invalid("stdin-as-a-string", "job 2", "An object with the digest.", changed(HELLO, stdin=""))
    m.valid("stdin-inline-of-no-bytes", "job 2", "Inline bytes may be none.",
            changed(HELLO, stdin__base64=""))
    m.invalid("stdin-inline-mixed-alphabets", "job 2", "Base64 of section 4 only.",
              changed(full, stdin__base64="-" + full["stdin"]["base64"][1:]))
    m.invalid("input-without-tree", "job 2", "A folder is named by its tree digest.",
              changed(HELLO, inputs=[{"guest": "/data"}]))
    m.invalid("input-with-an-empty-guest-path", "job 2", "A path has at least one byte.",
              changed(HELLO, inputs=[{"guest": "", "tree": EMPTY_SHA256}]))
    m.invalid("input-layout-null", "job 2", "Left out, not null.",
              replaced(b'"inputs":[]', b'"inputs":[{"guest":"/d","tree":"%s","layout":null}]'
                       % EMPTY_SHA256.encode()))
    m.invalid("output-twice", "job 2", "No path twice.", changed(HELLO, outputs=["/a", "/a"]))
    m.invalid("output-twice-by-escapes", "job 2", "Paths are compared as bytes.",
              replaced(b'"outputs":[]', b'"outputs":["/a","\\u002fa"]'))
    m.invalid("output-with-nul", "job 2", "A path has no NUL.",
              changed(HELLO, outputs=[{"base64": b64(b"a\0b")}]))
    m.invalid("output-empty", "job 2", "A path has at least one byte.", changed(HELLO, outputs=[""]))
    m.invalid("fuel-of-two-to-the-63", "job 4", "Fuel is below 2^63.",
              changed(HELLO, limits__fuel="9223372036854775808"))
    m.valid("file-nodes-largest", "job 4", "2^30.", changed(HELLO, limits__fileNodes="1073741824"))
    m.invalid("file-nodes-above-two-to-the-30", "job 4", "At most 2^30.",
              changed(HELLO, limits__fileNodes="1073741825"))
    m.valid("no-wall-time", "job 4", "0 is none.", changed(HELLO, limits__wallTimeMs="0"))
    m.valid("profile-live", "job 2", "The other profile.", changed(HELLO, profile="live"))
    m.invalid("profile-unknown", "job 2", "There are two.", changed(HELLO, profile="plasm-det-2"))
    m.invalid("start-time-as-a-time", "job 2", "Nanoseconds as a decimal string.",
              changed(HELLO, startTime="2026-11-24T09:30:00Z"))
    m.invalid("seed-in-upper-case", "job 1", "Hex digits are lower case.",
              changed(HELLO, seed="AB" * 32))
    m.invalid("seed-too-short", "job 2", "64 digits.", changed(HELLO, seed="0" * 62))
    m.invalid("requester-in-hex", "job 2", "A fingerprint as OpenSSH writes it.",
              changed(full, requester=key("requester").public.hex()))
    m.invalid("requester-padded", "job 2", "Without padding.",
              changed(full, requester=full["requester"] + "="))
    m.valid("nonce-longest", "job 2", "128 digits.", changed(full, nonce="ab" * 64))
    for name, text in [("too-short", "ab" * 15), ("too-long", "ab" * 65), ("odd", "ab" * 16 + "a"),
                       ("in-upper-case", "AB" * 16), ("not-hex", "xy" * 16), ("empty", "")]:
        m.invalid(f"nonce-{name}", "job 2", "32 to 128 lower-case hex digits, an even number.",
                  changed(full, nonce=text))
    m.invalid("module-size-as-a-number", "job 1.3", "A decimal string.", changed(HELLO, module__size=15547))
    m.invalid("stdin-digest-in-upper-case", "job 1", "Hex digits are lower case.",
              changed(HELLO, stdin__sha256=EMPTY_SHA256.upper()))
    m.invalid("input-tree-too-short", "job 3", "64 digits.",
              changed(HELLO, inputs=[{"guest": "/data", "tree": EMPTY_SHA256[1:]}]))
    m.invalid("placement-arch-with-a-blank", "job 2", "Letters, digits and a few marks.",
              changed(full, placement__arch="x86 64"))
    m.valid("placement-empty", "job 2", "Both of its members are optional.",
            changed(full, placement={}))
    m.invalid("placement-label-number", "job 2", "Labels are strings.",
              changed(full, placement__labels={"zone": 1}))
    m.invalid("placement-unknown-member", "job 1.2", "Nothing else.",
              changed(full, placement={"country": "x"}))
    m.valid("retry-most", "job 2", "100 attempts.", changed(full, retry__attempts=100))
    m.invalid("retry-none", "job 2", "At least one.", changed(full, retry__attempts=0))
    m.invalid("retry-too-many", "job 2", "At most 100.", changed(full, retry__attempts=101))
    m.invalid("retry-without-attempts", "job 2", "`attempts` is what it is there for.",
              changed(full, retry={}))


def tree_cases(cases):
    def add(name, why, files=None, links=None, folders=()):
        case = cases.add(name, "job 3", why, kind="tree")
        files, links = files or {}, links or {}
        write(case, files, links, folders)
        text, layout = tree_text(files), layout_text(links, folders)
        case["valid"] = True
        case["tree"] = sha256(text)
        if layout:
            case["layout"] = sha256(layout)

    def write(case, files, links, folders):
        def entry(path, name=None, data=None):
            record = {}
            put(record, "path", path)
            if name:
                put(record, name, data)
            return record
        case["files"] = [entry(p, "content", c) for p, c in files.items()]
        case["links"] = [entry(p, "target", t) for p, t in links.items()]
        case["empty_folders"] = [entry(p) for p in folders]

    def invalid(name, why, files=None, links=None, folders=()):
        case = cases.add(name, "job 3", why, kind="tree")
        write(case, files or {}, links or {}, folders)
        case["valid"] = False

    add("tree-empty", "No file: the text is empty, and its digest that of no bytes.")
    add("tree-one-file", "One line.", {b"a.txt": b"a\n"})
    add("tree-of-the-example", "Files, a link and an empty folder.", FILES, LINKS, FOLDERS)
    add("tree-sorted-by-bytes", "`b-d` and `b.e` come before `b/c`, upper case before lower.",
        {b"b/c": b"1", b"b-d": b"2", b"b.e": b"3", b"Z": b"4", b"a": b"5"})
    add("tree-not-in-ascii", "Sorted by the bytes of UTF-8, not by character or language.",
        {name.encode(): data for name, data in
             {"\u00e9": b"1", "z": b"2", "\U0001f600": b"3", "\uffee": b"4"}.items()})
    add("tree-blanks-and-quotes-in-names", "Names that a shell would take apart.",
        {b" a  b ": b"1", b"'q\"": b"2", b"*": b"3", b"-n": b"4", b"tab\there": b"5"})
    add("tree-only-layout", "No file, but folders and links: the tree is that of nothing.",
        links={b"l": b"nowhere"}, folders=[b"d", b"e/f"])
    add("tree-layout-sorted", "Links and folders are sorted together, by path.",
        {b"f": b""}, {b"b": b"f", b"d": b"../x y"}, [b"c", b"a"])
    add("tree-binary-content", "Contents are bytes.", {b"bin": bytes(range(256))})
    invalid("tree-name-not-utf8", "A path is UTF-8.", {b"\xff": b""})
    invalid("tree-name-with-a-line-feed", "sha256sum would escape it.", {b"a\nb": b""})
    invalid("tree-name-with-a-carriage-return", "Likewise.", {b"a\rb": b""})
    invalid("tree-name-with-a-backslash", "Likewise.", {b"a\\b": b""})
    invalid("tree-name-of-one-dash", "sha256sum would read its standard input.", {b"-": b"x"})
    add("tree-name-of-one-dash-deeper", "Below a folder it has a path of its own.", {b"a/-": b"x"})
    invalid("tree-folder-with-an-arrow", "It could be written like a link.", folders=[b"a -> b"])
    invalid("tree-link-with-an-arrow-in-its-path", "Two different layouts would have one text.",
            links={b"a -> b": b"c"})
    add("tree-link-text-with-an-arrow", "The first arrow ends the path.", links={b"a": b"b -> c"})
    invalid("tree-link-text-empty", "A link leads somewhere.", links={b"a": b""})
    invalid("tree-link-text-with-a-line-feed", "The rule for paths is the rule for link texts.",
            links={b"l": b"a\nb"})
    invalid("tree-link-text-not-utf8", "Likewise.", links={b"l": b"\xff"})
    invalid("tree-folder-with-a-backslash", "And for empty folders.", folders=[b"a\\b"])


def seed_cases(cases):
    def add(name, why, manifest):
        case = cases.add(name, "job 5", why, kind="default-seed")
        put(case, "manifest", compact(manifest))
        case["seed"] = default_seed(manifest)

    full = full_manifest()
    add("default-seed-hello", "The example's default seed; its own seed does not count.", HELLO)
    add("default-seed-hello-other-seed", "The same.", changed(HELLO, seed="ff" * 32))
    add("default-seed-every-member",
        "Nonce, end, requester, placement, retry and stdin do not count.", full)
    add("default-seed-bare", "The same as with these members.",
        {k: v for k, v in full.items()
         if k not in ("nonce", "notAfter", "requester", "placement", "retry")})
    add("default-seed-other-args", "Another argument gives another seed.",
        changed(HELLO, args=["hello.wasm", "Hello"]))


def make():
    cases = Cases()
    m = ManifestCases(cases)
    json_cases(m)
    time_cases(m)
    byte_string_cases(m)
    member_cases(m)
    tree_cases(cases)
    seed_cases(cases)
    return {
        "format": "plasm-vectors/job/v1",
        "description": "Job manifests, tree digests and default seeds: spec/job.md.",
        "cases": cases.list,
    }
