#include "discovery/simulated_dht.h"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace plasm::bench {
namespace {

constexpr std::size_t kKeepers = 8;
constexpr std::size_t kKept = 500;
constexpr std::size_t kAnswered = 100;

}  // namespace

SimulatedDht::SimulatedDht(const SimulatedNodes& nodes) : random_(nodes.all().size()) {
  std::vector<std::size_t> order(nodes.all().size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t keeper = 0; keeper < kKeepers; ++keeper) {
    std::shuffle(order.begin(), order.end(), random_);
    for (const std::size_t number : order) {
      const SimulatedNodes::Node& node = nodes.all()[number];
      for (const std::string& capability : discovery::CapabilitiesOf(node.capabilities)) {
        std::vector<Announcements>& keepers = kept_[capability];
        keepers.resize(kKeepers);
        if (keepers[keeper].size() < kKept) keepers[keeper].push_back(node.endpoint);
      }
    }
  }
}

Result<void> SimulatedDht::Find(const discovery::Query& query, const discovery::HintSink& sink,
                                int) {
  for (const std::string& capability : discovery::CapabilitiesToAsk(query.selection)) {
    const auto keepers = kept_.find(capability);
    if (keepers == kept_.end()) continue;
    for (const Announcements& announced : keepers->second) {
      Announcements answer;
      std::sample(announced.begin(), announced.end(), std::back_inserter(answer), kAnswered,
                  random_);
      for (const net::Endpoint& endpoint : answer) {
        sink({.endpoint = endpoint, .origin = discovery::HintOrigin::kDht});
      }
    }
  }
  return {};
}

Result<void> SimulatedList::Find(const discovery::Query&, const discovery::HintSink& sink, int) {
  for (const SimulatedNodes::Node& node : nodes_.all()) {
    sink({.endpoint = node.endpoint, .origin = discovery::HintOrigin::kList});
  }
  return {};
}

}  // namespace plasm::bench
