// When a job is tried again after a failure that was the node's own. Pure.
#pragma once

#include <cstdint>
#include <optional>

namespace plasm::jobs {

// Nanoseconds to wait before the next attempt, doubling from a tenth of a second up to ten
// seconds; nothing when the `made` attempts were all that there may be.
std::optional<std::uint64_t> DelayBeforeNextAttempt(std::uint32_t made, std::uint32_t allowed);

}  // namespace plasm::jobs
