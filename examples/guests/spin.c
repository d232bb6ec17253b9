// Says that it runs, then never ends and never calls the host again.
#include "print.h"

int main(void) {
  Print(STDOUT_FILENO, "spinning\n");
  for (;;) {
    __asm__ volatile("");
  }
}
