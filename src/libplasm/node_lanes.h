// Connections to one node, which calls take and give back.
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "client/node_access.h"
#include "client/node_list.h"
#include "home/data_folder.h"
#include "libplasm/stop_signal.h"

namespace plasm::libplasm {

// A connection, and what ends the calls on it.
struct Lane {
  std::shared_ptr<StopSignal> signal;
  std::unique_ptr<client::NodeAccess> access;
};

// Thread-safe. The references outlive it.
class NodeLanes {
 public:
  NodeLanes(const home::DataFolder& data, client::KnownNode node, Clock& clock, Entropy& entropy)
      : data_(data), node_(std::move(node)), clock_(clock), entropy_(entropy) {}

  const client::KnownNode& node() const { return node_; }

  // One that no other call uses.
  Result<Lane> Take();
  // For the next call. One that was stopped is dropped. Not for one on which a call has failed:
  // nobody knows what it is in the middle of.
  void GiveBack(Lane lane);

 private:
  const home::DataFolder& data_;
  const client::KnownNode node_;
  Clock& clock_;
  Entropy& entropy_;
  std::mutex mutex_;
  std::vector<Lane> idle_;
};

}  // namespace plasm::libplasm
