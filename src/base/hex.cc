#include "base/hex.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace plasm {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

// Of each byte both digits at once: receipts are full of digests.
constexpr std::array<std::array<char, 2>, 256> kPairs = [] {
  std::array<std::array<char, 2>, 256> pairs{};
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {kDigits[i >> 4], kDigits[i & 15]};
  return pairs;
}();

// The value of a digit, or -1.
int DigitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

Error BadDigit(std::string_view text, std::size_t offset) {
  const auto found = static_cast<std::uint8_t>(text[offset]);
  return {ErrorCode::kInvalid,
          "hex: found byte 0x" + std::string{kDigits[found >> 4], kDigits[found & 15]} +
              " at offset " + std::to_string(offset) + ", expected a digit 0-9 or a-f"};
}

}  // namespace

void EncodeHexTo(ByteView bytes, char* out) {
  for (const std::byte b : bytes) {
    std::memcpy(out, kPairs[std::to_integer<std::size_t>(b)].data(), 2);
    out += 2;
  }
}

std::string EncodeHex(ByteView bytes) {
  std::string text(bytes.size() * 2, '0');
  EncodeHexTo(bytes, text.data());
  return text;
}

void AppendHex(std::string& text, ByteView bytes) {
  const std::size_t begin = text.size();
  text.resize(begin + bytes.size() * 2);
  EncodeHexTo(bytes, text.data() + begin);
}

Result<void> DecodeHexTo(std::string_view text, std::span<std::byte> out) {
  if (text.size() != out.size() * 2) {
    return Error{ErrorCode::kInvalid, "hex: found " + std::to_string(text.size()) +
                                          " characters, expected " +
                                          std::to_string(out.size() * 2)};
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = DigitValue(text[2 * i]);
    if (high < 0) return BadDigit(text, 2 * i);
    const int low = DigitValue(text[2 * i + 1]);
    if (low < 0) return BadDigit(text, 2 * i + 1);
    out[i] = static_cast<std::byte>(high << 4 | low);
  }
  return {};
}

Result<Bytes> DecodeHex(std::string_view text) {
  if (text.size() % 2 != 0) {
    return Error{ErrorCode::kInvalid, "hex: found an odd number of characters (" +
                                          std::to_string(text.size()) + "), expected two a byte"};
  }
  Bytes out(text.size() / 2);
  PLASM_TRY_VOID(DecodeHexTo(text, out));
  return out;
}

}  // namespace plasm
