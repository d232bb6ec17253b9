// Prints both clocks in nanoseconds, sleeps for an hour, prints them again.
// Usage: clock [SECONDS]
#include <time.h>

#include "print.h"

static uint64_t Nanoseconds(clockid_t clock) {
  struct timespec now;
  if (clock_gettime(clock, &now) != 0) _Exit(1);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void PrintClocks(void) {
  PrintField("realtime", Nanoseconds(CLOCK_REALTIME));
  PrintField("monotonic", Nanoseconds(CLOCK_MONOTONIC));
}

int main(int argc, char** argv) {
  PrintClocks();
  const struct timespec pause = {.tv_sec = argc > 1 ? (time_t)ParseNumber(argv[1]) : 3600};
  if (nanosleep(&pause, NULL) != 0) return 1;
  PrintClocks();
  return 0;
}
