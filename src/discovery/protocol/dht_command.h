// What plasm-dht is told, a line each (spec/discovery.md section 4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/ed25519.h"
#include "discovery/protocol/announce_key.h"

namespace plasm::discovery {

inline constexpr std::size_t kMaxCommandBytes = 8 << 10;
inline constexpr std::size_t kMaxItemBytes = 996;  // 1000 in the DHT, with "996:" before them
inline constexpr std::size_t kMaxSaltBytes = 64;
inline constexpr std::uint64_t kMaxItemSeq = INT64_MAX;

// A mutable item (BEP 44) whose value is a byte string. That it stands in this form says nothing
// about its signature.
struct DhtItem {
  crypto::PublicKey key;
  std::string salt;
  std::uint64_t seq = 0;
  Bytes value;
  crypto::Signature signature;

  friend bool operator==(const DhtItem&, const DhtItem&) = default;
};

struct PutItem {
  DhtItem item;
  friend bool operator==(const PutItem&, const PutItem&) = default;
};
struct GetItem {
  crypto::PublicKey key;
  std::string salt;
  friend bool operator==(const GetItem&, const GetItem&) = default;
};
struct Announce {
  AnnounceKey target;
  std::uint16_t port = 0;
  friend bool operator==(const Announce&, const Announce&) = default;
};
struct FindPeers {
  AnnounceKey target;
  friend bool operator==(const FindPeers&, const FindPeers&) = default;
};
struct ListNodes {
  friend bool operator==(const ListNodes&, const ListNodes&) = default;
};
struct MapPort {
  std::uint16_t port = 0;
  friend bool operator==(const MapPort&, const MapPort&) = default;
};
using DhtCommand = std::variant<PutItem, GetItem, Announce, FindPeers, ListNodes, MapPort>;

// Without the line feed. kInvalid or kLimitExceeded, naming the member.
Result<DhtCommand> ParseDhtCommand(ByteView line);

// With the line feed.
std::string SerializeDhtCommand(const DhtCommand& command);

}  // namespace plasm::discovery
