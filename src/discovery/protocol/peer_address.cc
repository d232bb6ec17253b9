#include "discovery/protocol/peer_address.h"

#include <arpa/inet.h>

#include <array>

#include "base/decimal.h"
#include "base/quote.h"

namespace plasm::discovery {
namespace {

// The address in its one spelling; empty when it is none.
std::string Canonical(int family, const std::string& text) {
  if (text.find('\0') != std::string::npos) return "";
  std::array<std::byte, 16> bytes{};
  std::array<char, INET6_ADDRSTRLEN> out{};
  if (inet_pton(family, text.c_str(), bytes.data()) != 1) return "";
  return inet_ntop(family, bytes.data(), out.data(), out.size()) == nullptr ? "" : out.data();
}

}  // namespace

Result<PeerAddress> PeerAddress::Parse(std::string_view text) {
  const auto invalid = [text] {
    return Error{ErrorCode::kInvalid,
                 "found " + Quote(text) + ", expected ADDRESS:PORT or [ADDRESS]:PORT"};
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return invalid();
  std::string_view host = text.substr(0, colon);
  PeerAddress address;
  if (host.starts_with('[') && host.ends_with(']') && host.size() > 2) {
    address.host = Canonical(AF_INET6, std::string(host.substr(1, host.size() - 2)));
  } else {
    address.host = Canonical(AF_INET, std::string(host));
  }
  const auto port = ParseDecimal(text.substr(colon + 1));
  if (address.host.empty() || !port || *port == 0 || *port > UINT16_MAX) return invalid();
  address.port = static_cast<std::uint16_t>(*port);
  return address;
}

std::string PeerAddress::ToString() const {
  const bool brackets = host.find(':') != std::string::npos;
  return (brackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace plasm::discovery
