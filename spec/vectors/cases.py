"""How cases are written down: text where text does, base64 otherwise."""
from formats import b64

UNCLEAN = {chr(c) for c in (*range(0x7F, 0xA0), 0x2028, 0x2029, 0xFEFF)}


def is_clean(data):
    """Whether bytes can stand as text that no editor, checkout or JSON library will change."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    return all(c in "\n\t" or (c >= " " and c not in UNCLEAN) for c in text)


def put(case, name, data):
    """`name` with text, or `name`_base64."""
    if isinstance(data, str):
        data = data.encode()
    if is_clean(data):
        case[name] = data.decode()
    else:
        case[name + "_base64"] = b64(data)


class Cases:
    """Collects the cases of one file, each under a name of its own."""

    def __init__(self):
        self.list = []

    def add(self, name, spec, why, **members):
        assert name not in {case["name"] for case in self.list}, name
        assert name == name.lower() and " " not in name and "_" not in name, name
        case = {"name": name, "spec": spec, "why": why, **members}
        self.list.append(case)
        return case
