#include "base/uuid.h"

#include <array>

#include "base/bytes.h"
#include "base/hex.h"

namespace plasm {

std::string RandomUuid(Entropy& entropy) {
  std::array<std::byte, 16> bytes;
  entropy.Fill(bytes);
  bytes[6] = (bytes[6] & std::byte{0x0f}) | std::byte{0x40};  // version 4
  bytes[8] = (bytes[8] & std::byte{0x3f}) | std::byte{0x80};  // variant 10
  std::string text(36, '-');
  std::size_t at = 0;
  ByteView rest = bytes;
  for (const std::size_t size : {4u, 2u, 2u, 2u, 6u}) {
    EncodeHexTo(rest.first(size), text.data() + at);
    rest = rest.subspan(size);
    at += 2 * size + 1;
  }
  return text;
}

bool IsUuid(std::string_view text) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const char c = text[i];
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (kForm[i] == 'x' ? !digit : c != '-') return false;
  }
  return true;
}

}  // namespace plasm
