#include "discovery/found_nodes.h"

#include <algorithm>
#include <string>
#include <utility>

#include "crypto/public_key_text.h"

namespace plasm::discovery {

void FoundNodes::Require(const crypto::PublicKey& identity, std::uint64_t version) {
  Version& known = versions_[identity];
  if (version <= known.least) return;
  known = {.least = version, .payload = {}, .conflict = false};
  const auto found = nodes_.find(identity);
  if (found != nodes_.end() && found->second.card.card.version < version) nodes_.erase(found);
}

Result<void> FoundNodes::Take(const net::Endpoint& endpoint, ProbedNode node, UtcTime now) {
  PLASM_TRY_VOID(JudgeCard(node.card.card, node.tls_key, now));
  const crypto::PublicKey identity = node.card.card.identity;
  const std::uint64_t version = node.card.card.version;
  const auto name = [&] {
    return "the card of version " + std::to_string(version) + " of " +
           crypto::Fingerprint(identity);
  };
  Require(identity, version);
  Version& known = versions_[identity];
  if (version < known.least) {
    return Error{ErrorCode::kDenied,
                 name() + " is a rollback, there is version " + std::to_string(known.least)};
  }
  if (known.payload && *known.payload != node.card.payload_digest) known.conflict = true;
  known.payload = node.card.payload_digest;
  if (known.conflict) {
    nodes_.erase(identity);
    return Error{ErrorCode::kConflict,
                 name() + ": the node has signed two of this version, and does not count"};
  }
  const auto at = nodes_.find(identity);
  if (at == nodes_.end()) {
    nodes_.emplace(identity, FoundNode{.card = std::move(node.card),
                                       .envelope = std::move(node.envelope),
                                       .endpoints = {endpoint},
                                       .round_trip_ns = node.round_trip_ns,
                                       .status = std::move(node.status)});
    return {};
  }
  FoundNode& found = at->second;
  if (std::ranges::find(found.endpoints, endpoint) != found.endpoints.end()) return {};
  const bool nearer = node.round_trip_ns < found.round_trip_ns;
  found.endpoints.insert(nearer ? found.endpoints.begin() : found.endpoints.end(), endpoint);
  found.round_trip_ns = std::min(found.round_trip_ns, node.round_trip_ns);
  if (!found.status) found.status = std::move(node.status);
  return {};
}

std::vector<const FoundNode*> FoundNodes::Nodes() const {
  std::vector<const FoundNode*> nodes;
  for (const auto& [identity, node] : nodes_) nodes.push_back(&node);
  return nodes;
}

}  // namespace plasm::discovery
