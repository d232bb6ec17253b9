// The guest's clocks: virtual under plasm-det-1, the machine's under live.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "wasi/errno.h"
#include "wasi/profile.h"
#include "wasi/types.h"

namespace plasm::wasi {

namespace clockid {
inline constexpr std::uint32_t kRealtime = 0;
inline constexpr std::uint32_t kMonotonic = 1;
inline constexpr std::uint32_t kProcessCputime = 2;
inline constexpr std::uint32_t kThreadCputime = 3;
}  // namespace clockid

class GuestClock {
 public:
  // Under kDet1: how far each reading moves the clocks, and where the monotonic one starts.
  static constexpr Timestamp kStep = 1'000;
  static constexpr Timestamp kMonotonicStart = 86'400'000'000'000;

  GuestClock(Profile profile, Timestamp start, Clock& clock);

  // clock_time_get and clock_res_get; kInval for an unknown clock.
  ErrnoOr<Timestamp> Read(std::uint32_t id);
  ErrnoOr<Timestamp> Resolution(std::uint32_t id) const;

  // The realtime clock for file times: reading it does not move the virtual clock.
  Timestamp FileTime() const;

  // Waiting happens on a time line of its own: deadlines of both clocks are mapped to it.
  Timestamp WaitLine() const;
  // Where the clocks stand when a wait begins.
  struct WaitStart {
    Timestamp line;
    Timestamp realtime;
  };
  WaitStart BeginWait() const { return {WaitLine(), FileTime()}; }
  // When such a wait ends on the line; kInval for a clock that cannot be waited for.
  ErrnoOr<Timestamp> Deadline(const WaitStart& begun, std::uint32_t id, Timestamp timeout,
                              bool absolute) const;
  // Under kDet1 takes no real time.
  void WaitUntil(Timestamp deadline);

 private:
  Profile profile_;
  Timestamp start_;
  Clock* clock_;
  Timestamp live_start_ = 0;  // under kLive: the monotonic clock at construction
  Timestamp elapsed_ = 0;     // under kDet1: readings and sleeps since the start
  Timestamp computed_ = 0;    // under kDet1: readings alone, the CPU time
};

}  // namespace plasm::wasi
