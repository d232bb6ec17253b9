// A moment as text: the "time" of spec/job.md section 1.6.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plasm {

// Milliseconds since 1970-01-01T00:00:00Z, up to the year 9999. Unlike a number that a caller
// makes up, one that was parsed is always in that range.
struct UtcTime {
  std::uint64_t milliseconds = 0;

  friend auto operator<=>(const UtcTime&, const UtcTime&) = default;

  static UtcTime FromNanoseconds(std::uint64_t nanoseconds) { return {nanoseconds / 1'000'000}; }

  // Accepts exactly "2026-11-24T09:30:00Z" and "2026-11-24T09:30:00.125Z": upper case, UTC,
  // no leap second, a date that exists, no fraction or three digits of one. kInvalid otherwise.
  static Result<UtcTime> Parse(std::string_view text);

  // With milliseconds, always: "2026-11-24T09:30:00.000Z".
  std::string ToString() const;
};

}  // namespace plasm
