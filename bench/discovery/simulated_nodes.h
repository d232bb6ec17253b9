// Nodes of a network that is not there: real cards under real signatures, and who answers where.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "crypto/ed25519.h"
#include "discovery/probe.h"
#include "net/endpoint.h"
#include "trust/node_card.h"

namespace plasm::bench {

enum class Conduct {
  kHonest,
  kGone,      // left, and is still announced
  kImpostor,  // shows the card of another under a key of its own
  kStale,     // shows a card that has expired
};

// How long an answer takes; the search is told to stop through a descriptor meanwhile.
struct Latency {
  std::uint64_t answer_ns = 0;
  std::uint64_t silence_ns = 0;
};

class SimulatedNodes {
 public:
  struct Node {
    net::Endpoint endpoint;
    Conduct conduct = Conduct::kHonest;
    trust::Capabilities capabilities;
    crypto::PublicKey tls_key;
    std::string envelope;
  };

  // `bad` of 100 nodes are not honest: gone, impostors and stale ones, 4 : 1 : 1. The same number
  // gives the same nodes. Four in a network of 256 addresses, two architectures, gpu=yes on one
  // in twenty, rare=yes on ten of all.
  SimulatedNodes(std::size_t count, std::size_t bad);

  const std::vector<Node>& all() const { return nodes_; }

  // As discovery::ProbeNode, of one of these: opens the card and checks its signature. Thread-safe.
  Result<discovery::ProbedNode> Probe(const net::Endpoint& endpoint, Latency latency,
                                      int stop_fd) const;

 private:
  std::vector<Node> nodes_;
  std::unordered_map<std::string, std::size_t> by_host_;
};

}  // namespace plasm::bench
