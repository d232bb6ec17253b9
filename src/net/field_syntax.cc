#include "net/field_syntax.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/decimal.h"

namespace plasm::net {
namespace {

constexpr std::array<bool, 256> TokenChars() {
  std::array<bool, 256> chars{};
  for (int c = '0'; c <= '9'; ++c) chars[c] = true;
  for (int c = 'a'; c <= 'z'; ++c) chars[c] = true;
  for (int c = 'A'; c <= 'Z'; ++c) chars[c] = true;
  for (const char c :
       {'!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^', '_', '`', '|', '~'}) {
    chars[static_cast<unsigned char>(c)] = true;
  }
  return chars;
}
constexpr std::array<bool, 256> kTokenChars = TokenChars();

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

bool IsTokenChar(char c) { return kTokenChars[static_cast<unsigned char>(c)]; }

bool IsToken(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, IsTokenChar);
}

bool IsFieldValue(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

std::optional<FieldLine> ParseFieldLine(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const FieldLine field{line.substr(0, colon), Trim(line.substr(colon + 1))};
  if (!IsToken(field.name) || !IsFieldValue(field.value)) return std::nullopt;
  return field;
}

std::optional<std::uint64_t> ParseContentLength(std::string_view text) {
  const auto length = ParseDecimal(text);
  if (!length || *length > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return *length;
}

bool ListHas(std::string_view list, std::string_view member) {
  while (true) {
    const std::size_t comma = list.find(',');
    if (EqualsIgnoringCase(Trim(list.substr(0, comma)), member)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return Lower(x) == Lower(y); });
}

}  // namespace plasm::net
