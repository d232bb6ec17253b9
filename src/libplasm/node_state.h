// The inside of v0::Node.
#pragma once

#include <plasm/node.h>

#include <memory>
#include <utility>

#include "client/node_list.h"
#include "libplasm/client_state.h"
#include "libplasm/failure.h"
#include "libplasm/node_lanes.h"
#include "libplasm/stop_signal.h"

namespace plasm::v0 {

struct Node::State {
  State(std::shared_ptr<Client::State> client_state, client::KnownNode node)
      : client(std::move(client_state)),
        lanes(client->data, std::move(node), client->clock, client->entropy) {}

  const std::shared_ptr<Client::State> client;
  libplasm::NodeLanes lanes;
};

}  // namespace plasm::v0

namespace plasm::libplasm {

// Calls `work` with a connection (client::NodeAccess&), and gives its value or throws its error.
// `stop` may be null.
template <class Work>
auto OnConnection(v0::Node::State& node, StopSlot* stop, Work work) {
  Lane lane = ValueOf(node.lanes.Take());
  auto result = [&] {
    const HungSignal hung(stop, lane.signal);
    return work(*lane.access);
  }();
  if (result) {
    node.lanes.GiveBack(std::move(lane));
  } else if (lane.signal->stopped()) {
    ThrowStopped();
  }
  return ValueOf(std::move(result));
}

}  // namespace plasm::libplasm
