#include "discovery/hint_pool.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/hex.h"

namespace plasm::discovery {
namespace {

constexpr std::size_t kIpv4NetworkBytes = 3;
constexpr std::size_t kIpv6NetworkBytes = 6;

std::string LastTwoLabels(const std::string& name) {
  const std::size_t last = name.rfind('.');
  if (last == std::string::npos || last == 0) return name;
  const std::size_t before = name.rfind('.', last - 1);
  return before == std::string::npos ? name : name.substr(before + 1);
}

}  // namespace

std::string_view HintOriginName(HintOrigin origin) {
  switch (origin) {
    case HintOrigin::kList:
      return "list";
    case HintOrigin::kDht:
      return "dht";
    case HintOrigin::kLan:
      return "lan";
  }
  return "";
}

std::string NetworkOf(const net::Endpoint& endpoint) {
  std::array<std::byte, 16> bytes{};
  if (inet_pton(AF_INET, endpoint.host.c_str(), bytes.data()) == 1) {
    if (bytes[0] == std::byte{127}) return endpoint.ToString();
    return "4:" + EncodeHex(ByteView(bytes).first(kIpv4NetworkBytes));
  }
  if (inet_pton(AF_INET6, endpoint.host.c_str(), bytes.data()) == 1) {
    if (endpoint.host == "::1") return endpoint.ToString();
    return "6:" + EncodeHex(ByteView(bytes).first(kIpv6NetworkBytes));
  }
  return "n:" + LastTwoLabels(endpoint.host);
}

void HintPool::Count(const Entry& entry, bool more) {
  if (entry.network.empty() || entry.state == Entry::State::kGood) return;
  if (more) {
    ++of_network_[entry.network];
  } else if (const auto at = of_network_.find(entry.network); --at->second == 0) {
    of_network_.erase(at);
  }
}

void HintPool::Claim(Entry& entry, const Hint& hint) {
  if (!hint.identity) return;
  if (std::ranges::find(entry.identities, *hint.identity) != entry.identities.end()) return;
  entry.identities.push_back(*hint.identity);
  ++of_key_[*hint.identity];
}

HintStanding HintPool::Add(const Hint& hint, std::uint64_t now_ns) {
  const std::string name = hint.endpoint.ToString();
  const auto at = entries_.find(name);
  const bool known_there =
      at != entries_.end() && hint.identity &&
      std::ranges::find(at->second.identities, *hint.identity) != at->second.identities.end();
  if (hint.identity && !known_there) {
    const auto of_key = of_key_.find(*hint.identity);
    if (of_key != of_key_.end() && of_key->second >= kMostOfKey) {
      return HintStanding::kTooManyOfKey;
    }
    // As many may be claimed for one endpoint: whoever claims more does not mean well.
    if (at != entries_.end() && at->second.identities.size() >= kMostOfKey) {
      return HintStanding::kTooManyOfKey;
    }
  }
  if (at != entries_.end()) {
    Entry& entry = at->second;
    Claim(entry, hint);
    if (entry.asked) return HintStanding::kKnown;
    if (entry.state == Entry::State::kFailed && now_ns < entry.not_before_ns) {
      return HintStanding::kFailedLately;
    }
    entry.asked = true;
    return HintStanding::kProbe;
  }
  if (entries_.size() >= kMostHints) return HintStanding::kFull;
  Entry entry;
  if (hint.origin != HintOrigin::kList) entry.network = NetworkOf(hint.endpoint);
  const auto of_network = of_network_.find(entry.network);
  if (of_network != of_network_.end() && of_network->second >= kMostOfNetwork) {
    return HintStanding::kTooManyOfNetwork;
  }
  Claim(entry, hint);
  Count(entry, true);
  entry.asked = true;
  entries_.emplace(name, std::move(entry));
  return HintStanding::kProbe;
}

void HintPool::Answered(const net::Endpoint& endpoint) {
  const auto at = entries_.find(endpoint.ToString());
  if (at == entries_.end()) return;
  Count(at->second, false);
  at->second.state = Entry::State::kGood;
  at->second.failures = 0;
}

void HintPool::Failed(const net::Endpoint& endpoint, std::uint64_t now_ns) {
  const auto at = entries_.find(endpoint.ToString());
  if (at == entries_.end()) return;
  Entry& entry = at->second;
  Count(entry, false);
  entry.state = Entry::State::kFailed;
  Count(entry, true);
  constexpr std::uint32_t kMostDoublings = 6;
  entry.not_before_ns =
      now_ns + std::min(kFirstPauseNs << std::min(entry.failures, kMostDoublings), kLongestPauseNs);
  ++entry.failures;
}

void HintPool::BeginRound() {
  for (auto& [name, entry] : entries_) entry.asked = false;
}

}  // namespace plasm::discovery
