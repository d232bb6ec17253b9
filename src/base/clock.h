// Time, injected: only main() makes the real one.
#pragma once

#include <cstdint>

namespace plasm {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::uint64_t RealtimeNs() noexcept = 0;   // since the Unix epoch
  virtual std::uint64_t MonotonicNs() noexcept = 0;  // since an arbitrary point
  virtual void SleepNs(std::uint64_t duration) noexcept = 0;
};

// The machine's clocks.
class SystemClock final : public Clock {
 public:
  std::uint64_t RealtimeNs() noexcept override;
  std::uint64_t MonotonicNs() noexcept override;
  void SleepNs(std::uint64_t duration) noexcept override;
};

}  // namespace plasm
