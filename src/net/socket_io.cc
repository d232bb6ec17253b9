#include "net/socket_io.h"

#include <sys/socket.h>

#include <cerrno>

namespace plasm::net {

IoResult SocketIo::Receive(std::span<std::byte> out) {
  if (!readable_) return {IoStatus::kWantRead};
  while (true) {
    const ssize_t count = ::recv(fd_.get(), out.data(), out.size(), 0);
    if (count > 0) {
      const auto bytes = static_cast<std::size_t>(count);
      // Less than was asked for: there is no more, and epoll reports what comes later. The end of
      // a connection is no byte, and its report may have come already.
      if (bytes < out.size() && !hung_up_) readable_ = false;
      return {IoStatus::kDone, bytes};
    }
    if (count == 0) return {IoStatus::kEnd};
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return {IoStatus::kFailed};
    readable_ = false;
    return {IoStatus::kWantRead};
  }
}

IoResult SocketIo::Send(ByteView bytes) {
  if (!writable_) return {IoStatus::kWantWrite};
  while (true) {
    const ssize_t count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      return {IoStatus::kDone, static_cast<std::size_t>(count)};
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return {IoStatus::kFailed};
    writable_ = false;
    return {IoStatus::kWantWrite};
  }
}

}  // namespace plasm::net
