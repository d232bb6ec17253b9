// A few lines of output without printf, which would be most of a guest's code.
#ifndef PLASM_EXAMPLES_GUESTS_PRINT_H
#define PLASM_EXAMPLES_GUESTS_PRINT_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline void PrintBytes(int fd, const void* bytes, size_t size) {
  const char* from = bytes;
  while (size > 0) {
    const ssize_t put = write(fd, from, size);
    if (put <= 0) _Exit(1);
    from += put;
    size -= (size_t)put;
  }
}

static inline void Print(int fd, const char* text) { PrintBytes(fd, text, strlen(text)); }

static inline void PrintNumber(int fd, uint64_t number) {
  char digits[20];
  size_t at = sizeof digits;
  do {
    digits[--at] = (char)('0' + number % 10);
    number /= 10;
  } while (number != 0);
  PrintBytes(fd, digits + at, sizeof digits - at);
}

// "NAME: NUMBER\n" on standard output.
static inline void PrintField(const char* name, uint64_t number) {
  Print(STDOUT_FILENO, name);
  Print(STDOUT_FILENO, ": ");
  PrintNumber(STDOUT_FILENO, number);
  Print(STDOUT_FILENO, "\n");
}

// Decimal digits only; anything else ends the program with status 2.
static inline uint64_t ParseNumber(const char* text) {
  uint64_t number = 0;
  if (*text == '\0') goto wrong;
  for (; *text != '\0'; ++text) {
    if (*text < '0' || *text > '9') goto wrong;
    number = number * 10 + (uint64_t)(*text - '0');
  }
  return number;
wrong:
  Print(STDERR_FILENO, "expected a number\n");
  _Exit(2);
}

#endif
