// What a node tells the DHT, and when (spec/discovery.md sections 2 and 3). Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crypto/ed25519.h"
#include "discovery/node_item.h"
#include "discovery/protocol/dht_command.h"
#include "net/endpoint.h"
#include "trust/node_card.h"

namespace plasm::discovery {

struct Publication {
  std::vector<std::string> capabilities;
  Sha256Digest card;  // of its payload
  std::uint64_t version = 1;
  std::vector<net::Endpoint> endpoints;
  std::uint16_t port = 0;  // of the API, as others reach it

  friend bool operator==(const Publication&, const Publication&) = default;
};

// Of a card. Endpoints that are no https://host:port are left out.
Publication PublicationOf(const trust::OpenedCard& card, std::uint16_t port);

// Times are of a monotonic clock, but for those of the item. One thread at a time. The key
// outlives it.
class PublicationPlan {
 public:
  static constexpr std::uint64_t kNs = 1'000'000'000;
  static constexpr std::uint64_t kAnnounceEveryNs = 15 * 60 * kNs;
  // Nobody says whether an announcement was heard, and at first others may know too few.
  static constexpr std::array<std::uint64_t, 3> kAnnounceAgainNs{2 * kNs, 10 * kNs, 60 * kNs};
  static constexpr std::uint64_t kPutEveryNs = 3600 * kNs;
  static constexpr std::uint64_t kPutAgainNs = 5 * kNs;  // when nobody took it
  static constexpr std::uint64_t kListNodesEveryNs = 600 * kNs;
  static constexpr std::uint64_t kItemLifeNs = 7200 * kNs;

  PublicationPlan(Publication publication, const crypto::SigningKey& identity)
      : publication_(std::move(publication)), identity_(identity) {}

  // Something else is to be said from now on. Another card is said at once.
  void Change(Publication publication, std::uint64_t now_ns);
  // Everything is to be said at once: the process is new, or others are known now.
  void Begin(std::uint64_t now_ns);
  // An item was stored so many times.
  void Stored(std::uint64_t seq, std::uint32_t copies, std::uint64_t now_ns);

  // What is due, which is then taken for done.
  std::vector<DhtCommand> Due(std::uint64_t now_ns, std::uint64_t realtime_ns);
  // When something is due next; the end of time before Begin.
  std::uint64_t NextNs() const;

  // The item that says that the node is not to be asked. Nothing is due after it.
  DhtCommand Withdraw(std::uint64_t realtime_ns);
  std::uint64_t last_seq() const { return seq_; }

 private:
  DhtCommand Put(std::vector<net::Endpoint> endpoints, std::uint64_t realtime_ns);

  Publication publication_;
  const crypto::SigningKey& identity_;
  std::uint64_t announce_ns_ = UINT64_MAX;
  std::size_t announced_ = 0;  // since Begin
  std::uint64_t put_ns_ = UINT64_MAX;
  std::uint64_t list_ns_ = UINT64_MAX;
  std::uint64_t seq_ = 0;
};

}  // namespace plasm::discovery
