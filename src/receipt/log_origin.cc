#include "receipt/log_origin.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/utf8.h"

namespace plasm::receipt {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMaxBytes = 255;

// White space beyond ASCII, in UTF-8 (Unicode's property White_Space); U+0085 is among the
// control characters.
constexpr std::array kWhiteSpace = {
    "\xc2\xa0"sv,     "\xe1\x9a\x80"sv, "\xe2\x80\x80"sv, "\xe2\x80\x81"sv, "\xe2\x80\x82"sv,
    "\xe2\x80\x83"sv, "\xe2\x80\x84"sv, "\xe2\x80\x85"sv, "\xe2\x80\x86"sv, "\xe2\x80\x87"sv,
    "\xe2\x80\x88"sv, "\xe2\x80\x89"sv, "\xe2\x80\x8a"sv, "\xe2\x80\xa8"sv, "\xe2\x80\xa9"sv,
    "\xe2\x80\xaf"sv, "\xe2\x81\x9f"sv, "\xe3\x80\x80"sv,
};

}  // namespace

bool IsLogOrigin(std::string_view text) {
  if (text.empty() || text.size() > kMaxBytes || !IsValidUtf8(AsBytes(text))) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte <= 0x20 || byte == 0x7f || byte == '+') return false;
    // U+0080 to U+009F, the second set of control characters.
    if (byte == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0) return false;
  }
  return std::ranges::none_of(kWhiteSpace, [text](std::string_view blank) {
    return text.find(blank) != std::string_view::npos;
  });
}

}  // namespace plasm::receipt
