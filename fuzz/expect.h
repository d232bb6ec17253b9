// What a fuzz target holds to be true of every input.
#pragma once

#include <cstdio>
#include <cstdlib>

// Ends the process, which is what a fuzzer takes notice of.
#define FUZZ_EXPECT(condition)                                                     \
  do {                                                                             \
    if (!(condition)) {                                                            \
      std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                \
    }                                                                              \
  } while (false)
