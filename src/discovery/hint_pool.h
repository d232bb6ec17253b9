// Hints of all sources, merged and held in bounds (spec/discovery.md section 1). Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crypto/ed25519.h"
#include "discovery/hint.h"
#include "net/endpoint.h"

namespace plasm::discovery {

enum class HintStanding {
  kProbe,         // new, or due again: to be asked now
  kKnown,         // asked already in this round, or about to be
  kFailedLately,  // not to be asked yet
  kTooManyOfKey,  // the three are dropped
  kTooManyOfNetwork,
  kFull,
};

// Times are of a monotonic clock. One thread at a time.
class HintPool {
 public:
  static constexpr std::size_t kMostHints = 4096;
  static constexpr std::size_t kMostOfKey = 8;
  static constexpr std::size_t kMostOfNetwork = 16;
  static constexpr std::uint64_t kFirstPauseNs = 30'000'000'000;
  static constexpr std::uint64_t kLongestPauseNs = 1'800'000'000'000;

  HintStanding Add(const Hint& hint, std::uint64_t now_ns);

  // What came of asking there.
  void Answered(const net::Endpoint& endpoint);
  void Failed(const net::Endpoint& endpoint, std::uint64_t now_ns);

  // What was asked may be asked again, as soon as it is hinted at again. Failures are remembered.
  void BeginRound();

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    enum class State { kWaiting, kGood, kFailed };
    State state = State::kWaiting;
    bool asked = false;                         // in this round
    std::vector<crypto::PublicKey> identities;  // that were said to be there
    std::string network;                        // empty: exempt
    std::uint32_t failures = 0;
    std::uint64_t not_before_ns = 0;
  };

  void Count(const Entry& entry, bool more);
  void Claim(Entry& entry, const Hint& hint);

  std::map<std::string, Entry> entries_;           // by Endpoint::ToString
  std::map<std::string, std::size_t> of_network_;  // entries that have not proven good
  std::map<crypto::PublicKey, std::size_t> of_key_;
};

// The network of an endpoint, as far as its text tells: IPv4 /24, IPv6 /48, the last two labels of
// a name, a loopback address itself.
std::string NetworkOf(const net::Endpoint& endpoint);

}  // namespace plasm::discovery
