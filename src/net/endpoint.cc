#include "net/endpoint.h"

#include <arpa/inet.h>
#include <sys/un.h>

#include <algorithm>
#include <array>

#include "base/decimal.h"
#include "base/quote.h"
#include "base/text_form.h"

namespace plasm::net {
namespace {

constexpr std::string_view kTlsScheme = "https://";
constexpr std::string_view kUnixScheme = "unix:";

bool IsAddress(int family, const std::string& text) {
  std::array<std::byte, 16> bytes{};
  return inet_pton(family, text.c_str(), bytes.data()) == 1;
}

Error Invalid(std::string_view url, std::string_view why) {
  return {ErrorCode::kInvalid, "address " + Quote(url) + ": " + std::string(why) +
                                   "; expected https://host[:port] or unix:/path"};
}

Result<Endpoint> ParseUnix(std::string_view url) {
  Endpoint endpoint;
  endpoint.kind = Endpoint::Kind::kUnix;
  endpoint.port = 0;
  endpoint.path = url.substr(kUnixScheme.size());
  if (!endpoint.path.starts_with('/') || endpoint.path.size() < 2) {
    return Invalid(url, "the path is not absolute");
  }
  if (!IsPlainText(endpoint.path)) return Invalid(url, "the path has control characters");
  if (endpoint.path.size() >= sizeof(sockaddr_un::sun_path)) {
    return Invalid(url, "the path is longer than 107 bytes");
  }
  return endpoint;
}

}  // namespace

bool IsHostName(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  while (true) {
    const std::size_t dot = text.find('.');
    const std::string_view label = text.substr(0, dot);
    const bool good = !label.empty() && label.size() <= 63 && label.front() != '-' &&
                      label.back() != '-' && std::ranges::all_of(label, [](char c) {
                        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                               (c >= '0' && c <= '9') || c == '-' || c == '_';
                      });
    if (!good) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

Result<Endpoint> Endpoint::Parse(std::string_view url) {
  if (url.starts_with(kUnixScheme)) return ParseUnix(url);
  if (!url.starts_with(kTlsScheme)) return Invalid(url, "unknown scheme");
  Endpoint endpoint;
  std::string_view rest = url.substr(kTlsScheme.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.starts_with('[')) {
    const std::size_t end = rest.find(']');
    if (end == std::string_view::npos) return Invalid(url, "'[' without ']'");
    endpoint.host = rest.substr(1, end - 1);
    if (endpoint.host.find('\0') != std::string::npos || !IsAddress(AF_INET6, endpoint.host)) {
      return Invalid(url, "no IPv6 address in the brackets");
    }
    rest.remove_prefix(end + 1);
  } else {
    const std::size_t end = rest.find(':');
    endpoint.host = rest.substr(0, end);
    rest.remove_prefix(std::min(end, rest.size()));
    if (!IsHostName(endpoint.host)) return Invalid(url, "no host name");
    std::ranges::transform(endpoint.host, endpoint.host.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    // What ends in a number is an IPv4 address, or a spelling of one that resolvers read as they
    // like ("127.1", "0x7f.1").
    const std::string last = endpoint.host.substr(endpoint.host.rfind('.') + 1);
    const bool number = last.starts_with("0x") ||
                        std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; });
    if (number && !IsAddress(AF_INET, endpoint.host)) return Invalid(url, "no IPv4 address");
  }
  if (!rest.empty()) {
    if (!rest.starts_with(':')) return Invalid(url, "something follows the host");
    const auto port = ParseDecimal(rest.substr(1));
    if (!port || *port == 0 || *port > 65535) return Invalid(url, "no port from 1 to 65535");
    endpoint.port = static_cast<std::uint16_t>(*port);
  }
  return endpoint;
}

std::string Endpoint::ToString() const {
  if (kind == Kind::kUnix) return std::string(kUnixScheme) + path;
  const bool brackets = host.find(':') != std::string::npos;
  return std::string(kTlsScheme) + (brackets ? "[" + host + "]" : host) + ":" +
         std::to_string(port);
}

}  // namespace plasm::net
