// What makes a serving node known to others (spec/discovery.md).
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "cli/data_folder.h"
#include "crypto/ed25519.h"
#include "discovery/dht_publisher.h"
#include "discovery/lan_publisher.h"
#include "node_config.h"
#include "trust/node_card.h"

namespace plasm::app {

// What the card says for those who look for a node; nothing when discovery is off, so that such a
// card stays as it was.
void AddMachineFacts(const NodeConfig& config, std::uint32_t cores,
                     trust::Capabilities& capabilities);

// Where others reach the node: the port of the first endpoint on its card, else of the first
// listener.
std::uint16_t AnnouncedPort(const NodeConfig& config, std::uint16_t listening);

// Public functions are thread-safe. Key and clock outlive it.
class NodeDiscovery {
 public:
  // `card`: the envelope. Publishes in the background: that the DHT or Avahi can't be reached is
  // logged, and tried again. kUnavailable when plasm-dht is wanted and not installed.
  static Result<std::unique_ptr<NodeDiscovery>> Start(const NodeConfig& config,
                                                      const DataFolder& data,
                                                      const crypto::SigningKey& identity,
                                                      std::string_view card, std::uint16_t port,
                                                      Clock& clock);
  ~NodeDiscovery();

  // The node has a new card.
  void Change(std::string_view card);

  // The node is about to stop: says so, for a second at most. Nothing is published after it.
  void Withdraw();

 private:
  explicit NodeDiscovery(std::uint16_t port) : port_(port) {}
  Result<void> StartDht(const NodeConfig& config, const DataFolder& data,
                        const crypto::SigningKey& identity, const trust::OpenedCard& card,
                        Clock& clock);
  void StartLan(const trust::OpenedCard& card);
  void Mapped(std::uint16_t external);

  std::mutex mutex_;
  std::uint16_t port_;
  bool lan_wanted_ = false;
  std::optional<trust::OpenedCard> card_;
  std::optional<discovery::LanPublisher> lan_;
  std::unique_ptr<discovery::DhtPublisher> dht_;  // ends first: it calls back
};

}  // namespace plasm::app
