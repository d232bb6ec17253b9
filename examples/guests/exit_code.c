// Ends with the exit code that the first argument gives, after a line on each
// of standard output and standard error.
#include "print.h"

int main(int argc, char** argv) {
  const uint64_t code = argc > 1 ? ParseNumber(argv[1]) : 0;
  Print(STDOUT_FILENO, "out\n");
  Print(STDERR_FILENO, "err\n");
  _Exit((int)code);
}
