// Ends in the trap that the first argument names.
#include <stdint.h>

#include "print.h"

static int Add(int a, int b) { return a + b; }

// Deeper than the engine's stack when the depth is UINT64_MAX.
static __attribute__((noinline)) uint64_t Descend(uint64_t depth) {
  if (depth == 0) return 1;
  uint64_t below = Descend(depth - 1);
  __asm__ volatile("" : "+r"(below));  // else the compiler makes a loop of it
  return below ^ depth;
}

int main(int argc, char** argv) {
  const char* mode = argc > 1 ? argv[1] : "unreachable";
  volatile int zero = 0;
  volatile int lowest = -0x7FFFFFFF - 1;
  volatile double not_a_number = __builtin_nan("");
  volatile uintptr_t address = 0xFFFFFFF0;
  volatile uintptr_t index = 0xFFFF;
  void* volatile add = (void*)Add;

  Print(STDOUT_FILENO, "before\n");
  if (strcmp(mode, "unreachable") == 0) {
    __builtin_trap();
  } else if (strcmp(mode, "div-by-zero") == 0) {
    zero = lowest / zero;
  } else if (strcmp(mode, "integer-overflow") == 0) {
    zero = lowest / (zero - 1);
  } else if (strcmp(mode, "bad-conversion") == 0) {
    zero = __builtin_wasm_trunc_s_i32_f64(not_a_number);
  } else if (strcmp(mode, "memory-out-of-bounds") == 0) {
    zero = *(volatile int*)address;
  } else if (strcmp(mode, "table-out-of-bounds") == 0) {
    ((void (*)(void))index)();
  } else if (strcmp(mode, "indirect-call-to-null") == 0) {
    index = 0;
    ((void (*)(void))index)();
  } else if (strcmp(mode, "bad-signature") == 0) {
    ((void (*)(double))add)(1.0);
  } else if (strcmp(mode, "stack-overflow") == 0) {
    PrintField("unexpected", Descend(UINT64_MAX));
  } else {
    Print(STDERR_FILENO, "no such mode\n");
    return 2;
  }
  Print(STDOUT_FILENO, "after\n");
  return 0;
}
