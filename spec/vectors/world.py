"""Who is in the vectors: three nodes, an attacker, three witnesses, and what they have signed."""
import copy

from formats import CARD_TYPE, compact, default_origin, fingerprint, key, openssh, signed

NOW = "2026-11-24T09:35:00Z"
NOW_SECONDS = 1795512900

MALLORY = key("mallory")
REQUESTER = key("requester")


class Node:
    def __init__(self, name):
        self.name = name
        self.identity = key(f"{name} identity")
        self.receipt = key(f"{name} receipt")
        self.old_receipt = key(f"{name} receipt, before")
        self.log = key(f"{name} log")
        self.tls = key(f"{name} tls")
        self.origin = default_origin(self.identity.public)

    def card(self, **changes):
        """The payload of its present card, as a value; see `changed_card`."""
        card = {
            "type": "urn:plasm:card:v1",
            "identity": self.identity.public.hex(),
            "name": f"node {self.name}",
            "version": 2,
            "issued": "2026-10-01T00:00:00Z",
            "expires": "2027-10-01T00:00:00Z",
            "keys": [
                {"use": "receipt", "key": self.receipt.public.hex(),
                 "from": "2026-10-01T00:00:00Z", "to": "2027-10-01T00:00:00Z"},
                {"use": "receipt", "key": self.old_receipt.public.hex(),
                 "from": "2026-01-01T00:00:00Z", "to": "2026-10-01T00:00:00Z"},
                {"use": "log", "key": self.log.public.hex(),
                 "from": "2026-01-01T00:00:00Z", "to": "2028-01-01T00:00:00Z",
                 "origin": self.origin},
                {"use": "tls", "key": self.tls.public.hex(),
                 "from": "2026-10-01T00:00:00Z", "to": "2027-10-01T00:00:00Z"},
            ],
            "revoked": [],
            "endpoints": [f"https://{self.name}.example:8440"],
            "capabilities": {
                "engine": "wasmtime-48",
                "arch": "x86_64",
                "profiles": ["plasm-det-1", "live"],
                "labels": {"zone": "north"},
            },
        }
        card.update(changes)
        return card

    def sign_card(self, card):
        return signed(card if isinstance(card, bytes) else compact(card), self.identity, CARD_TYPE)

    def line(self, level, *options):
        return " ".join([self.name, openssh(self.identity.public), level, *options]) + "\n"


ALPHA = Node("alpha")
BETA = Node("beta")
GAMMA = Node("gamma")


class Witness:
    def __init__(self, number):
        self.name = f"witness{number}.example/w"
        self.key = key(f"witness {number}")


WITNESSES = [Witness(number) for number in (1, 2, 3)]


def revocation(signer, at, log_size=None):
    entry = {"key": signer.public.hex(), "at": at}
    if log_size is not None:
        entry["logSize"] = log_size
    return entry


def deep(value):
    return copy.deepcopy(value)


def key_id_text(signer):
    return fingerprint(signer.public)
