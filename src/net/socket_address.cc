#include "net/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <cstring>

#include "base/bytes.h"
#include "base/decimal.h"
#include "base/hex.h"
#include "base/quote.h"

namespace plasm::net {
namespace {

const sockaddr_in& V4(const sockaddr_storage& storage) {
  return reinterpret_cast<const sockaddr_in&>(storage);
}
const sockaddr_in6& V6(const sockaddr_storage& storage) {
  return reinterpret_cast<const sockaddr_in6&>(storage);
}

bool IsMapped(const sockaddr_storage& storage) {
  return storage.ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&V6(storage).sin6_addr);
}

std::string V4Text(const void* address) {
  std::array<char, INET_ADDRSTRLEN> text{};
  inet_ntop(AF_INET, address, text.data(), text.size());
  return text.data();
}

}  // namespace

Result<SocketAddress> SocketAddress::Parse(std::string_view text) {
  const Error invalid{ErrorCode::kInvalid, "address " + Quote(text) +
                                               ": expected one like 127.0.0.1:7420 or [::1]:7420"};
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || text.find('\0') != std::string_view::npos) return invalid;
  const auto port = ParseDecimal(text.substr(colon + 1));
  if (!port || *port > 65535) return invalid;
  std::string host(text.substr(0, colon));
  SocketAddress address;
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage);
    if (inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) != 1) return invalid;
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(static_cast<std::uint16_t>(*port));
    address.size = sizeof(v6);
  } else {
    auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage);
    if (inet_pton(AF_INET, host.c_str(), &v4.sin_addr) != 1) return invalid;
    v4.sin_family = AF_INET;
    v4.sin_port = htons(static_cast<std::uint16_t>(*port));
    address.size = sizeof(v4);
  }
  return address;
}

std::uint16_t SocketAddress::port() const {
  if (storage.ss_family == AF_INET) return ntohs(V4(storage).sin_port);
  if (storage.ss_family == AF_INET6) return ntohs(V6(storage).sin6_port);
  return 0;
}

std::string SocketAddress::ToString() const {
  const std::string suffix = ":" + std::to_string(port());
  if (storage.ss_family == AF_INET) return V4Text(&V4(storage).sin_addr) + suffix;
  if (IsMapped(storage)) return V4Text(&V6(storage).sin6_addr.s6_addr[12]) + suffix;
  if (storage.ss_family != AF_INET6) return "unix";
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(AF_INET6, &V6(storage).sin6_addr, text.data(), text.size());
  return "[" + std::string(text.data()) + "]" + suffix;
}

std::string SocketAddress::PeerGroup() const {
  if (storage.ss_family == AF_INET) return V4Text(&V4(storage).sin_addr);
  if (IsMapped(storage)) return V4Text(&V6(storage).sin6_addr.s6_addr[12]);
  return EncodeHex(std::as_bytes(std::span(V6(storage).sin6_addr.s6_addr)).first(8));
}

}  // namespace plasm::net
