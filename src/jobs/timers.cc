#include "jobs/timers.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/system_error.h"

namespace plasm::jobs {

Result<std::unique_ptr<Timers>> Timers::Create(Clock& clock) {
  UniqueFd timer(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  if (!timer) return SystemError(errno, "timerfd");
  return std::unique_ptr<Timers>(new Timers(std::move(timer), clock));
}

void Timers::After(std::uint64_t delay_ns, Action action) {
  actions_.emplace(clock_.MonotonicNs() + delay_ns, std::move(action));
  Arm();
}

void Timers::RunDue() {
  std::uint64_t expirations = 0;
  [[maybe_unused]] const ssize_t got = read(timer_.get(), &expirations, sizeof(expirations));
  while (!actions_.empty() && actions_.begin()->first <= clock_.MonotonicNs()) {
    const Action action = std::move(actions_.begin()->second);
    actions_.erase(actions_.begin());
    action();
  }
  Arm();
}

void Timers::Arm() {
  itimerspec setting{};
  if (!actions_.empty()) {
    const std::uint64_t now = clock_.MonotonicNs();
    const std::uint64_t due = actions_.begin()->first;
    // Zero would disarm it.
    const std::uint64_t left = std::max<std::uint64_t>(due > now ? due - now : 0, 1);
    setting.it_value.tv_sec = static_cast<time_t>(left / 1'000'000'000);
    setting.it_value.tv_nsec = static_cast<long>(left % 1'000'000'000);
  }
  timerfd_settime(timer_.get(), 0, &setting, nullptr);
}

}  // namespace plasm::jobs
