// Literal addresses of TCP sockets.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plasm::net {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }

  // "127.0.0.1:7420" or "[::1]:7420". kInvalid for names, and without a port.
  static Result<SocketAddress> Parse(std::string_view text);
  // An IPv4 address that came in IPv6's clothes is written as IPv4.
  std::string ToString() const;
  std::uint16_t port() const;
  // What the limit of connections of one peer counts: an IPv4 address, or a /64 of IPv6.
  std::string PeerGroup() const;
};

}  // namespace plasm::net
