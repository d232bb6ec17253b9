#include "discovery/dht_source.h"

#include <poll.h>

#include <algorithm>
#include <variant>

namespace plasm::discovery {
namespace {

constexpr std::uint64_t kNs = 1'000'000'000;
// The DHT never says that there is no more. Answers come within milliseconds where nobody is
// dead on the way; for a dead one it waits.
constexpr std::uint64_t kQuietNs = 3 * kNs / 2;

bool IsReadable(int fd) {
  pollfd polled{fd, POLLIN, 0};
  return fd >= 0 && poll(&polled, 1, 0) > 0;
}

bool Asks(const Query& query, const crypto::PublicKey& key) {
  return std::ranges::find(query.identities, key) != query.identities.end();
}

bool Asks(const Query& query, const AnnounceKey& target) {
  return std::ranges::any_of(
      CapabilitiesToAsk(query.selection),
      [&](const std::string& capability) { return AnnounceKeyOf(capability) == target; });
}

}  // namespace

void DhtSource::Ask(const Query& query) {
  for (const std::string& capability : CapabilitiesToAsk(query.selection)) {
    process_.Send(FindPeers{AnnounceKeyOf(capability)});
  }
  for (const crypto::PublicKey& identity : query.identities) {
    process_.Send(GetItem{identity, std::string(kNodeItemSalt)});
  }
  process_.Send(ListNodes{});
}

void DhtSource::Take(const DhtEvent& event, const Query& query, const HintSink& sink,
                     Progress& progress) {
  if (std::holds_alternative<DhtReady>(event)) {
    ready_ = true;
    progress.joined = false;
  } else if (std::holds_alternative<DhtJoined>(event)) {
    progress.joined = true;
    progress.quiet_since_ns = clock_.MonotonicNs();
    Ask(query);
  } else if (const auto* found = std::get_if<PeersFound>(&event)) {
    if (!Asks(query, found->target)) return;
    progress.quiet_since_ns = clock_.MonotonicNs();
    for (const PeerAddress& peer : found->peers) {
      sink({.endpoint = {.host = peer.host, .port = peer.port}, .origin = HintOrigin::kDht});
    }
  } else if (const auto* item = std::get_if<ItemFound>(&event)) {
    if (!Asks(query, item->item.key)) return;
    const auto accepted = items_.Accept(item->item, UtcTime::FromNanoseconds(clock_.RealtimeNs()));
    if (!accepted) return;  // somebody's forgery or an old one; a better one may come
    progress.quiet_since_ns = clock_.MonotonicNs();
    for (const net::Endpoint& endpoint : accepted->endpoints) {
      sink({.endpoint = endpoint,
            .origin = HintOrigin::kDht,
            .identity = item->item.key,
            .signed_version = accepted->version});
    }
  } else if (const auto* known = std::get_if<NodesKnown>(&event)) {
    nodes_ = known->nodes;
  }
}

Result<void> DhtSource::Find(const Query& query, const HintSink& sink, int stop_fd) {
  Progress progress{.joined = ready_, .quiet_since_ns = clock_.MonotonicNs()};
  if (progress.joined) Ask(query);
  std::string failure;
  while (!IsReadable(stop_fd)) {
    std::uint64_t wait_ns = UINT64_MAX;
    if (progress.joined) {
      const std::uint64_t quiet_ns = clock_.MonotonicNs() - progress.quiet_since_ns;
      if (quiet_ns >= kQuietNs) return {};
      wait_ns = kQuietNs - quiet_ns;
    }
    const auto event = process_.Next(wait_ns, stop_fd);
    if (std::string why = process_.TakeFailure(); !why.empty()) {
      failure = std::move(why);
      ready_ = false;
      progress.joined = false;
    }
    if (event) Take(*event, query, sink, progress);
  }
  if (progress.joined) return {};
  if (!failure.empty()) return Error{ErrorCode::kUnavailable, failure};
  return Error{ErrorCode::kUnavailable, "none of the DHT's bootstrap nodes has answered"};
}

}  // namespace plasm::discovery
