#include "service_signals.h"

#include <cerrno>

#include "base/system_error.h"

namespace plasm::app {

Result<ServiceSignals> ServiceSignals::Hold() {
  sigset_t held;
  sigemptyset(&held);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action{};
    if (sigaction(number, nullptr, &action) != 0) return SystemError(errno, "sigaction");
    if (action.sa_handler != SIG_IGN) sigaddset(&held, number);
  }
  if (const int failed = pthread_sigmask(SIG_BLOCK, &held, nullptr); failed != 0) {
    return SystemError(failed, "pthread_sigmask");
  }
  return ServiceSignals(held);
}

ServiceSignal ServiceSignals::Wait(std::uint64_t limit_ns) const {
  constexpr std::uint64_t kNs = 1'000'000'000;
  const timespec limit{.tv_sec = static_cast<time_t>(limit_ns / kNs),
                       .tv_nsec = static_cast<long>(limit_ns % kNs)};
  const int number = sigtimedwait(&held_, nullptr, &limit);
  if (number == SIGHUP) return ServiceSignal::kReload;
  return number > 0 ? ServiceSignal::kStop : ServiceSignal::kNone;
}

}  // namespace plasm::app
