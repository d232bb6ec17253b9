// Prints its input reversed by Unicode code point.
//
//     plasmd run examples/hello.wasm "Hello, World!"      ->  !dlroW ,olleH
//     printf 'Hello' | plasmd run examples/hello.wasm     ->  olleH
//
// The text is the arguments joined by one space when there are any, otherwise
// the whole of standard input. All of it is reversed: nothing is stripped and
// nothing added, so a line's newline comes out first. A byte that is not part
// of well-formed UTF-8 counts as a code point of its own, so every input has
// an answer.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Length in bytes of the code point at `text` (Unicode 15, table 3-7).
static size_t CodePointLength(const uint8_t* text, size_t left) {
  const uint8_t lead = text[0];
  if (lead < 0x80) return 1;
  uint8_t low = 0x80;
  uint8_t high = 0xBF;
  size_t length;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;   // overlong
    if (lead == 0xED) high = 0x9F;  // surrogates
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;   // overlong
    if (lead == 0xF4) high = 0x8F;  // beyond U+10FFFF
  } else {
    return 1;
  }
  if (left < length || text[1] < low || text[1] > high) return 1;
  for (size_t i = 2; i < length; ++i) {
    if ((text[i] & 0xC0) != 0x80) return 1;
  }
  return length;
}

static void Reverse(const uint8_t* text, size_t size, uint8_t* reversed) {
  uint8_t* out = reversed + size;
  for (size_t at = 0; at < size;) {
    const size_t length = CodePointLength(text + at, size - at);
    out -= length;
    for (size_t i = 0; i < length; ++i) out[i] = text[at + i];
    at += length;
  }
}

static uint8_t* JoinArguments(int argc, char** argv, size_t* size) {
  size_t total = 0;
  for (int i = 1; i < argc; ++i) total += strlen(argv[i]) + 1;
  uint8_t* text = malloc(total);
  if (text == NULL) return NULL;
  uint8_t* out = text;
  for (int i = 1; i < argc; ++i) {
    const size_t length = strlen(argv[i]);
    memcpy(out, argv[i], length);
    out += length;
    *out++ = ' ';
  }
  *size = total - 1;
  return text;
}

static uint8_t* ReadAll(int fd, size_t* size) {
  size_t capacity = 4096;
  size_t used = 0;
  uint8_t* text = malloc(capacity);
  while (text != NULL) {
    const ssize_t got = read(fd, text + used, capacity - used);
    if (got < 0) return NULL;
    if (got == 0) {
      *size = used;
      return text;
    }
    used += (size_t)got;
    if (used == capacity) {
      capacity *= 2;
      text = realloc(text, capacity);
    }
  }
  return NULL;
}

static int WriteAll(int fd, const uint8_t* bytes, size_t size) {
  while (size > 0) {
    const ssize_t put = write(fd, bytes, size);
    if (put <= 0) return -1;
    bytes += put;
    size -= (size_t)put;
  }
  return 0;
}

int main(int argc, char** argv) {
  size_t size = 0;
  const uint8_t* text = argc > 1 ? JoinArguments(argc, argv, &size) : ReadAll(STDIN_FILENO, &size);
  if (text == NULL) return 1;
  uint8_t* reversed = malloc(size + 1);
  if (reversed == NULL) return 1;
  Reverse(text, size, reversed);
  return WriteAll(STDOUT_FILENO, reversed, size) == 0 ? 0 : 1;
}
