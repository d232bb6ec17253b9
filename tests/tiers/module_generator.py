#!/usr/bin/env python3
"""Writes small random WASI modules that end by themselves and show what they computed.

Usage: module_generator.py SEED [FILE]

The same seed gives the same bytes in every version of Python. A module's functions use the
whole of what the engine accepts: integers, floats (NaNs too), vectors, memory and table
instructions, calls, indirect and tail calls, branches, loops, and host calls. `_start` calls
each of them, writes every result to standard output as it comes, and at last a hash of memory
and globals. A few modules trap on the way; what was written until then stays comparable.

Loops and calls draw on a budget, so that a module runs for milliseconds, and calls on a depth
limit, so that the stack's size, which compilers may differ in, is never what ends it.
"""
import random
import sys

from wasm_encoding import (F32, F64, FUNCREF, I32, I64, NO_VALUE, V128, Module, bulk, const, i32,
                           name, simd, sized, unsigned, vector)

NUMBERS = (I32, I64, F32, F64)
VALUES = (I32, I32, I64, I64, F32, F64, V128)

UNARY = {
    I32: (0x67, 0x68, 0x69, 0xC0, 0xC1),
    I64: (0x79, 0x7A, 0x7B, 0xC2, 0xC3, 0xC4),
    F32: tuple(range(0x8B, 0x92)),
    F64: tuple(range(0x99, 0xA0)),
}
BINARY = {
    I32: (0x6A, 0x6B, 0x6C) + tuple(range(0x71, 0x79)),
    I64: (0x7C, 0x7D, 0x7E) + tuple(range(0x83, 0x8B)),
    F32: tuple(range(0x92, 0x99)),
    F64: tuple(range(0xA0, 0xA7)),
}
DIVIDE = {I32: tuple(range(0x6D, 0x71)), I64: tuple(range(0x7F, 0x83))}
COMPARE = {I32: tuple(range(0x46, 0x50)), I64: tuple(range(0x51, 0x5B)),
           F32: tuple(range(0x5B, 0x61)), F64: tuple(range(0x61, 0x67))}
# Result type to (operand type, instruction); none of these traps.
CONVERT = {
    I32: ((I64, b"\xa7"), (F32, b"\xbc"), (I64, b"\x50"), (I32, b"\x45"),
          (F32, bulk(0)), (F32, bulk(1)), (F64, bulk(2)), (F64, bulk(3))),
    I64: ((I32, b"\xac"), (I32, b"\xad"), (F64, b"\xbd"),
          (F32, bulk(4)), (F32, bulk(5)), (F64, bulk(6)), (F64, bulk(7))),
    F32: ((I32, b"\xb2"), (I32, b"\xb3"), (I64, b"\xb4"), (I64, b"\xb5"), (F64, b"\xb6"),
          (I32, b"\xbe")),
    F64: ((I32, b"\xb7"), (I32, b"\xb8"), (I64, b"\xb9"), (I64, b"\xba"), (F32, b"\xbb"),
          (I64, b"\xbf")),
}
# Traps when the float does not fit.
TRUNCATE = {I32: ((F32, b"\xa8"), (F32, b"\xa9"), (F64, b"\xaa"), (F64, b"\xab")),
            I64: ((F32, b"\xae"), (F32, b"\xaf"), (F64, b"\xb0"), (F64, b"\xb1"))}
# (instruction, log2 of the width)
LOAD = {I32: ((0x28, 2), (0x2C, 0), (0x2D, 0), (0x2E, 1), (0x2F, 1)),
        I64: ((0x29, 3), (0x30, 0), (0x31, 0), (0x32, 1), (0x33, 1), (0x34, 2), (0x35, 2)),
        F32: ((0x2A, 2),), F64: ((0x2B, 3),)}
STORE = {I32: ((0x36, 2), (0x3A, 0), (0x3B, 1)),
         I64: ((0x37, 3), (0x3C, 0), (0x3D, 1), (0x3E, 2)),
         F32: ((0x38, 2),), F64: ((0x39, 3),)}
PLAIN_STORE = {I32: b"\x36\x02", I64: b"\x37\x03", F32: b"\x38\x02", F64: b"\x39\x03",
               V128: simd(0x0B) + b"\x04"}
WIDTH = {I32: 4, I64: 8, F32: 4, F64: 8, V128: 16}

VECTOR_UNARY = (0x4D, 0x60, 0x61, 0x62, 0x67, 0x68, 0x69, 0x6A, 0x74, 0x75, 0x7A, 0x94, 0x80, 0x81,
                0x87, 0x88, 0x89, 0x8A, 0xA0, 0xA1, 0xA7, 0xA8, 0xA9, 0xAA, 0xC0, 0xC1, 0xC7, 0xC8,
                0xC9, 0xCA, 0xE0, 0xE1, 0xE3, 0xEC, 0xED, 0xEF, 0x5E, 0x5F, 0x7C, 0x7D, 0x7E, 0x7F
                ) + tuple(range(0xF8, 0x100))
VECTOR_BINARY = ((0x0E, 0x4E, 0x4F, 0x50, 0x51, 0x65, 0x66, 0x7B, 0x82, 0x85, 0x86, 0x95, 0x9B, 0xAE,
                  0xB1, 0xB5, 0xBA, 0xCE, 0xD1, 0xD5)
                 + tuple(range(0x23, 0x4D)) + tuple(range(0x6E, 0x74)) + tuple(range(0x76, 0x7A))
                 + tuple(range(0x8E, 0x94)) + tuple(range(0x96, 0x9A)) + tuple(range(0x9C, 0xA0))
                 + tuple(range(0xB6, 0xBA)) + tuple(range(0xBC, 0xC0)) + tuple(range(0xD6, 0xE0))
                 + tuple(range(0xE4, 0xEC)) + tuple(range(0xF0, 0xF8)))
VECTOR_SHIFT = (0x6B, 0x6C, 0x6D, 0x8B, 0x8C, 0x8D, 0xAB, 0xAC, 0xAD, 0xCB, 0xCC, 0xCD)
VECTOR_TO_I32 = (0x53, 0x63, 0x64, 0x83, 0x84, 0xA3, 0xA4, 0xC3, 0xC4)
SPLAT = {I32: (0x0F, 0x10, 0x11), I64: (0x12,), F32: (0x13,), F64: (0x14,)}
# (instruction, lanes)
EXTRACT = {I32: ((0x15, 16), (0x16, 16), (0x18, 8), (0x19, 8), (0x1B, 4)), I64: ((0x1D, 2),),
           F32: ((0x1F, 4),), F64: ((0x21, 2),)}
REPLACE = {I32: ((0x17, 16), (0x1A, 8), (0x1C, 4)), I64: ((0x1E, 2),), F32: ((0x20, 4),),
           F64: ((0x22, 2),)}

INTERESTING = {
    I32: (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF),
    I64: (0, 1, 0x80, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0x7FFFFFFFFFFFFFFF, 0x8000000000000000,
          0xFFFFFFFFFFFFFFFF),
    F32: (0, 0x80000000, 0x3F800000, 0xBFC00000, 0x7F800000, 0xFF800000, 0x7FC00000, 0x7FA00001,
          0xFFFFFFFF, 1, 0x4F000000, 0x7F7FFFFF),
    F64: (0, 0x8000000000000000, 0x3FF0000000000000, 0xBFF8000000000000, 0x7FF0000000000000,
          0xFFF0000000000000, 0x7FF8000000000000, 0x7FF4000000000001, 0xFFFFFFFFFFFFFFFF, 1,
          0x41E0000000000000, 0x43E0000000000000, 0x7FEFFFFFFFFFFFFF),
}

PAGE = 65536
TABLE_SIZE = 8
DEPTH_LIMIT = 12
CALL_BUDGET = 200
# Where _start keeps what it is about to write.
SCRATCH = PAGE - 256
WASI = "wasi_snapshot_preview1"
HOST_CALLS = (("fd_write", (I32, I32, I32, I32), (I32,)), ("proc_exit", (I32,), ()),
              ("clock_time_get", (I32, I64, I32), (I32,)), ("random_get", (I32, I32), (I32,)),
              ("sched_yield", (), (I32,)))
FD_WRITE, PROC_EXIT, CLOCK_TIME_GET, RANDOM_GET, SCHED_YIELD = range(len(HOST_CALLS))
BUDGET, DEPTH = 0, 1  # the first two globals


class Dice:
    """Only random(), whose sequence Python promises to keep."""

    def __init__(self, seed):
        self._random = random.Random(seed)

    def below(self, limit):
        return int(self._random.random() * limit)

    def chance(self, percent):
        return self.below(100) < percent

    def pick(self, items):
        return items[self.below(len(items))]

    def bits(self, count):
        number = 0
        for _ in range((count + 15) // 16):
            number = number << 16 | self.below(1 << 16)
        return number & ((1 << count) - 1)


class Signature:
    def __init__(self, params, results):
        self.params, self.results = tuple(params), tuple(results)


class Program:
    """What all bodies of a module share."""

    def __init__(self, seed):
        self.dice = Dice(seed)
        self.module = Module()
        for host_call, params, results in HOST_CALLS:
            index = self.module.type_index(params, results)
            self.module.add("import", name(WASI) + name(host_call) + b"\0" + unsigned(index))
        self.globals = [I32, I32]
        self.signatures = []
        self.table = []  # function numbers, or None for an empty slot
        self.trap_percent = self.dice.pick((0, 0, 0, 1, 1, 4))

    def generate(self):
        dice, module = self.dice, self.module
        for _ in range(3 + dice.below(6)):
            self.signatures.append(Signature(
                [dice.pick(VALUES) for _ in range(dice.below(4))],
                [dice.pick(VALUES) for _ in range(dice.pick((0, 1, 1, 1, 1, 2, 3)))]))
        self.globals += [dice.pick(VALUES) for _ in range(2 + dice.below(4))]
        self.table = [dice.below(len(self.signatures)) for _ in range(TABLE_SIZE - 1)] + [None]

        for signature in self.signatures:
            module.add("function", unsigned(module.type_index(signature.params, signature.results)))
        module.add("function", unsigned(module.type_index((), ())))
        module.add("table", bytes([FUNCREF]) + b"\x01" + unsigned(TABLE_SIZE) + unsigned(TABLE_SIZE))
        module.add("table", bytes([FUNCREF]) + b"\x01" + unsigned(TABLE_SIZE) + unsigned(4 * TABLE_SIZE))
        module.add("memory", b"\x01" + unsigned(1) + unsigned(1 + dice.below(4)))
        for value_type in self.globals:
            module.add("global", bytes([value_type, 1]) + self.constant(value_type) + b"\x0b")
        module.add("export", name("memory") + b"\x02\x00")
        module.add("export", name("_start") + b"\x00" + unsigned(self.function_index(len(self.signatures))))
        indices = [unsigned(self.function_index(f)) for f in self.table if f is not None]
        module.add("element", b"\x00" + i32(0) + b"\x0b" + vector(indices))
        module.add("element", b"\x01\x00" + vector(indices[:4]))  # passive, for table.init
        module.add("data", b"\x00" + i32(dice.below(512)) + b"\x0b" + sized(self.noise(200)))
        module.add("data", b"\x01" + sized(self.noise(64)))  # passive, for memory.init

        for signature in self.signatures:
            module.add("code", sized(Body(self, signature).generate()))
        module.add("code", sized(self.start()))
        return module.encode()

    def function_index(self, number):
        return len(HOST_CALLS) + number

    def noise(self, size):
        return bytes(self.dice.below(256) for _ in range(size))

    def constant(self, value_type):
        dice = self.dice
        if value_type == V128:
            lane = dice.pick(NUMBERS)
            width = 8 * WIDTH[lane]
            bits = 0
            for _ in range(128 // width):
                bits = bits << width | self.constant_bits(lane)
            return const(V128, bits)
        return const(value_type, self.constant_bits(value_type))

    def constant_bits(self, value_type):
        dice = self.dice
        if dice.chance(50):
            return dice.pick(INTERESTING[value_type])
        if dice.chance(40) and value_type in (I32, I64):
            return dice.below(256)
        return dice.bits(8 * WIDTH[value_type])

    def start(self):
        """Calls every function, shows each result, then a hash of all that is left."""
        dice = self.dice
        # Locals: one of each type for results, then the hash and the address.
        slots = {value_type: 3 * i for i, value_type in enumerate((I32, I64, F32, F64, V128))}
        local_hash, local_address = 15, 16
        declarations = [unsigned(3) + bytes([t]) for t in (I32, I64, F32, F64, V128)]
        declarations += [unsigned(1) + bytes([I64]), unsigned(1) + bytes([I32])]
        code = bytearray(vector(declarations))

        for number, signature in enumerate(self.signatures * 2):
            function = number % len(self.signatures)
            code += i32(CALL_BUDGET) + b"\x24" + unsigned(BUDGET)
            code += i32(0) + b"\x24" + unsigned(DEPTH)
            for param in signature.params:
                code += self.constant(param)
            code += b"\x10" + unsigned(self.function_index(function))
            places = [slots[t] + i for i, t in enumerate(signature.results)]
            for place in reversed(places):
                code += b"\x21" + unsigned(place)
            offset = 16
            for place, value_type in zip(places, signature.results):
                code += i32(SCRATCH) + b"\x20" + unsigned(place)
                code += PLAIN_STORE[value_type] + unsigned(offset)
                offset += WIDTH[value_type]
            code += write_out(SCRATCH + 16, offset - 16)

        # FNV-1a over the first page, eight bytes at a time, then over the globals.
        code += const(I64, 0xCBF29CE484222325) + b"\x21" + unsigned(local_hash)
        code += b"\x03\x40" + b"\x20" + unsigned(local_hash) + b"\x20" + unsigned(local_address)
        code += b"\x29\x03\x00" + b"\x85" + const(I64, 0x100000001B3) + b"\x7e"
        code += b"\x21" + unsigned(local_hash) + b"\x20" + unsigned(local_address) + i32(8) + b"\x6a"
        code += b"\x22" + unsigned(local_address) + i32(PAGE) + b"\x49" + b"\x0d\x00" + b"\x0b"
        code += i32(SCRATCH) + b"\x20" + unsigned(local_hash) + PLAIN_STORE[I64] + unsigned(16)
        code += i32(SCRATCH) + b"\x3f\x00" + PLAIN_STORE[I32] + unsigned(24)
        offset = 28
        for number, value_type in enumerate(self.globals):
            code += i32(SCRATCH) + b"\x23" + unsigned(number) + PLAIN_STORE[value_type] + unsigned(offset)
            offset += WIDTH[value_type]
        code += write_out(SCRATCH + 16, offset - 16)
        if dice.chance(70):
            code += b"\x20" + unsigned(local_hash) + b"\xa7" + i32(0x7F) + b"\x71"
            code += b"\x10" + unsigned(PROC_EXIT)
        return bytes(code) + b"\x0b"


def write_out(address, size):
    """fd_write(1, …), whose list of one stands in the scratch space's first 8 bytes."""
    code = i32(SCRATCH) + i32(address) + PLAIN_STORE[I32] + unsigned(0)
    code += i32(SCRATCH) + i32(size) + PLAIN_STORE[I32] + unsigned(4)
    return code + i32(1) + i32(SCRATCH) + i32(1) + i32(SCRATCH + 8) + b"\x10" + unsigned(FD_WRITE) + b"\x1a"


class Body:
    """One function: expressions that leave one value, statements that leave none."""

    def __init__(self, program, signature):
        self.program, self.dice, self.signature = program, program.dice, signature
        self.locals = list(signature.params)
        self.locals += [self.dice.pick(VALUES) for _ in range(2 + self.dice.below(5))]
        self.usable = len(self.locals)  # loop counters follow
        self.code = bytearray()
        self.labels = []  # innermost last: the types that a branch there carries
        self.room = 60 + self.dice.below(200)

    def generate(self):
        signature, module = self.signature, self.program.module
        block_type = unsigned(module.type_index((), signature.results))
        self.code += b"\x02" + block_type
        self.labels.append(signature.results)
        # Too deep or out of budget: zeros.
        self.code += b"\x23" + unsigned(DEPTH) + i32(DEPTH_LIMIT) + b"\x4a"
        self.code += b"\x23" + unsigned(BUDGET) + i32(0) + b"\x4c" + b"\x72\x04\x40"
        for value_type in signature.results:
            self.code += const(value_type, 0)
        self.code += b"\x0c\x01\x0b"
        self.spend(BUDGET, -1)
        for _ in range(3 + self.dice.below(8)):
            self.statement(4)
        for value_type in signature.results:
            self.expression(value_type, 4)
        self.labels.pop()
        self.code += b"\x0b"
        declarations = [unsigned(1) + bytes([t]) for t in self.locals[len(signature.params):]]
        entered = bytearray(vector(declarations))
        entered += b"\x23" + unsigned(DEPTH) + i32(1) + b"\x6a\x24" + unsigned(DEPTH)
        left = b"\x23" + unsigned(DEPTH) + i32(-1) + b"\x6a\x24" + unsigned(DEPTH)
        return bytes(entered) + bytes(self.code) + left + b"\x0b"

    def spend(self, counter, amount):
        self.code += b"\x23" + unsigned(counter) + i32(amount) + b"\x6a\x24" + unsigned(counter)

    def locals_of(self, value_type):
        return [i for i in range(self.usable) if self.locals[i] == value_type]

    def globals_of(self, value_type):
        return [i for i, t in enumerate(self.program.globals) if t == value_type and i > DEPTH]

    def risky(self):
        return self.dice.chance(self.program.trap_percent)

    # Expressions

    def expression(self, value_type, depth):
        self.room -= 1
        if depth <= 0 or self.room <= 0:
            self.leaf(value_type)
            return
        makers = [self.leaf, self.unary, self.binary, self.binary, self.load, self.select,
                  self.block, self.choice, self.call, self.call_indirect, self.tee]
        if value_type == V128:
            makers += [self.lanes, self.lanes, self.lanes]
        else:
            makers += [self.convert, self.convert, self.extract]
            if value_type in DIVIDE:
                makers += [self.divide, self.truncate]
            if value_type == I32:
                makers += [self.compare, self.compare, self.host_call, self.sizes]
        self.dice.pick(makers)(value_type, depth - 1)

    def leaf(self, value_type, _depth=0):
        choices = [("local", i) for i in self.locals_of(value_type)]
        choices += [("global", i) for i in self.globals_of(value_type)]
        choices += [("constant", 0)] * 2
        kind, index = self.dice.pick(choices)
        if kind == "constant":
            self.code += self.program.constant(value_type)
        else:
            self.code += (b"\x20" if kind == "local" else b"\x23") + unsigned(index)

    def unary(self, value_type, depth):
        self.expression(value_type, depth)
        if value_type == V128:
            self.code += simd(self.dice.pick(VECTOR_UNARY))
        else:
            self.code.append(self.dice.pick(UNARY[value_type]))

    def binary(self, value_type, depth):
        self.expression(value_type, depth)
        self.expression(value_type, depth)
        if value_type == V128:
            self.code += simd(self.dice.pick(VECTOR_BINARY))
        else:
            self.code.append(self.dice.pick(BINARY[value_type]))

    def compare(self, _value_type, depth):
        operands = self.dice.pick(NUMBERS)
        self.expression(operands, depth)
        self.expression(operands, depth)
        self.code.append(self.dice.pick(COMPARE[operands]))

    def divide(self, value_type, depth):
        self.expression(value_type, depth)
        self.expression(value_type, depth)
        if not self.risky():
            # An odd number between 1 and 255: neither zero nor -1.
            self.code += const(value_type, 0xFE) + (b"\x71" if value_type == I32 else b"\x83")
            self.code += const(value_type, 1) + (b"\x72" if value_type == I32 else b"\x84")
        self.code.append(self.dice.pick(DIVIDE[value_type]))

    def convert(self, value_type, depth):
        operand, instruction = self.dice.pick(CONVERT[value_type])
        self.expression(operand, depth)
        self.code += instruction

    def truncate(self, value_type, depth):
        operand, instruction = self.dice.pick(TRUNCATE[value_type])
        if self.risky():
            self.expression(operand, depth)
        else:
            narrow, convert = (I32, b"\xb3") if operand == F32 else (I32, b"\xb8")
            self.expression(narrow, depth)
            self.code += const(I32, 0xFFFFFF) + b"\x71" + convert
        self.code += instruction

    def address(self, depth, align=1):
        """Leaves an address in the first page's lower half, or, when it is risky, any."""
        self.expression(I32, depth)
        if not self.risky():
            self.code += i32(PAGE // 2 - align) + b"\x71"

    def memory_argument(self, width_log2):
        align = self.dice.below(width_log2 + 1)
        return unsigned(align) + unsigned(self.dice.below(900))

    def load(self, value_type, depth):
        self.address(depth)
        if value_type == V128:
            self.code += simd(self.dice.pick((0x00, 0x00, 0x01, 0x05, 0x07, 0x09, 0x0A, 0x5C)))
            self.code += self.memory_argument(0)
        else:
            instruction, width = self.dice.pick(LOAD[value_type])
            self.code += bytes([instruction]) + self.memory_argument(width)

    def select(self, value_type, depth):
        self.expression(value_type, depth)
        self.expression(value_type, depth)
        self.expression(I32, depth)
        self.code += b"\x1c\x01" + bytes([value_type]) if value_type == V128 else b"\x1b"

    def block(self, value_type, depth):
        self.code += b"\x02" + bytes([value_type])
        self.labels.append((value_type,))
        for _ in range(self.dice.below(3)):
            self.statement(depth)
        self.expression(value_type, depth)
        if self.dice.chance(60):
            self.branch_with_value(value_type, depth)
        self.labels.pop()
        self.code += b"\x0b"

    def branch_with_value(self, value_type, depth):
        """A conditional branch that carries the value on the stack, or leaves it there."""
        targets = [i for i, types in enumerate(reversed(self.labels)) if types == (value_type,)]
        if targets:
            self.expression(I32, depth)
            self.code += b"\x0d" + unsigned(self.dice.pick(targets))

    def choice(self, value_type, depth):
        self.expression(I32, depth)
        self.code += b"\x04" + bytes([value_type])
        self.labels.append((value_type,))
        self.expression(value_type, depth)
        self.code += b"\x05"
        self.expression(value_type, depth)
        self.labels.pop()
        self.code += b"\x0b"

    def tee(self, value_type, depth):
        self.expression(value_type, depth)
        if self.locals_of(value_type):
            self.code += b"\x22" + unsigned(self.dice.pick(self.locals_of(value_type)))

    def callees(self, value_type):
        """Functions whose first result has the type: the rest is dropped."""
        return [i for i, s in enumerate(self.program.signatures)
                if s.results and s.results[0] == value_type]

    def call(self, value_type, depth):
        callees = self.callees(value_type)
        if not callees:
            self.leaf(value_type)
            return
        callee = self.dice.pick(callees)
        signature = self.program.signatures[callee]
        for param in signature.params:
            self.expression(param, depth - 1)
        self.code += b"\x10" + unsigned(self.program.function_index(callee))
        self.code += b"\x1a" * (len(signature.results) - 1)

    def call_indirect(self, value_type, depth):
        slots = [slot for slot, f in enumerate(self.program.table)
                 if f is not None and f in self.callees(value_type)]
        if not slots:
            self.leaf(value_type)
            return
        slot = self.dice.pick(slots)
        signature = self.program.signatures[self.program.table[slot]]
        for param in signature.params:
            self.expression(param, depth - 1)
        if self.risky():
            self.expression(I32, depth)
            self.code += i32(2 * TABLE_SIZE - 1) + b"\x71"
        else:
            same = [s for s in slots if self.program.signatures[self.program.table[s]].params
                    == signature.params and self.program.signatures[self.program.table[s]].results
                    == signature.results]
            self.code += i32(self.dice.pick(same)) + i32(slot)
            self.expression(I32, depth)
            self.code += b"\x1b"
        type_index = self.program.module.type_index(signature.params, signature.results)
        self.code += b"\x11" + unsigned(type_index) + b"\x00"
        self.code += b"\x1a" * (len(signature.results) - 1)

    def extract(self, value_type, depth):
        self.expression(V128, depth)
        if value_type == I32 and self.dice.chance(40):
            self.code += simd(self.dice.pick(VECTOR_TO_I32))
            return
        instruction, lanes = self.dice.pick(EXTRACT[value_type])
        self.code += simd(instruction) + bytes([self.dice.below(lanes)])

    def lanes(self, _value_type, depth):
        dice = self.dice
        lane = dice.pick(NUMBERS)
        kind = dice.below(5)
        if kind == 0:
            self.expression(lane, depth)
            self.code += simd(dice.pick(SPLAT[lane]))
        elif kind == 1:
            instruction, count = dice.pick(REPLACE[lane])
            self.expression(V128, depth)
            self.expression(lane, depth)
            self.code += simd(instruction) + bytes([dice.below(count)])
        elif kind == 2:
            self.expression(V128, depth)
            self.expression(V128, depth)
            self.code += simd(0x0D) + bytes(dice.below(32) for _ in range(16))
        elif kind == 3:
            self.expression(V128, depth)
            self.expression(I32, depth)
            self.code += simd(dice.pick(VECTOR_SHIFT))
        else:
            for _ in range(3):
                self.expression(V128, depth)
            self.code += simd(0x52)

    def sizes(self, _value_type, depth):
        kind = self.dice.below(4)
        if kind == 0:
            self.code += b"\x3f\x00"
        elif kind == 1:
            self.expression(I32, depth)
            self.code += i32(1) + b"\x71\x40\x00"  # grow by a page at most
        elif kind == 2:
            self.code += bulk(0x10) + unsigned(self.dice.below(2))
        else:
            self.code += b"\xd0\x70"  # grow the second table by one at most
            self.expression(I32, depth)
            self.code += i32(1) + b"\x71" + bulk(0x0F) + b"\x01"

    def host_call(self, _value_type, depth):
        kind = self.dice.below(4)
        if kind == 0:
            self.expression(I32, depth)
            self.code += i32(3) + b"\x71"  # clock 3, a thread's, may or may not exist
            self.expression(I64, depth)
            self.address(depth, align=8)
            self.code += b"\x10" + unsigned(CLOCK_TIME_GET)
        elif kind == 1:
            self.address(depth)
            self.expression(I32, depth)
            self.code += i32(63) + b"\x71\x10" + unsigned(RANDOM_GET)
        elif kind == 2:
            # A descriptor that does not exist.
            self.code += i32(77)
            self.address(depth, align=4)
            self.code += i32(1)
            self.address(depth, align=4)
            self.code += b"\x10" + unsigned(FD_WRITE)
        else:
            self.code += b"\x10" + unsigned(SCHED_YIELD)

    # Statements

    def statement(self, depth):
        self.room -= 1
        if depth <= 0 or self.room <= 0:
            return
        self.dice.pick((self.set_local, self.set_local, self.set_global, self.store, self.store,
                        self.drop, self.when, self.loop, self.loop, self.leave, self.switch,
                        self.memory, self.table, self.tail_call))(depth - 1)

    def set_local(self, depth):
        index = self.dice.below(self.usable)
        self.expression(self.locals[index], depth)
        self.code += b"\x21" + unsigned(index)

    def set_global(self, depth):
        index = DEPTH + 1 + self.dice.below(len(self.program.globals) - DEPTH - 1)
        self.expression(self.program.globals[index], depth)
        self.code += b"\x24" + unsigned(index)

    def store(self, depth):
        value_type = self.dice.pick(VALUES)
        self.address(depth)
        self.expression(value_type, depth)
        if value_type == V128:
            self.code += simd(0x0B) + self.memory_argument(4)
        else:
            instruction, width = self.dice.pick(STORE[value_type])
            self.code += bytes([instruction]) + self.memory_argument(width)

    def drop(self, depth):
        self.expression(self.dice.pick(VALUES), depth)
        self.code += b"\x1a"

    def when(self, depth):
        self.expression(I32, depth)
        self.code += b"\x04" + bytes([NO_VALUE])
        self.labels.append(())
        self.statement(depth)
        if self.dice.chance(50):
            self.code += b"\x05"
            self.statement(depth)
        self.labels.pop()
        self.code += b"\x0b"

    def loop(self, depth):
        counter = len(self.locals)
        self.locals.append(I32)
        self.code += i32(1 + self.dice.below(12)) + b"\x21" + unsigned(counter)
        self.code += b"\x02\x40\x03\x40"
        self.labels += [(), ()]
        # Every round pays, also one that a branch to the loop's head begins.
        self.spend(BUDGET, -1)
        self.code += b"\x23" + unsigned(BUDGET) + i32(0) + b"\x48\x0d\x01"
        for _ in range(1 + self.dice.below(3)):
            self.statement(depth)
        self.code += b"\x20" + unsigned(counter) + i32(-1) + b"\x6a\x22" + unsigned(counter)
        self.code += b"\x0d\x00\x0b\x0b"
        self.labels = self.labels[:-2]

    def leave(self, depth):
        """A branch out of something, or `unreachable`, on a condition."""
        target = self.dice.below(len(self.labels))
        types = self.labels[-1 - target]
        self.expression(I32, depth)
        if not types and self.dice.chance(50):
            self.code += b"\x0d" + unsigned(target)
            return
        self.code += b"\x04\x40"
        self.labels.append(())
        if self.risky() and self.dice.chance(30):
            self.code += b"\x00"
        else:
            for value_type in types:
                self.expression(value_type, depth)
            self.code += b"\x0c" + unsigned(target + 1)
        self.labels.pop()
        self.code += b"\x0b"

    def switch(self, depth):
        self.code += b"\x02\x40\x02\x40\x02\x40"
        self.expression(I32, depth)
        self.code += i32(7) + b"\x71\x0e" + vector([unsigned(self.dice.below(3)) for _ in range(6)])
        self.code += unsigned(self.dice.below(3)) + b"\x0b"
        self.labels += [(), ()]
        self.statement(depth)
        self.code += b"\x0b"
        self.labels.pop()
        self.statement(depth)
        self.code += b"\x0b"
        self.labels.pop()

    def memory(self, depth):
        kind = self.dice.below(4)
        if kind == 3:
            if self.risky():
                self.code += bulk(0x09) + b"\x01"  # data.drop: a later init traps
            return
        self.address(depth)
        if kind == 0:
            self.address(depth)
        elif kind == 1:
            self.expression(I32, depth)
        else:
            self.expression(I32, depth)
            self.code += i32(31) + b"\x71"
        self.expression(I32, depth)
        self.code += i32(31 if kind == 2 else 511) + b"\x71"
        self.code += (bulk(0x0A) + b"\0\0", bulk(0x0B) + b"\0", bulk(0x08) + b"\x01\0")[kind]

    def table(self, depth):
        """The second table only: the first one's types are what calls rely on."""
        kind = self.dice.below(4)
        mask = i32(TABLE_SIZE - 1) + b"\x71"
        slot = self.dice.pick([s for s, f in enumerate(self.program.table) if f is not None])
        function = unsigned(self.program.function_index(self.program.table[slot]))
        self.expression(I32, depth)
        if not self.risky():
            self.code += mask
        if kind == 0:
            self.code += b"\xd2" + function + b"\x26\x01"
        elif kind == 1:
            self.code += b"\x25\x01\xd1"  # whether the slot is empty
            self.code += b"\x24" + unsigned(self.globals_of(I32)[0]) if self.globals_of(I32) else b"\x1a"
        elif kind == 2:
            self.code += i32(self.dice.below(4)) + i32(0) + bulk(0x0E) + b"\x01\x00"
        else:
            self.code += b"\xd0\x70" + i32(0) + bulk(0x11) + b"\x01"

    def tail_call(self, depth):
        """A tail call, on a condition, to a function with this one's results."""
        callees = [i for i, s in enumerate(self.program.signatures)
                   if s.results == self.signature.results]
        callee = self.dice.pick(callees)
        self.expression(I32, depth)
        self.code += b"\x04\x40"
        self.labels.append(())
        for param in self.program.signatures[callee].params:
            self.expression(param, depth)
        self.spend(DEPTH, -1)
        self.code += b"\x12" + unsigned(self.program.function_index(callee))
        self.labels.pop()
        self.code += b"\x0b"


def generate_module(seed):
    return Program(seed).generate()


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 2
    module = generate_module(int(sys.argv[1]))
    if len(sys.argv) == 3:
        with open(sys.argv[2], "wb") as file:
            file.write(module)
    else:
        sys.stdout.buffer.write(module)
    return 0


if __name__ == "__main__":
    sys.exit(main())
