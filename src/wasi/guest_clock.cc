#include "wasi/guest_clock.h"

#include <algorithm>
#include <limits>

namespace plasm::wasi {
namespace {

Timestamp SaturatingAdd(Timestamp a, Timestamp b) {
  return a > std::numeric_limits<Timestamp>::max() - b ? std::numeric_limits<Timestamp>::max()
                                                       : a + b;
}

Timestamp SaturatingSubtract(Timestamp a, Timestamp b) { return a > b ? a - b : 0; }

}  // namespace

GuestClock::GuestClock(Profile profile, Timestamp start, Clock& clock)
    : profile_(profile), start_(start), clock_(&clock) {
  if (profile_ == Profile::kLive) live_start_ = clock_->MonotonicNs();
}

ErrnoOr<Timestamp> GuestClock::Read(std::uint32_t id) {
  if (id > clockid::kThreadCputime) return Errno::kInval;
  if (profile_ == Profile::kLive) {
    if (id == clockid::kRealtime) return clock_->RealtimeNs();
    const Timestamp now = clock_->MonotonicNs();
    return id == clockid::kMonotonic ? now : SaturatingSubtract(now, live_start_);
  }
  Timestamp now = computed_;
  if (id == clockid::kRealtime) now = SaturatingAdd(start_, elapsed_);
  if (id == clockid::kMonotonic) now = SaturatingAdd(kMonotonicStart, elapsed_);
  elapsed_ = SaturatingAdd(elapsed_, kStep);
  computed_ = SaturatingAdd(computed_, kStep);
  return now;
}

ErrnoOr<Timestamp> GuestClock::Resolution(std::uint32_t id) const {
  if (id > clockid::kThreadCputime) return Errno::kInval;
  return profile_ == Profile::kLive ? Timestamp{1} : kStep;
}

Timestamp GuestClock::FileTime() const {
  if (profile_ == Profile::kLive) return clock_->RealtimeNs();
  return SaturatingAdd(start_, elapsed_);
}

Timestamp GuestClock::WaitLine() const {
  return profile_ == Profile::kLive ? clock_->MonotonicNs() : elapsed_;
}

ErrnoOr<Timestamp> GuestClock::Deadline(const WaitStart& begun, std::uint32_t id, Timestamp timeout,
                                        bool absolute) const {
  if (id != clockid::kRealtime && id != clockid::kMonotonic) return Errno::kInval;
  if (!absolute) return SaturatingAdd(begun.line, timeout);
  if (id == clockid::kRealtime) {
    return SaturatingAdd(begun.line, SaturatingSubtract(timeout, begun.realtime));
  }
  return profile_ == Profile::kLive ? timeout : SaturatingSubtract(timeout, kMonotonicStart);
}

void GuestClock::WaitUntil(Timestamp deadline) {
  if (profile_ == Profile::kDet1) {
    elapsed_ = std::max(elapsed_, deadline);
    return;
  }
  const Timestamp now = clock_->MonotonicNs();
  if (deadline > now) clock_->SleepNs(deadline - now);
}

}  // namespace plasm::wasi
