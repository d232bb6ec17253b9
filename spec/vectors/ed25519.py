"""Ed25519 from RFC 8032 and nothing else, for test vectors only: slow, and not constant in time.

Beside signing there is what an attacker needs: bare scalars and points, points of small
order, and a verification that says no to all that the specification says no to.
"""
import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493  # the order of the base point
D = -121665 * pow(121666, P - 2, P) % P
SQRT_MINUS_ONE = pow(2, (P - 1) // 4, P)

# A point is (X, Y, Z, T) with x = X/Z, y = Y/Z, x*y = T/Z.
NEUTRAL = (0, 1, 1, 0)


def recover_x(y, sign):
    """The x of RFC 8032 section 5.1.3, or None where there is none."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


_BASE_Y = 4 * pow(5, P - 2, P) % P
_BASE_X = recover_x(_BASE_Y, 0)
BASE = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)


def add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar, point):
    result = NEUTRAL
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def equal(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def encode(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decode(data):
    """The point, or None for 32 bytes that are no canonical encoding of one."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if len(data) != 32 or y >= P:
        return None
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def has_small_order(point):
    return equal(multiply(8, point), NEUTRAL)


def sha512_number(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little")


class Key:
    """A signing key by its seed."""

    def __init__(self, seed):
        assert len(seed) == 32
        digest = hashlib.sha512(seed).digest()
        self.seed = seed
        self.prefix = digest[32:]
        scalar = int.from_bytes(digest[:32], "little")
        self.scalar = scalar & (1 << 254) - 8 | 1 << 254
        self.public = encode(multiply(self.scalar, BASE))

    def sign(self, message):
        return self._sign(message, b"")

    def sign_prehashed(self, message):
        """Ed25519ph with an empty context: another algorithm, for those who mix them up."""
        domain = b"SigEd25519 no Ed25519 collisions" + bytes([1, 0])
        return self._sign(hashlib.sha512(message).digest(), domain)

    def _sign(self, message, domain):
        r = sha512_number(domain, self.prefix, message) % L
        point = encode(multiply(r, BASE))
        k = sha512_number(domain, point, self.public, message) % L
        return point + ((r + k * self.scalar) % L).to_bytes(32, "little")


def with_order_added(signature):
    """The same S, but not below the group's order: right by an equation that forgets to look."""
    s = int.from_bytes(signature[32:], "little") + L
    return signature[:32] + s.to_bytes(32, "little")


def verify(public, message, signature):
    """Strictly: canonical encodings, no points of small order, S below the order."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r = decode(public), decode(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L or has_small_order(a) or has_small_order(r):
        return False
    k = sha512_number(signature[:32], public, message) % L
    return equal(multiply(s, BASE), add(r, multiply(k, a)))


# Encodings of points whose order divides 8, canonical ones: what a lax verifier takes for keys.
def small_order_points():
    """A point of order 8 found by clearing the large order, and its multiples, by order."""
    y = 2
    while True:
        point = decode(y.to_bytes(32, "little"))
        y += 1
        if point is None:
            continue
        torsion = multiply(L, point)
        if not equal(multiply(4, torsion), NEUTRAL):
            break
    return [encode(multiply(i, torsion)) for i in range(8)]
