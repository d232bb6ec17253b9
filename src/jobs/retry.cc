#include "jobs/retry.h"

#include <algorithm>

namespace plasm::jobs {

std::optional<std::uint64_t> DelayBeforeNextAttempt(std::uint32_t made, std::uint32_t allowed) {
  constexpr std::uint64_t kFirst = 100'000'000;
  constexpr std::uint64_t kLongest = 10'000'000'000;
  if (made >= allowed) return std::nullopt;
  const std::uint32_t doublings = std::min(made == 0 ? 0 : made - 1, 10u);
  return std::min(kFirst << doublings, kLongest);
}

}  // namespace plasm::jobs
