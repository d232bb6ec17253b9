// Copies standard input to standard output as it comes.
#include "print.h"

int main(void) {
  static char bytes[65536];
  for (;;) {
    const ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
    if (got < 0) return 1;
    if (got == 0) return 0;
    PrintBytes(STDOUT_FILENO, bytes, (size_t)got);
  }
}
