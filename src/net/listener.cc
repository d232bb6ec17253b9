#include "net/listener.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/quote.h"
#include "base/system_error.h"
#include "net/socket_address.h"

namespace plasm::net {
namespace {

constexpr int kBacklog = 1024;

Result<sockaddr_un> UnixAddress(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& text = path.native();
  if (text.empty() || text.size() >= sizeof(address.sun_path)) {
    return Error{ErrorCode::kInvalid, "socket " + Quote(text) + ": the path has " +
                                          std::to_string(text.size()) +
                                          " bytes, expected 1 to 107"};
  }
  std::memcpy(address.sun_path, text.data(), text.size());
  return address;
}

UniqueFd NewSocket(int family) {
  return UniqueFd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

// Removes what a dead process left. Between the look and the removal a living one could bind
// it; the lock that the caller holds keeps those away that ask here.
Result<void> RemoveStale(const std::filesystem::path& path, const sockaddr_un& address) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return {};
    return SystemError(errno, path.native());
  }
  if (!S_ISSOCK(status.st_mode)) {
    return Error{ErrorCode::kInvalid,
                 path.native() + ": exists and is not a socket; remove it, or choose another path"};
  }
  const UniqueFd probe = NewSocket(AF_UNIX);
  if (!probe) return SystemError(errno, "socket");
  if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 ||
      errno == EAGAIN) {
    return Error{ErrorCode::kConflict, path.native() + ": another process listens on it"};
  }
  if (errno != ECONNREFUSED) return SystemError(errno, path.native());
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return SystemError(errno, path.native());
  return {};
}

}  // namespace

Result<Listener> Listener::OnTcp(std::string_view text) {
  PLASM_TRY(const SocketAddress address, SocketAddress::Parse(text));
  const int family = address.storage.ss_family;
  UniqueFd fd = NewSocket(family);
  if (!fd) return SystemError(errno, "socket");
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (family == AF_INET6) ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
  if (::bind(fd.get(), address.get(), address.size) != 0 || ::listen(fd.get(), kBacklog) != 0) {
    return SystemError(errno, "listen on " + std::string(text));
  }
  return FromDescriptor(std::move(fd));
}

Result<Listener> Listener::OnUnix(const std::filesystem::path& path) {
  PLASM_TRY(const sockaddr_un address, UnixAddress(path));
  const UniqueFd folder(::open(path.has_parent_path() ? path.parent_path().c_str() : ".",
                               O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || ::flock(folder.get(), LOCK_EX) != 0) {
    return SystemError(errno, path.parent_path().native());
  }
  PLASM_TRY_VOID(RemoveStale(path, address));
  UniqueFd fd = NewSocket(AF_UNIX);
  if (!fd) return SystemError(errno, "socket");
  // Before it has a name: bind gives the file the mode of the socket, less the umask.
  if (::fchmod(fd.get(), 0600) != 0) return SystemError(errno, path.native());
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return SystemError(errno, path.native());
  }
  Listener listener;
  listener.remove_.value = path;
  if (::chmod(path.c_str(), 0600) != 0 || ::listen(fd.get(), kBacklog) != 0) {
    return SystemError(errno, path.native());
  }
  listener.kind_ = Kind::kUnix;
  listener.fd_ = std::move(fd);
  listener.address_ = "unix:" + path.native();
  return listener;
}

Result<Listener> Listener::FromDescriptor(UniqueFd fd) {
  int listens = 0;
  int type = 0;
  socklen_t size = sizeof(int);
  if (::getsockopt(fd.get(), SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0) {
    return SystemError(errno, "descriptor " + std::to_string(fd.get()));
  }
  size = sizeof(int);
  SocketAddress address;
  address.size = sizeof(address.storage);
  if (listens != 1 || ::getsockopt(fd.get(), SOL_SOCKET, SO_TYPE, &type, &size) != 0 ||
      type != SOCK_STREAM || ::getsockname(fd.get(), address.get(), &address.size) != 0) {
    return Error{ErrorCode::kInvalid,
                 "descriptor " + std::to_string(fd.get()) + ": expected a listening stream socket"};
  }
  Listener listener;
  switch (address.storage.ss_family) {
    case AF_INET:
    case AF_INET6:
      listener.kind_ = Kind::kTls;
      listener.address_ = address.ToString();
      listener.port_ = address.port();
      break;
    case AF_UNIX: {
      listener.kind_ = Kind::kUnix;
      const auto& bound = reinterpret_cast<const sockaddr_un&>(address.storage);
      listener.address_ = "unix:" + std::string(bound.sun_path);
      break;
    }
    default:
      return Error{ErrorCode::kInvalid,
                   "descriptor " + std::to_string(fd.get()) + ": expected a TCP or Unix socket"};
  }
  const int flags = ::fcntl(fd.get(), F_GETFL);
  if (flags < 0 || ::fcntl(fd.get(), F_SETFL, flags | O_NONBLOCK) != 0 ||
      ::fcntl(fd.get(), F_SETFD, FD_CLOEXEC) != 0) {
    return SystemError(errno, "descriptor " + std::to_string(fd.get()));
  }
  listener.fd_ = std::move(fd);
  return listener;
}

Listener::~Listener() {
  if (!remove_.value.empty()) ::unlink(remove_.value.c_str());
}

}  // namespace plasm::net
