// Decimal numbers as text, in their one canonical form.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace plasm {

// Accepts exactly what std::to_string writes for an unsigned 64-bit number: digits alone,
// no sign, no leading zero but in "0". kInvalid otherwise.
Result<std::uint64_t> ParseDecimal(std::string_view text);

}  // namespace plasm
