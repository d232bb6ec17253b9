// For tests: a client that says exactly what it is told to.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/unique_fd.h"
#include "net/endpoint.h"
#include "net/socket_address.h"

namespace plasm::net::testing {

// Blocking, plain. Reading gives up after 30 seconds, with an exception.
class RawSocket {
 public:
  explicit RawSocket(const Endpoint& endpoint) {
    int connected = -1;
    if (endpoint.kind == Endpoint::Kind::kUnix) {
      fd_.Reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      std::memcpy(address.sun_path, endpoint.path.data(), endpoint.path.size());
      connected =
          ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    } else {
      fd_.Reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
      const auto address =
          SocketAddress::Parse(endpoint.host + ":" + std::to_string(endpoint.port));
      connected = ::connect(fd_.get(), address->get(), address->size);
    }
    if (connected != 0) throw std::runtime_error("connect: " + std::string(std::strerror(errno)));
    const timeval limit{.tv_sec = 30, .tv_usec = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  }

  // False when the other side has closed.
  bool Send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (sent < 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // Up to and with `end`; up to the end of the stream when that comes first.
  std::string ReadThrough(std::string_view end) {
    while (true) {
      const std::size_t found = read_.find(end);
      if (found != std::string::npos) {
        std::string text = read_.substr(0, found + end.size());
        read_.erase(0, text.size());
        return text;
      }
      if (!ReadMore()) return std::exchange(read_, {});
    }
  }

  std::string ReadToTheEnd() {
    while (ReadMore()) {
    }
    return std::exchange(read_, {});
  }

  // One response with a Content-Length, or without a body.
  std::string ReadResponse() {
    std::string text = ReadThrough("\r\n\r\n");
    const std::size_t field = text.find("Content-Length: ");
    if (field == std::string::npos) return text;
    const std::size_t length = std::stoul(text.substr(field + 16));
    while (read_.size() < length && ReadMore()) {
    }
    text += read_.substr(0, length);
    read_.erase(0, length);
    return text;
  }

  void EndSending() { ::shutdown(fd_.get(), SHUT_WR); }
  void Close() { fd_.Reset(); }
  // With a reset instead of a proper end.
  void Abort() {
    const linger now{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    fd_.Reset();
  }
  int fd() const { return fd_.get(); }
  [[nodiscard]] int Release() { return fd_.Release(); }

 private:
  bool ReadMore() {
    std::array<char, 16384> buffer;
    const ssize_t count = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      throw std::runtime_error("the server says nothing");
    }
    if (count <= 0) return false;
    read_.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
  }

  UniqueFd fd_;
  std::string read_;
};

}  // namespace plasm::net::testing
