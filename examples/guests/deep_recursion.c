// Calls itself to the depth that the first argument gives, and prints a value
// that depends on every frame.
//
// Many values live across the call and many more before it, so a frame's size
// depends on the compiler: a register allocator that gives every value a stack
// slot overflows the engine's stack at a fraction of the depth that an
// optimising one reaches.
#include "print.h"

#define MIX(a, b) ((a) ^ (((b) << 7) | ((b) >> 57)))

static __attribute__((noinline)) uint64_t Descend(uint64_t depth, uint64_t a, uint64_t b) {
  if (depth == 0) return a ^ b;
  uint64_t c = MIX(a * 3, b + depth);
  uint64_t d = MIX(b * 5, c + a);
  uint64_t e = MIX(c * 7, d + b);
  uint64_t f = MIX(d * 11, e + c);
  uint64_t g = MIX(e * 13, f + d);
  uint64_t h = MIX(f * 17, g + e);
  return MIX(c ^ e, Descend(depth - 1, g, h));
}

int main(int argc, char** argv) {
  const uint64_t depth = argc > 1 ? ParseNumber(argv[1]) : 1000;
  PrintField("depth", depth);
  PrintField("value", Descend(depth, 1, 2));
  return 0;
}
