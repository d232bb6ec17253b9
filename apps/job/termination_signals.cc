#include "job/termination_signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/system_error.h"

namespace plasm::app {

Result<TerminationSignals> TerminationSignals::Create() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGINT, SIGTERM}) {
    struct sigaction action{};
    if (sigaction(number, nullptr, &action) != 0) return SystemError(errno, "sigaction");
    if (action.sa_handler != SIG_IGN) sigaddset(&signals, number);
  }
  UniqueFd fd(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) return SystemError(errno, "signalfd");
  return TerminationSignals(std::move(fd), signals);
}

TerminationSignals::TerminationSignals(TerminationSignals&& other) noexcept
    : fd_(std::move(other.fd_)),
      signals_(other.signals_),
      before_(other.before_),
      held_(std::exchange(other.held_, false)) {}

void TerminationSignals::Hold() {
  if (!held_) held_ = sigprocmask(SIG_BLOCK, &signals_, &before_) == 0;
}

void TerminationSignals::Release() {
  if (std::exchange(held_, false)) sigprocmask(SIG_SETMASK, &before_, nullptr);
}

int TerminationSignals::Take() {
  signalfd_siginfo signal{};
  const ssize_t size = read(fd_.get(), &signal, sizeof(signal));
  return size == sizeof(signal) ? static_cast<int>(signal.ssi_signo) : 0;
}

}  // namespace plasm::app
