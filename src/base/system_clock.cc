#include <time.h>

#include <cerrno>

#include "base/clock.h"

namespace plasm {
namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

std::uint64_t Read(clockid_t id) noexcept {
  timespec now{};
  clock_gettime(id, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * kNsPerSecond +
         static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace

std::uint64_t SystemClock::RealtimeNs() noexcept { return Read(CLOCK_REALTIME); }
std::uint64_t SystemClock::MonotonicNs() noexcept { return Read(CLOCK_MONOTONIC); }

void SystemClock::SleepNs(std::uint64_t duration) noexcept {
  timespec left{static_cast<time_t>(duration / kNsPerSecond),
                static_cast<long>(duration % kNsPerSecond)};
  while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR) {
  }
}

}  // namespace plasm
