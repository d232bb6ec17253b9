// Asking a node for its card, and judging what comes (spec/discovery.md section 1).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/utc_time.h"
#include "crypto/ed25519.h"
#include "net/client.h"
#include "net/endpoint.h"
#include "net/tls_identity.h"
#include "trust/node_card.h"

namespace plasm::discovery {

// What a node that may know us is asked besides.
struct StatusAccess {
  const net::TlsIdentity& identity;                          // shown to trusted nodes alone
  std::function<bool(const crypto::PublicKey&)> is_trusted;  // thread-safe
};

struct ProbedNode {
  trust::OpenedCard card;
  Bytes envelope;
  crypto::PublicKey tls_key;
  std::uint64_t round_trip_ns = 0;  // of one request on a connection that is there
  std::optional<Bytes> status{};    // as GET /v1/node/status gives it, where that was granted
};

struct ProbeLimits {
  std::chrono::nanoseconds each = std::chrono::seconds(2);  // connecting, handshake, answer
};

// The card that the server at the endpoint shows, under the right signature; it may be anybody's.
// `status` may be null. kUnavailable "interrupted" as soon as `stop_fd` is readable.
Result<ProbedNode> ProbeNode(const net::Endpoint& endpoint, const ProbeLimits& limits,
                             const StatusAccess* status, Clock& clock, int stop_fd);

// Whether the card speaks for that server, now: kDenied, saying why not. Pure.
Result<void> JudgeCard(const trust::NodeCard& card, const crypto::PublicKey& tls_key, UtcTime now);

}  // namespace plasm::discovery
