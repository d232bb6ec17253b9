// Writes lines of 64 bytes for ever, to standard output or standard error.
//
// Usage: output_flood [out | err] [LINES]
// Ends with status 3 when a write fails, and with 0 after LINES lines.
#include "print.h"

int main(int argc, char** argv) {
  enum { kLine = 64, kLines = 64 };
  static char block[kLine * kLines];
  memset(block, 'x', sizeof block);
  for (int i = 1; i <= kLines; ++i) block[i * kLine - 1] = '\n';

  const int fd = argc > 1 && strcmp(argv[1], "err") == 0 ? STDERR_FILENO : STDOUT_FILENO;
  uint64_t left = argc > 2 ? ParseNumber(argv[2]) : UINT64_MAX;
  while (left > 0) {
    const size_t lines = left < kLines ? (size_t)left : kLines;
    size_t put = 0;
    while (put < lines * kLine) {
      const ssize_t written = write(fd, block + put, lines * kLine - put);
      if (written <= 0) _Exit(3);
      put += (size_t)written;
    }
    left -= lines;
  }
  return 0;
}
