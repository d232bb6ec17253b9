// Keeps a node in the DHT as long as it lives (spec/discovery.md).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/unique_fd.h"
#include "crypto/ed25519.h"
#include "discovery/dht_process.h"
#include "discovery/publication.h"

namespace plasm::discovery {

// A thread of its own, with plasm-dht as its child. Public functions are thread-safe.
class DhtPublisher {
 public:
  // Called by its thread, and not after its end.
  struct Listeners {
    std::function<void(const std::vector<PeerAddress>&)> ready;  // where the DHT listens
    std::function<void(const std::string& why)> failed;          // the process is started again
    std::function<void(const std::vector<PeerAddress>&)> nodes;  // known; to begin with next time
    std::function<void(const PortMapped&)> mapped;
    std::function<void(const std::string&)> refused;
  };

  // `identity` signs items here, in this process; key and clock outlive it.
  DhtPublisher(DhtSettings settings, Publication publication, const crypto::SigningKey& identity,
               Listeners listeners, Clock& clock);
  // Withdraws the node, for which it waits a second at most, and ends the process.
  ~DhtPublisher();

  // The node has another card.
  void Change(Publication publication);

 private:
  void Work();
  void Take(const DhtEvent& event);
  void Withdraw();

  DhtProcess process_;
  PublicationPlan plan_;
  bool maps_port_;
  std::uint16_t port_;
  Listeners listeners_;
  Clock& clock_;
  std::mutex mutex_;
  std::optional<Publication> changed_;
  std::atomic<bool> over_ = false;
  UniqueFd wake_;  // readable when there is something to look at
  std::thread thread_;
};

}  // namespace plasm::discovery
