#include "discovery/probe.h"

#include <string>
#include <utility>

#include "crypto/public_key_text.h"
#include "trust/tls_keys.h"

namespace plasm::discovery {
namespace {

constexpr unsigned kOk = 200;
constexpr std::uint64_t kMostAheadMs = 5 * 60'000;
constexpr std::size_t kMaxStatusBytes = 64 << 10;
constexpr std::size_t kMaxHealthBytes = 1024;

net::ClientLimits LimitsOf(const ProbeLimits& limits) {
  return {.connect = limits.each,
          .handshake = limits.each,
          .head = limits.each,
          .stall = limits.each,
          .head_bytes = 8 << 10};
}

// Nothing where it is not granted: that is no fault of the node.
std::optional<Bytes> StatusOf(const net::Endpoint& endpoint, const ProbeLimits& limits,
                              const StatusAccess& access, const crypto::PublicKey& tls_key,
                              Clock& clock, int stop_fd) {
  net::Client client(clock, endpoint, tls_key, &access.identity, LimitsOf(limits));
  client.InterruptBy(stop_fd);
  auto response = client.Fetch({.target = "/v1/node/status"}, kMaxStatusBytes);
  if (!response || response->head.status != kOk) return std::nullopt;
  return std::move(response->body);
}

}  // namespace

Result<ProbedNode> ProbeNode(const net::Endpoint& endpoint, const ProbeLimits& limits,
                             const StatusAccess* status, Clock& clock, int stop_fd) {
  ProbedNode node;
  PLASM_TRY(node.tls_key, net::FetchServerKey(clock, endpoint, LimitsOf(limits), stop_fd));
  net::Client client(clock, endpoint, node.tls_key, nullptr, LimitsOf(limits));
  client.InterruptBy(stop_fd);
  PLASM_TRY(net::WholeResponse response,
            client.Fetch({.target = "/v1/node"}, trust::kMaxCardBytes));
  if (response.head.status != kOk) {
    return Error{ErrorCode::kUnavailable, endpoint.ToString() + ": GET /v1/node: found status " +
                                              std::to_string(response.head.status) +
                                              ", expected 200"};
  }
  node.envelope = std::move(response.body);
  auto opened = trust::OpenNodeCard(node.envelope);
  if (!opened) {
    return Error{opened.error().code, endpoint.ToString() + ": " + opened.error().message};
  }
  node.card = *std::move(opened);
  const std::uint64_t begun_ns = clock.MonotonicNs();
  PLASM_TRY_VOID(client.Fetch({.target = "/healthz"}, kMaxHealthBytes));
  node.round_trip_ns = clock.MonotonicNs() - begun_ns;
  if (status != nullptr && status->is_trusted(node.card.card.identity) &&
      JudgeCard(node.card.card, node.tls_key, UtcTime::FromNanoseconds(clock.RealtimeNs()))) {
    node.status = StatusOf(endpoint, limits, *status, node.tls_key, clock, stop_fd);
  }
  return node;
}

Result<void> JudgeCard(const trust::NodeCard& card, const crypto::PublicKey& tls_key, UtcTime now) {
  PLASM_TRY_VOID(trust::CheckListsTlsKey(card, tls_key, now));
  const std::string name = "the card of " + crypto::Fingerprint(card.identity);
  if (card.expires < now) {
    return Error{ErrorCode::kDenied, name + " expired at " + card.expires.ToString()};
  }
  if (card.issued.milliseconds > now.milliseconds + kMostAheadMs) {
    return Error{ErrorCode::kDenied,
                 name + " is of a time to come: issued at " + card.issued.ToString()};
  }
  return {};
}

}  // namespace plasm::discovery
