#include "base/text_form.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/bytes.h"
#include "base/utf8.h"

namespace plasm {
namespace {

// Removes the first character of well-formed, not empty UTF-8 and gives its number.
char32_t TakeCharacter(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  constexpr std::array<unsigned, 5> kBitsOfFirst = {0, 0x7f, 0x1f, 0x0f, 0x07};
  char32_t character = first & kBitsOfFirst[size];
  for (const char next : text.substr(1, size - 1)) {
    character = (character << 6) | (static_cast<unsigned char>(next) & 0x3fU);
  }
  text.remove_prefix(size);
  return character;
}

bool IsControl(char32_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0); }

// The property White_Space of Unicode 15.
bool IsWhiteSpace(char32_t c) {
  constexpr std::array<char32_t, 9> kSingles = {0x20,   0x85,   0xa0,   0x1680, 0x2028,
                                                0x2029, 0x202f, 0x205f, 0x3000};
  return std::ranges::find(kSingles, c) != kSingles.end() || (c >= 0x09 && c <= 0x0d) ||
         (c >= 0x2000 && c <= 0x200a);
}

template <class Predicate>
bool AnyCharacter(std::string_view text, Predicate predicate) {
  while (!text.empty()) {
    if (predicate(TakeCharacter(text))) return true;
  }
  return false;
}

}  // namespace

bool IsPlainText(std::string_view text) {
  return IsValidUtf8(AsBytes(text)) && !AnyCharacter(text, IsControl);
}

bool IsPlainWord(std::string_view text) {
  return !text.empty() && IsPlainText(text) && !HasWhiteSpace(text);
}

bool HasWhiteSpace(std::string_view text) { return AnyCharacter(text, IsWhiteSpace); }

std::vector<std::string_view> SplitAtBlanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t start = text.find_first_not_of(kBlanks);
    if (start == std::string_view::npos) return fields;
    text.remove_prefix(start);
    const std::size_t size = std::min(text.find_first_of(kBlanks), text.size());
    fields.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
}

}  // namespace plasm
