#include "service_notice.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "base/decimal.h"
#include "base/system_error.h"
#include "base/unique_fd.h"

namespace plasm::app {

Result<void> ServiceNotice::Send(std::string_view lines) const {
  if (socket_.empty()) return {};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_.size() >= sizeof(address.sun_path)) {
    return Error{ErrorCode::kInvalid, "NOTIFY_SOCKET: longer than a socket's name can be"};
  }
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (socket_.front() == '@') address.sun_path[0] = '\0';  // Linux's abstract names
  const UniqueFd fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd) return SystemError(errno, "NOTIFY_SOCKET");
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  if (sendto(fd.get(), lines.data(), lines.size(), MSG_NOSIGNAL,
             reinterpret_cast<const sockaddr*>(&address), size) < 0) {
    return Error{ErrorCode::kUnavailable, SystemError(errno, "NOTIFY_SOCKET").message};
  }
  return {};
}

Result<void> ServiceNotice::Reloading(std::uint64_t monotonic_ns) const {
  return Send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_ns / 1000));
}

std::optional<std::uint64_t> WatchdogIntervalNs(const char* usec, const char* pid,
                                                std::uint64_t own_pid) {
  if (usec == nullptr) return std::nullopt;
  if (pid != nullptr) {
    const auto meant = ParseDecimal(pid);
    if (!meant || *meant != own_pid) return std::nullopt;
  }
  constexpr std::uint64_t kMaxUsec = std::uint64_t{86'400} * 1'000'000;
  const auto interval = ParseDecimal(usec);
  if (!interval || *interval == 0 || *interval > kMaxUsec) return std::nullopt;
  return *interval * 1000 / 2;
}

}  // namespace plasm::app
