#include "detach_signal.h"

#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "base/system_error.h"

namespace plasm::app {
namespace {

// What a signal handler can reach.
std::atomic<int> g_eventfd = -1;
std::atomic<int> g_signal = 0;

void LetGo(int number) {
  const int saved_errno = errno;
  g_signal = number;
  const std::uint64_t one = 1;
  (void)!write(g_eventfd, &one, sizeof(one));
  errno = saved_errno;
}

}  // namespace

Result<DetachSignal> DetachSignal::Create() {
  UniqueFd fd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!fd) return SystemError(errno, "eventfd");
  g_eventfd = fd.get();
  for (const int number : {SIGINT, SIGTERM}) {
    struct sigaction action{};
    if (sigaction(number, nullptr, &action) != 0) return SystemError(errno, "sigaction");
    if (action.sa_handler == SIG_IGN) continue;
    action = {};
    action.sa_handler = LetGo;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    if (sigaction(number, &action, nullptr) != 0) return SystemError(errno, "sigaction");
  }
  return DetachSignal(std::move(fd));
}

int DetachSignal::Number() { return g_signal; }

}  // namespace plasm::app
