// Nodes that count: of each the newest card, and where it was found. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/utc_time.h"
#include "crypto/ed25519.h"
#include "discovery/probe.h"
#include "net/endpoint.h"
#include "trust/node_card.h"

namespace plasm::discovery {

struct FoundNode {
  trust::OpenedCard card;
  Bytes envelope;
  std::vector<net::Endpoint> endpoints;  // those that answered with this card, the nearest first
  std::uint64_t round_trip_ns = 0;       // of the first of them
  std::optional<Bytes> status;
};

// One thread at a time.
class FoundNodes {
 public:
  // An older card of this identity does not count: one was accepted before, or the identity has
  // signed that there is a newer one.
  void Require(const crypto::PublicKey& identity, std::uint64_t version);

  // kDenied when the card does not count (JudgeCard, rollback), kConflict when the node has signed
  // two of this version: it does not count from then on.
  Result<void> Take(const net::Endpoint& endpoint, ProbedNode node, UtcTime now);

  // In the order of their identities.
  std::vector<const FoundNode*> Nodes() const;

  // Forgets the nodes, and of them remembers the versions and the conflicts.
  void BeginRound() { nodes_.clear(); }

 private:
  struct Version {
    std::uint64_t least = 0;
    std::optional<Sha256Digest> payload;  // of the card of this version, where one was seen
    bool conflict = false;
  };

  std::map<crypto::PublicKey, FoundNode> nodes_;
  std::map<crypto::PublicKey, Version> versions_;
};

}  // namespace plasm::discovery
