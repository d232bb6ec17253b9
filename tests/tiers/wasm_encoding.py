"""The binary format of a WebAssembly core module, as far as the generator needs it."""
import struct

I32, I64, F32, F64, V128, FUNCREF = 0x7F, 0x7E, 0x7D, 0x7C, 0x7B, 0x70
NO_VALUE = 0x40

_SECTIONS = ("custom", "type", "import", "function", "table", "memory", "global", "export",
             "start", "element", "code", "data", "data_count")
# Data count (12) stands before code (10): a body may name a segment.
_ORDER = (1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11)


def unsigned(number):
    out = bytearray()
    while True:
        byte = number & 0x7F
        number >>= 7
        if number == 0:
            out.append(byte)
            return bytes(out)
        out.append(byte | 0x80)


def signed(number):
    out = bytearray()
    while True:
        byte = number & 0x7F
        number >>= 7
        if (number == 0 and not byte & 0x40) or (number == -1 and byte & 0x40):
            out.append(byte)
            return bytes(out)
        out.append(byte | 0x80)


def vector(items):
    return unsigned(len(items)) + b"".join(items)


def sized(content):
    return unsigned(len(content)) + content


def name(text):
    return sized(text.encode())


def simd(opcode):
    return b"\xfd" + unsigned(opcode)


def bulk(opcode):
    return b"\xfc" + unsigned(opcode)


def const(value_type, bits):
    """The instruction that pushes a constant, given as its bit pattern."""
    if value_type == I32:
        return b"\x41" + signed(bits - (1 << 32) if bits >> 31 else bits)
    if value_type == I64:
        return b"\x42" + signed(bits - (1 << 64) if bits >> 63 else bits)
    if value_type == F32:
        return b"\x43" + struct.pack("<I", bits)
    if value_type == F64:
        return b"\x44" + struct.pack("<Q", bits)
    return simd(0x0C) + bits.to_bytes(16, "little")


def i32(number):
    return b"\x41" + signed(number)


class Module:
    """Collects sections. Function indices count imports first."""

    def __init__(self):
        self.sections = {number: [] for number in _ORDER}
        self.types = {}

    def type_index(self, params, results):
        key = (tuple(params), tuple(results))
        if key not in self.types:
            self.types[key] = len(self.types)
            self.sections[1].append(b"\x60" + sized(bytes(params)) + sized(bytes(results)))
        return self.types[key]

    def add(self, section, entry):
        entries = self.sections[_SECTIONS.index(section)]
        entries.append(entry)
        return len(entries) - 1

    def encode(self):
        out = bytearray(b"\0asm\x01\0\0\0")
        if self.sections[11]:
            self.sections[12] = [unsigned(len(self.sections[11]))]
        for number in _ORDER:
            entries = self.sections[number]
            if not entries:
                continue
            content = entries[0] if number in (8, 12) else vector(entries)
            out += bytes([number]) + sized(content)
        return bytes(out)
