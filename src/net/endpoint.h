// Where a server is. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plasm::net {

inline constexpr std::uint16_t kDefaultPort = 7420;

// Whether it is a DNS name: labels of letters, digits, '-' and '_'. Also true of IPv4 addresses.
bool IsHostName(std::string_view text);

struct Endpoint {
  enum class Kind { kTls, kUnix };
  Kind kind = Kind::kTls;
  std::string host = {};  // a DNS name in lower case, or an address; without brackets
  std::uint16_t port = kDefaultPort;
  std::string path = {};  // of a Unix socket, absolute

  friend bool operator==(const Endpoint&, const Endpoint&) = default;

  // "https://host[:port]" with at most one '/' behind it, or "unix:/absolute/path". kInvalid for
  // anything else: other schemes, users, paths, queries, port 0, names that are none.
  static Result<Endpoint> Parse(std::string_view url);

  // The one spelling of it, which Parse takes: "https://host:7420", "unix:/path".
  std::string ToString() const;
};

}  // namespace plasm::net
