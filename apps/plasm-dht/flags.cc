#include "flags.h"

#include <arpa/inet.h>
#include <netdb.h>

#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "base/decimal.h"
#include "base/quote.h"

namespace plasm::dht {
namespace {

using discovery::PeerAddress;

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

// Both addresses of a name, numeric; none when it is not found.
std::vector<PeerAddress> Resolve(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* list = nullptr;
  if (getaddrinfo(host.c_str(), port.c_str(), &hints, &list) != 0) return {};
  const std::unique_ptr<addrinfo, FreeAddresses> owner(list);
  std::vector<PeerAddress> found;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    std::array<char, NI_MAXHOST> name{};
    if (getnameinfo(entry->ai_addr, entry->ai_addrlen, name.data(), name.size(), nullptr, 0,
                    NI_NUMERICHOST) != 0) {
      continue;
    }
    const std::string text(name.data());
    const bool v6 = text.find(':') != std::string::npos;
    const auto address = PeerAddress::Parse((v6 ? "[" + text + "]:" : text + ":") + port);
    if (address) found.push_back(*address);
  }
  return found;
}

Result<std::vector<PeerAddress>> Bootstrap(std::string_view text) {
  if (auto address = PeerAddress::Parse(text)) return std::vector{*std::move(address)};
  const std::size_t colon = text.rfind(':');
  const auto port = colon == std::string_view::npos ? Result<std::uint64_t>(std::uint64_t{0})
                                                    : ParseDecimal(text.substr(colon + 1));
  if (!port || *port == 0 || *port > UINT16_MAX || colon == 0) {
    return Error{ErrorCode::kInvalid, "--bootstrap: found " + Quote(text) + ", expected HOST:PORT"};
  }
  return Resolve(std::string(text.substr(0, colon)), std::to_string(*port));
}

// Port 0 is any, which a PeerAddress does not have.
Result<std::string> Listen(std::string_view text) {
  std::string one(text);
  if (one.ends_with(":0")) one.back() = '1';
  if (!PeerAddress::Parse(one)) {
    return Error{ErrorCode::kInvalid, "--listen: found " + Quote(text) +
                                          ", expected an address and a port, as in 192.0.2.7:6881"};
  }
  return std::string(text);
}

}  // namespace

Result<Flags> ParseFlags(std::span<char* const> words) {
  Flags flags;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view flag = words[i];
    if (flag == "--read-only") {
      flags.read_only = true;
    } else if (flag == "--map-ports") {
      flags.map_ports = true;
    } else if ((flag == "--listen" || flag == "--bootstrap") && i + 1 < words.size()) {
      const std::string_view value = words[++i];
      if (flag == "--listen") {
        PLASM_TRY(std::string address, Listen(value));
        flags.listen.push_back(std::move(address));
      } else {
        PLASM_TRY(const std::vector<PeerAddress> found, Bootstrap(value));
        flags.bootstrap.insert(flags.bootstrap.end(), found.begin(), found.end());
      }
    } else {
      return Error{ErrorCode::kInvalid, "found " + Quote(flag) +
                                            ", expected --listen ADDRESS:PORT, --bootstrap "
                                            "HOST:PORT, --read-only or --map-ports"};
    }
  }
  if (flags.listen.empty()) {
    return Error{ErrorCode::kInvalid, "--listen: found none, expected at least one"};
  }
  return flags;
}

}  // namespace plasm::dht
