#include "base/utf8.h"

#include <cstdint>
#include <cstring>
#include <string_view>

namespace plasm {
namespace {

// What stands at the start of a sequence: how many bytes, and whether they are one
// well-formed character or one maximal ill-formed subpart.
struct Piece {
  std::size_t size;
  bool valid;
};

bool InRange(std::byte b, unsigned low, unsigned high) {
  const auto value = std::to_integer<unsigned>(b);
  return value >= low && value <= high;
}

// `bytes` is not empty. Table 3-7 of the Unicode standard.
Piece FirstPiece(ByteView bytes) {
  const auto lead = std::to_integer<unsigned>(bytes[0]);
  if (lead < 0x80) return {1, true};
  std::size_t size;
  unsigned low = 0x80;
  unsigned high = 0xbf;  // bounds of the second byte
  if (lead >= 0xc2 && lead <= 0xdf) {
    size = 2;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    size = 3;
    if (lead == 0xe0) low = 0xa0;   // overlong
    if (lead == 0xed) high = 0x9f;  // surrogates
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    size = 4;
    if (lead == 0xf0) low = 0x90;   // overlong
    if (lead == 0xf4) high = 0x8f;  // above U+10FFFF
  } else {
    return {1, false};
  }
  for (std::size_t i = 1; i < size; ++i) {
    if (i == bytes.size() || !InRange(bytes[i], low, high)) return {i, false};
    low = 0x80;
    high = 0xbf;
  }
  return {size, true};
}

// The length of the longest well-formed prefix.
std::size_t ValidPrefix(ByteView bytes) {
  std::size_t i = 0;
  while (i < bytes.size()) {
    // Eight ASCII bytes at a time: most text is nothing else.
    std::uint64_t word;
    if (i + sizeof(word) <= bytes.size()) {
      std::memcpy(&word, bytes.data() + i, sizeof(word));
      if ((word & 0x8080'8080'8080'8080) == 0) {
        i += sizeof(word);
        continue;
      }
    }
    const Piece piece = FirstPiece(bytes.subspan(i));
    if (!piece.valid) return i;
    i += piece.size;
  }
  return i;
}

}  // namespace

bool IsValidUtf8(ByteView bytes) { return ValidPrefix(bytes) == bytes.size(); }

std::string ToUtf8Lossy(ByteView bytes) {
  constexpr std::string_view kReplacement = "\xef\xbf\xbd";
  std::string text;
  text.reserve(bytes.size());
  while (true) {
    const std::size_t valid = ValidPrefix(bytes);
    text.append(AsText(bytes.first(valid)));
    bytes = bytes.subspan(valid);
    if (bytes.empty()) return text;
    text.append(kReplacement);
    bytes = bytes.subspan(FirstPiece(bytes).size);
  }
}

}  // namespace plasm
