// Points in time as people write them.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace plasm::app {

// Seconds since the Unix epoch from "1700000000" or RFC 3339 "2023-11-14T22:13:20Z" (also
// with an offset such as +01:00; no fractions: start times are whole seconds). kInvalid
// otherwise, before 1970 and after 2554, when 64 bits of nanoseconds end.
Result<std::uint64_t> ParseTimestamp(std::string_view text);

}  // namespace plasm::app
