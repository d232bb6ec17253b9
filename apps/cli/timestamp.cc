#include "cli/timestamp.h"

#include <charconv>
#include <chrono>
#include <optional>
#include <string>

namespace plasm::app {
namespace {

constexpr std::int64_t kLastSecond = 18'446'744'073;  // 2^64 nanoseconds

std::optional<std::int64_t> Digits(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.begin(), text.end(), value);
  if (failed != std::errc() || end != text.end() || text.front() == '-') return std::nullopt;
  return value;
}

// Cuts `count` digits and the character behind them, if any is wanted, off the front.
std::optional<std::int64_t> Field(std::string_view& text, std::size_t count, char behind = 0) {
  if (text.size() < count + (behind != 0 ? 1 : 0)) return std::nullopt;
  const auto value = Digits(text.substr(0, count));
  if (behind != 0 && text[count] != behind) return std::nullopt;
  text.remove_prefix(count + (behind != 0 ? 1 : 0));
  return value;
}

std::optional<std::int64_t> OffsetSeconds(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const int sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  const auto hours = Field(text, 2, ':');
  const auto minutes = Field(text, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return sign * (*hours * 3600 + *minutes * 60);
}

std::optional<std::int64_t> Rfc3339(std::string_view text) {
  using namespace std::chrono;
  const auto y = Field(text, 4, '-');
  const auto m = Field(text, 2, '-');
  const auto d = Field(text, 2);
  if (!y || !m || !d || text.empty() || (text[0] != 'T' && text[0] != 't' && text[0] != ' ')) {
    return std::nullopt;
  }
  text.remove_prefix(1);
  const auto hour = Field(text, 2, ':');
  const auto minute = Field(text, 2, ':');
  const auto second = Field(text, 2);
  const auto offset = OffsetSeconds(text);
  const year_month_day date{year{static_cast<int>(*y)}, month{static_cast<unsigned>(*m)},
                            day{static_cast<unsigned>(*d)}};
  if (!hour || !minute || !second || !offset || !date.ok() || *hour > 23 || *minute > 59 ||
      *second > 59) {
    return std::nullopt;
  }
  const std::int64_t days = sys_days(date).time_since_epoch().count();
  return days * 86400 + *hour * 3600 + *minute * 60 + *second - *offset;
}

}  // namespace

Result<std::uint64_t> ParseTimestamp(std::string_view text) {
  std::optional<std::int64_t> seconds;
  if (!text.empty()) seconds = Digits(text);
  if (!seconds && !text.empty()) seconds = Rfc3339(text);
  if (!seconds || *seconds < 0 || *seconds >= kLastSecond) {
    return Error{ErrorCode::kInvalid,
                 "\"" + std::string(text) +
                     "\" is neither whole Unix seconds nor RFC 3339 (2023-11-14T22:13:20Z)"};
  }
  return static_cast<std::uint64_t>(*seconds);
}

}  // namespace plasm::app
