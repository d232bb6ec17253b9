#include "discovery/simulated_nodes.h"

#include <poll.h>

#include <array>
#include <cstring>

namespace plasm::bench {
namespace {

constexpr std::size_t kNodesOfNetwork = 4;
constexpr std::size_t kRare = 10;

crypto::SigningKey KeyFrom(std::size_t number, unsigned char use) {
  std::array<std::byte, crypto::SigningKey::kSeedSize> seed{};
  std::memcpy(seed.data(), &number, sizeof(number));
  seed.back() = std::byte{use};
  return crypto::SigningKey::FromSeed(seed);
}

net::Endpoint EndpointOf(std::size_t number) {
  const std::size_t network = number / kNodesOfNetwork;
  return {.host = "10." + std::to_string(network / 256) + "." + std::to_string(network % 256) +
                  "." + std::to_string(number % kNodesOfNetwork + 1)};
}

Conduct ConductOf(std::size_t number, std::size_t bad) {
  if (number % 100 >= bad) return Conduct::kHonest;
  switch (number % 100 % 6) {
    case 4:
      return Conduct::kImpostor;
    case 5:
      return Conduct::kStale;
    default:
      return Conduct::kGone;
  }
}

trust::Capabilities CapabilitiesOf(std::size_t number, std::size_t count, std::mt19937_64& random) {
  trust::Capabilities node{.engine = number % 10 == 0 ? "wasmtime-47" : "wasmtime-48",
                           .arch = number % 4 == 0 ? "aarch64" : "x86_64",
                           .profiles = {"plasm-det-1", "live"},
                           .labels = {{"zone", "z" + std::to_string(random() % 20)}},
                           .cores = static_cast<std::uint32_t>(2u << random() % 6),
                           .memory_mib = static_cast<std::uint32_t>(4096u << random() % 5),
                           .cpu = {"sse4.2", "popcnt", "avx", "avx2", "fma", "bmi", "bmi2"},
                           .policy = trust::SubmitPolicy::kInvitation};
  if (random() % 20 == 0) node.labels["gpu"] = "yes";
  if (number % (count / kRare) == count / kRare - 1) node.labels["rare"] = "yes";
  return node;
}

std::string EnvelopeOf(std::size_t number, const SimulatedNodes::Node& node) {
  const crypto::SigningKey identity = KeyFrom(number, 1);
  const UtcTime now = UtcTime::FromNanoseconds(SystemClock().RealtimeNs());
  constexpr std::uint64_t kDayMs = 86'400'000;
  const bool stale = node.conduct == Conduct::kStale;
  trust::NodeCard card;
  card.identity = identity.public_key();
  card.name = "node " + std::to_string(number);
  card.issued = {now.milliseconds - 2 * kDayMs};
  card.expires = {stale ? now.milliseconds - kDayMs : now.milliseconds + 88 * kDayMs};
  const UtcTime to{now.milliseconds + 700 * kDayMs};
  const auto key = [&](trust::KeyUse use, unsigned char number_of_use) {
    return trust::NodeKey{.use = use,
                          .key = KeyFrom(number, number_of_use).public_key(),
                          .from = card.issued,
                          .to = to,
                          .origin = {}};
  };
  card.keys = {key(trust::KeyUse::kReceipt, 2), key(trust::KeyUse::kLog, 3),
               key(trust::KeyUse::kTls, 4)};
  card.keys[1].origin = "plasm.invalid/" + std::to_string(number);
  card.endpoints = {node.endpoint.ToString()};
  card.capabilities = node.capabilities;
  auto signed_card = trust::SignNodeCard(card, identity);
  return signed_card ? *std::move(signed_card) : std::string();
}

// False when it is told to stop first.
bool Wait(std::uint64_t duration_ns, int stop_fd) {
  if (duration_ns == 0) return true;
  pollfd polled{stop_fd, POLLIN, 0};
  return poll(&polled, 1, static_cast<int>(duration_ns / 1'000'000)) == 0;
}

}  // namespace

SimulatedNodes::SimulatedNodes(std::size_t count, std::size_t bad) {
  std::mt19937_64 random(count);
  for (std::size_t number = 0; number < count; ++number) {
    Node node{.endpoint = EndpointOf(number),
              .conduct = ConductOf(number, bad),
              .capabilities = CapabilitiesOf(number, count, random),
              .tls_key = KeyFrom(number, 4).public_key(),
              .envelope = {}};
    if (node.conduct == Conduct::kImpostor) node.tls_key = KeyFrom(number, 5).public_key();
    node.envelope = EnvelopeOf(number, node);
    by_host_.emplace(node.endpoint.host, number);
    nodes_.push_back(std::move(node));
  }
}

Result<discovery::ProbedNode> SimulatedNodes::Probe(const net::Endpoint& endpoint, Latency latency,
                                                    int stop_fd) const {
  const auto at = by_host_.find(endpoint.host);
  if (at == by_host_.end() || nodes_[at->second].conduct == Conduct::kGone) {
    Wait(latency.silence_ns, stop_fd);
    return Error{ErrorCode::kUnavailable, endpoint.ToString() + ": nobody answers"};
  }
  if (!Wait(latency.answer_ns, stop_fd)) return Error{ErrorCode::kUnavailable, "interrupted"};
  const Node& node = nodes_[at->second];
  discovery::ProbedNode probed;
  const ByteView bytes = AsBytes(node.envelope);
  PLASM_TRY(probed.card, trust::OpenNodeCard(bytes));
  probed.envelope.assign(bytes.begin(), bytes.end());
  probed.tls_key = node.tls_key;
  probed.round_trip_ns = latency.answer_ns;
  return probed;
}

}  // namespace plasm::bench
