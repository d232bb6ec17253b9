#include "inherited_sockets.h"

#include <fcntl.h>

#include "base/decimal.h"
#include "base/quote.h"

namespace plasm::app {

Result<unsigned> InheritedCount(const char* listen_fds, const char* listen_pid,
                                std::uint64_t own_pid) {
  constexpr std::uint64_t kMost = 64;
  if (listen_fds == nullptr || listen_pid == nullptr) return 0u;
  const auto pid = ParseDecimal(listen_pid);
  if (!pid) return Error{ErrorCode::kInvalid, "LISTEN_PID: found " + Quote(listen_pid)};
  if (*pid != own_pid) return 0u;  // meant for a process that started this one
  const auto count = ParseDecimal(listen_fds);
  if (count && *count <= kMost) return static_cast<unsigned>(*count);
  return Error{ErrorCode::kInvalid,
               "LISTEN_FDS: found " + Quote(listen_fds) + ", expected at most 64"};
}

Result<std::vector<net::Listener>> TakeInherited(unsigned count) {
  constexpr int kFirst = 3;
  std::vector<net::Listener> listeners;
  for (unsigned i = 0; i < count; ++i) {
    UniqueFd fd(kFirst + static_cast<int>(i));
    fcntl(fd.get(), F_SETFD, FD_CLOEXEC);
    PLASM_TRY(net::Listener listener, net::Listener::FromDescriptor(std::move(fd)));
    listeners.push_back(std::move(listener));
  }
  return listeners;
}

}  // namespace plasm::app
