// Takes memory until there is no more, and reports how much there was.
//
// Usage: memory_hog [grow | malloc]
//   grow     one page of 64 KiB at a time (the default)
//   malloc   one MiB at a time, every byte written
#include "print.h"

int main(int argc, char** argv) {
  if (argc > 1 && strcmp(argv[1], "malloc") == 0) {
    enum { kChunk = 1 << 20 };
    uint64_t bytes = 0;
    for (;;) {
      char* volatile chunk = malloc(kChunk);
      if (chunk == NULL) break;
      memset(chunk, 0x5A, kChunk);
      bytes += kChunk;
    }
    PrintField("bytes", bytes);
    return 0;
  }
  while (__builtin_wasm_memory_grow(0, 1) != (size_t)-1) {
  }
  PrintField("pages", __builtin_wasm_memory_size(0));
  return 0;
}
