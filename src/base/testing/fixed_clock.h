// For tests: a clock that stands still.
#pragma once

#include <cstdint>

#include "base/clock.h"

namespace plasm::testing {

// Goes on only when it is slept on or set. One thread at a time.
class FixedClock final : public Clock {
 public:
  std::uint64_t RealtimeNs() noexcept override { return realtime_ns + slept_ns; }
  std::uint64_t MonotonicNs() noexcept override { return slept_ns; }
  void SleepNs(std::uint64_t duration) noexcept override { slept_ns += duration; }

  std::uint64_t realtime_ns = 1'764'000'000'000'000'000;  // 2025-11-24T16:00:00Z
  std::uint64_t slept_ns = 0;
};

}  // namespace plasm::testing
