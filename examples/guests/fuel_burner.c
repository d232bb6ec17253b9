// A long loop with a result that depends on every round of it.
// Usage: fuel_burner [ROUNDS]
#include "print.h"

int main(int argc, char** argv) {
  const uint64_t rounds = argc > 1 ? ParseNumber(argv[1]) : 1000000000;
  uint64_t state = 0x9E3779B97F4A7C15;
  for (uint64_t i = 0; i < rounds; ++i) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
  }
  PrintField("state", state);
  return 0;
}
