// Prints every argument, its own name first, then every environment variable,
// one a line.
#include "print.h"

int main(int argc, char** argv) {
  extern char** environ;
  for (int i = 0; i < argc; ++i) {
    Print(STDOUT_FILENO, "arg ");
    Print(STDOUT_FILENO, argv[i]);
    Print(STDOUT_FILENO, "\n");
  }
  for (char** entry = environ; entry != NULL && *entry != NULL; ++entry) {
    Print(STDOUT_FILENO, "env ");
    Print(STDOUT_FILENO, *entry);
    Print(STDOUT_FILENO, "\n");
  }
  return 0;
}
