#include "base/base64.h"

#include <array>
#include <cstdint>
#include <cstring>

#include "base/hex.h"

namespace plasm {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kNone = 0xff;

using Values = std::array<std::uint8_t, 256>;

constexpr Values MakeValues(std::string_view alphabet) {
  Values values{};
  values.fill(kNone);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}
// Two digits for each twelve bits: half the steps of one digit at a time.
using Pair = std::array<char, 2>;
constexpr std::array<Pair, 4096> kPairs = [] {
  std::array<Pair, 4096> pairs{};
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {kAlphabet[i >> 6], kAlphabet[i & 63]};
  return pairs;
}();
constexpr Values kValues = MakeValues(kAlphabet);
constexpr Values kUrlValues = MakeValues(kUrlAlphabet);

void Append(std::string& text, ByteView bytes, bool padded) {
  const std::size_t begin = text.size();
  text.resize(begin + bytes.size() / 3 * 4);
  char* digit = text.data() + begin;
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const auto group = std::to_integer<std::uint32_t>(bytes[i]) << 16 |
                       std::to_integer<std::uint32_t>(bytes[i + 1]) << 8 |
                       std::to_integer<std::uint32_t>(bytes[i + 2]);
    std::memcpy(digit, kPairs[group >> 12].data(), 2);
    std::memcpy(digit + 2, kPairs[group & 4095].data(), 2);
    digit += 4;
  }
  const std::size_t rest = bytes.size() - i;
  if (rest == 0) return;
  auto group = std::to_integer<std::uint32_t>(bytes[i]) << 16;
  if (rest == 2) group |= std::to_integer<std::uint32_t>(bytes[i + 1]) << 8;
  text.push_back(kAlphabet[group >> 18 & 63]);
  text.push_back(kAlphabet[group >> 12 & 63]);
  if (rest == 2) text.push_back(kAlphabet[group >> 6 & 63]);
  if (padded) text.append(3 - rest, '=');
}

std::string Encode(ByteView bytes, bool padded) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  Append(text, bytes, padded);
  return text;
}

Error Invalid(const std::string& message) { return {ErrorCode::kInvalid, "base64: " + message}; }

Result<Bytes> Decode(std::string_view text, const Values& values, std::string_view last_two) {
  if (text.size() % 4 != 0) {
    return Invalid("found " + std::to_string(text.size()) +
                   " characters, expected a multiple of four");
  }
  std::size_t digits = text.size();
  for (int i = 0; i < 2 && digits > 0 && text[digits - 1] == '='; ++i) --digits;

  Bytes out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t pending = 0;
  int pending_bits = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const std::uint8_t value = values[static_cast<std::uint8_t>(text[i])];
    if (value == kNone) {
      return Invalid("found byte 0x" + EncodeHex(AsBytes(text.substr(i, 1))) + " at offset " +
                     std::to_string(i) + ", expected A-Z a-z 0-9 " + std::string(last_two));
    }
    pending = pending << 6 | value;
    pending_bits += 6;
    if (pending_bits >= 8) {
      pending_bits -= 8;
      out.push_back(static_cast<std::byte>(pending >> pending_bits & 0xff));
    }
  }
  if ((pending & ((1u << pending_bits) - 1)) != 0) {
    return Invalid("the unused bits of the last digit are not zero");
  }
  return out;
}

}  // namespace

std::string EncodeBase64(ByteView bytes) { return Encode(bytes, true); }
void AppendBase64(std::string& text, ByteView bytes) { Append(text, bytes, true); }
std::string EncodeBase64Unpadded(ByteView bytes) { return Encode(bytes, false); }

Result<Bytes> DecodeBase64(std::string_view text) { return Decode(text, kValues, "+ or /"); }

Result<Bytes> DecodeBase64OrBase64Url(std::string_view text) {
  const bool url = text.find_first_of("-_") != std::string_view::npos;
  return url ? Decode(text, kUrlValues, "- or _") : DecodeBase64(text);
}

}  // namespace plasm
