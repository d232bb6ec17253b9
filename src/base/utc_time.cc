#include "base/utc_time.h"

#include <chrono>

#include "base/quote.h"

namespace plasm {
namespace {

constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:ddZ";
constexpr std::string_view kFormWithFraction = "dddd-dd-ddTdd:dd:dd.dddZ";
constexpr std::uint64_t kMillisecondsPerDay = 86'400'000;

bool HasForm(std::string_view text, std::string_view form) {
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool fits = form[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == form[i];
    if (!fits) return false;
  }
  return true;
}

// Digits only: HasForm has been asked before.
unsigned Number(std::string_view text, std::size_t offset, std::size_t count) {
  unsigned value = 0;
  for (const char digit : text.substr(offset, count)) {
    value = value * 10 + static_cast<unsigned>(digit - '0');
  }
  return value;
}

// Every receipt has two times, so this does without a format string.
void PutNumber(std::string& text, std::size_t offset, std::size_t count, unsigned value) {
  for (std::size_t i = offset + count; i > offset; value /= 10) {
    text[--i] = static_cast<char>('0' + value % 10);
  }
}

}  // namespace

Result<UtcTime> UtcTime::Parse(std::string_view text) {
  using namespace std::chrono;
  const bool fraction = HasForm(text, kFormWithFraction);
  if (fraction || HasForm(text, kForm)) {
    const year_month_day date{year(static_cast<int>(Number(text, 0, 4))), month(Number(text, 5, 2)),
                              day(Number(text, 8, 2))};
    const unsigned hours = Number(text, 11, 2);
    const unsigned minutes = Number(text, 14, 2);
    const unsigned seconds = Number(text, 17, 2);
    if (date.ok() && date.year() >= year(1970) && hours < 24 && minutes < 60 && seconds < 60) {
      const auto days = static_cast<std::uint64_t>(sys_days(date).time_since_epoch().count());
      return UtcTime{days * kMillisecondsPerDay +
                     (std::uint64_t{hours} * 3600 + std::uint64_t{minutes} * 60 + seconds) * 1000 +
                     (fraction ? Number(text, 20, 3) : 0)};
    }
  }
  return Error{ErrorCode::kInvalid,
               "found " + Quote(text) + ", expected a time as in 2026-11-24T09:30:00Z"};
}

std::string UtcTime::ToString() const {
  using namespace std::chrono;
  const auto days_since_epoch = static_cast<int>(milliseconds / kMillisecondsPerDay);
  const auto of_day = static_cast<unsigned>(milliseconds % kMillisecondsPerDay);
  const year_month_day date{sys_days(days(days_since_epoch))};
  std::string text(kFormWithFraction);
  PutNumber(text, 0, 4, static_cast<unsigned>(static_cast<int>(date.year())));
  PutNumber(text, 5, 2, static_cast<unsigned>(date.month()));
  PutNumber(text, 8, 2, static_cast<unsigned>(date.day()));
  PutNumber(text, 11, 2, of_day / 3'600'000);
  PutNumber(text, 14, 2, of_day / 60'000 % 60);
  PutNumber(text, 17, 2, of_day / 1000 % 60);
  PutNumber(text, 20, 3, of_day % 1000);
  return text;
}

}  // namespace plasm
