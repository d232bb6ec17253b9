// Nodes that the DHT knows.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "discovery/dht_process.h"
#include "discovery/hint_source.h"
#include "discovery/node_item.h"

namespace plasm::discovery {

// Keeps its process between calls. Items are hints only once they are verified here.
class DhtSource final : public HintSource {
 public:
  DhtSource(DhtSettings settings, Clock& clock)
      : process_(std::move(settings), clock), clock_(clock) {}

  HintOrigin origin() const override { return HintOrigin::kDht; }
  // Until nothing new has come for a while. kUnavailable when the process can't be run, or nobody
  // answered.
  Result<void> Find(const Query& query, const HintSink& sink, int stop_fd) override;

  // Nodes of the DHT that are known, to begin with next time; as of the last call.
  const std::vector<PeerAddress>& nodes() const { return nodes_; }

 private:
  struct Progress {
    bool joined = false;
    std::uint64_t quiet_since_ns = 0;
  };
  void Ask(const Query& query);
  void Take(const DhtEvent& event, const Query& query, const HintSink& sink, Progress& progress);

  DhtProcess process_;
  Clock& clock_;
  ItemReader items_;
  std::vector<PeerAddress> nodes_;
  bool ready_ = false;
};

}  // namespace plasm::discovery
