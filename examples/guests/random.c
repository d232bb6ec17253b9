// Prints random bytes in hexadecimal, 32 of them or as many as asked for.
// Usage: random [BYTES]
#include <unistd.h>

#include "print.h"

int main(int argc, char** argv) {
  uint64_t left = argc > 1 ? ParseNumber(argv[1]) : 32;
  while (left > 0) {
    uint8_t bytes[256];
    char digits[2 * sizeof bytes];
    const size_t size = left < sizeof bytes ? (size_t)left : sizeof bytes;
    if (getentropy(bytes, size) != 0) return 1;
    for (size_t i = 0; i < size; ++i) {
      digits[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
      digits[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    PrintBytes(STDOUT_FILENO, digits, 2 * size);
    left -= size;
  }
  Print(STDOUT_FILENO, "\n");
  return 0;
}
