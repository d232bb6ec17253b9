// An address and a port, as the DHT knows others.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plasm::discovery {

// One that was parsed has a host in the one spelling of the C library: "192.0.2.7",
// "2001:db8::7"; without brackets, never a name, never with a scope.
struct PeerAddress {
  std::string host;
  std::uint16_t port = 0;

  friend auto operator<=>(const PeerAddress&, const PeerAddress&) = default;

  // "192.0.2.7:7420" or "[2001:db8::7]:7420"; kInvalid otherwise, also for port 0.
  static Result<PeerAddress> Parse(std::string_view text);
  std::string ToString() const;
};

}  // namespace plasm::discovery
