// A DHT that is not there: what its nodes keep of announcements, and what a look-up gets of it.
#pragma once

#include <map>
#include <random>
#include <string>
#include <vector>

#include "discovery/hint_source.h"
#include "discovery/simulated_nodes.h"

namespace plasm::bench {

// For each capability key eight nodes of the DHT each keep the first 500 announcements that come,
// and answer with 100 of them, as plasm-dht does.
class SimulatedDht final : public discovery::HintSource {
 public:
  explicit SimulatedDht(const SimulatedNodes& nodes);

  discovery::HintOrigin origin() const override { return discovery::HintOrigin::kDht; }
  Result<void> Find(const discovery::Query& query, const discovery::HintSink& sink,
                    int stop_fd) override;

 private:
  using Announcements = std::vector<net::Endpoint>;
  std::map<std::string, std::vector<Announcements>> kept_;  // by capability, of each keeper
  std::mt19937_64 random_;
};

// A list of all of them, as a file would be.
class SimulatedList final : public discovery::HintSource {
 public:
  explicit SimulatedList(const SimulatedNodes& nodes) : nodes_(nodes) {}
  discovery::HintOrigin origin() const override { return discovery::HintOrigin::kList; }
  Result<void> Find(const discovery::Query& query, const discovery::HintSink& sink,
                    int stop_fd) override;

 private:
  const SimulatedNodes& nodes_;
};

}  // namespace plasm::bench
