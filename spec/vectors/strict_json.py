"""Reading JSON by job.md section 1, and the forms of single values."""
import base64
import datetime
import json
import re


class Malformed(Exception):
    pass


def need(condition, what=""):
    if not condition:
        raise Malformed(what)


def _refuse(text):
    raise Malformed(f"the number {text}")


def _integer(text):
    need(text != "-0" and -2**63 <= int(text) < 2**64, text)
    return int(text)


def _members(pairs):
    names = [name for name, _ in pairs]
    need(len(set(names)) == len(names), "a name twice")
    return dict(pairs)


def _depth(text):
    """How deep brackets stand in each other, outside of strings."""
    depth = most = 0
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text, re.S):
        if token[0] in "[{":
            depth += 1
            most = max(most, depth)
        elif token[0] in "]}":
            depth -= 1
    return most


def _walk(value):
    if isinstance(value, str):
        need(not any(0xD800 <= ord(c) <= 0xDFFF for c in value), "a lone surrogate")
    elif isinstance(value, list):
        for item in value:
            _walk(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            _walk(name)
            _walk(item)


def parse(data):
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Malformed("not UTF-8") from None
    need(not text.startswith("\ufeff") and _depth(text) <= 16, "a mark, or too deep")
    try:
        value = json.loads(text, object_pairs_hook=_members, parse_int=_integer, parse_float=_refuse,
                           parse_constant=_refuse)
    except (json.JSONDecodeError, RecursionError):
        raise Malformed("not JSON") from None
    _walk(value)
    return value


def members(value, required, optional=()):
    need(isinstance(value, dict), "an object")
    need(set(required) <= set(value) <= set(required) | set(optional), "members")
    return value


def string(value):
    need(isinstance(value, str), "a string")
    return value


def array(value, most=10**6):
    need(isinstance(value, list) and len(value) <= most, "an array")
    return value


def integer(value, least, most):
    need(type(value) is int and least <= value <= most, "an integer")
    return value


def matching(value, pattern):
    need(re.fullmatch(pattern, string(value), re.S | re.A) is not None, pattern)
    return value


def decimal(value, below=2**64):
    need(int(matching(value, r"0|[1-9][0-9]{0,19}")) < below, "too large")
    return int(value)


def digest(value):
    return matching(value, r"[0-9a-f]{64}")


def base64_of(value, alphabets=("+/",)):
    for last_two in alphabets:
        if re.fullmatch(rf"[A-Za-z0-9{re.escape(last_two)}]*={{0,2}}", string(value)) and len(value) % 4 == 0:
            try:
                data = base64.b64decode(value, altchars=last_two.encode(), validate=True)
            except ValueError:
                continue
            if base64.b64encode(data, altchars=last_two.encode()).decode() == value:
                return data
    raise Malformed("base64")


def either_base64(value):
    return base64_of(value, ("+/", "-_"))


def byte_string(value):
    if isinstance(value, str):
        need("\0" not in value, "a NUL")
        return value.encode()
    data = base64_of(members(value, ["base64"])["base64"])
    try:
        need("\0" in data.decode(), "could be a string")
    except UnicodeDecodeError:
        pass
    return data


def time(value):
    """Milliseconds since 1970."""
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{3}))?Z",
                         string(value))
    need(match, "a time")
    *parts, fraction = match.groups()
    try:
        moment = datetime.datetime(*map(int, parts), tzinfo=datetime.timezone.utc)
    except ValueError:
        raise Malformed("no such moment") from None
    need(moment.year >= 1970, "before 1970")
    since = moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return (since.days * 86400 + since.seconds) * 1000 + int(fraction or 0)


def fingerprint(value):
    base64_of(matching(value, r"SHA256:.{43}")[len("SHA256:"):] + "=")
    return value


def no_controls(value):
    need(not any(ord(c) < 0x20 or 0x7F <= ord(c) <= 0x9F for c in string(value)), "a control character")
    return value


def text(value, least, most):
    need(least <= len(no_controls(value).encode()) <= most, "too short or too long")
    return value


def origin(value):
    need(not any(c.isspace() or c == "+" for c in text(value, 1, 255)), "an origin")
    return value


WORD = r"[A-Za-z0-9._+-]{1,64}"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
