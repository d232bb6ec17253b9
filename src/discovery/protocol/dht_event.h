// What plasm-dht says, a line each (spec/discovery.md section 4). It speaks to strangers, and may
// have been taken over: every line is taken for hostile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/ed25519.h"
#include "discovery/protocol/announce_key.h"
#include "discovery/protocol/dht_command.h"
#include "discovery/protocol/peer_address.h"

namespace plasm::discovery {

inline constexpr std::size_t kMaxEventBytes = 64 << 10;
inline constexpr std::size_t kMaxPeersInEvent = 500;
inline constexpr std::size_t kMaxMessageBytes = 1024;

struct DhtReady {
  std::vector<PeerAddress> listen;
  friend bool operator==(const DhtReady&, const DhtReady&) = default;
};
struct DhtJoined {
  friend bool operator==(const DhtJoined&, const DhtJoined&) = default;
};
struct ItemStored {
  crypto::PublicKey key;
  std::uint64_t seq = 0;
  std::uint32_t copies = 0;
  friend bool operator==(const ItemStored&, const ItemStored&) = default;
};
struct ItemFound {
  DhtItem item;
  bool final = false;  // no other comes for this GetItem
  friend bool operator==(const ItemFound&, const ItemFound&) = default;
};
struct ItemAbsent {
  crypto::PublicKey key;
  std::string salt;
  friend bool operator==(const ItemAbsent&, const ItemAbsent&) = default;
};
struct PeersFound {
  AnnounceKey target;
  std::vector<PeerAddress> peers;
  friend bool operator==(const PeersFound&, const PeersFound&) = default;
};
struct NodesKnown {
  std::vector<PeerAddress> nodes;
  friend bool operator==(const NodesKnown&, const NodesKnown&) = default;
};
struct PortMapped {
  std::uint16_t port = 0;
  std::uint16_t external = 0;
  friend bool operator==(const PortMapped&, const PortMapped&) = default;
};
struct CommandRefused {
  std::string message;  // one line
  friend bool operator==(const CommandRefused&, const CommandRefused&) = default;
};
using DhtEvent = std::variant<DhtReady, DhtJoined, ItemStored, ItemFound, ItemAbsent, PeersFound,
                              NodesKnown, PortMapped, CommandRefused>;

// Without the line feed. kInvalid or kLimitExceeded, naming the member.
Result<DhtEvent> ParseDhtEvent(ByteView line);

// With the line feed.
std::string SerializeDhtEvent(const DhtEvent& event);

}  // namespace plasm::discovery
