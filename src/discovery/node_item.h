// The item that a node keeps in the DHT under its identity (spec/discovery.md section 3). Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"
#include "base/utc_time.h"
#include "crypto/ed25519.h"
#include "discovery/protocol/dht_command.h"
#include "net/endpoint.h"

namespace plasm::discovery {

inline constexpr std::string_view kNodeItemSalt = "plasm-node-1";
inline constexpr std::size_t kMaxItemEndpoints = 8;

struct NodeItem {
  Sha256Digest card;  // of its payload
  std::uint64_t version = 1;
  UtcTime expires;
  std::vector<net::Endpoint> endpoints;  // empty: withdrawn

  friend bool operator==(const NodeItem&, const NodeItem&) = default;
};

// The value of an item, without checks. Endpoints beyond what fits are left out.
std::string SerializeNodeItem(const NodeItem& item);

// kInvalid or kLimitExceeded, naming the member.
Result<NodeItem> ParseNodeItem(ByteView value);

// What is signed (BEP 44).
Bytes SignedBytesOf(std::string_view salt, std::uint64_t seq, ByteView value);

DhtItem SignNodeItem(const NodeItem& item, std::uint64_t seq, const crypto::SigningKey& identity);

// The sequence number of an item that is signed now, larger than the last one.
std::uint64_t NextSeq(std::uint64_t now_ns, std::uint64_t last);

// What a reader has accepted, so that nothing older is. One thread at a time.
class ItemReader {
 public:
  // kDenied unless it is signed by its key; kConflict for a rollback; kInvalid for what is
  // expired, comes from the future or is no item of a node. `now`: of the real clock.
  Result<NodeItem> Accept(const DhtItem& item, UtcTime now);

 private:
  struct Accepted {
    std::uint64_t seq = 0;
    Sha256Digest value;
  };
  std::map<crypto::PublicKey, Accepted> accepted_;
};

}  // namespace plasm::discovery
