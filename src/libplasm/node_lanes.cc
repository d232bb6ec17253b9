#include "libplasm/node_lanes.h"

#include <cstddef>

namespace plasm::libplasm {
namespace {

constexpr std::size_t kMostIdle = 8;

}  // namespace

Result<Lane> NodeLanes::Take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      Lane lane = std::move(idle_.back());
      idle_.pop_back();
      return lane;
    }
  }
  Lane lane;
  PLASM_TRY(lane.signal, StopSignal::Create());
  PLASM_TRY(lane.access, client::NodeAccess::Open(data_, node_, clock_, entropy_,
                                                  {.interrupt_fd = lane.signal->fd()}));
  return lane;
}

void NodeLanes::GiveBack(Lane lane) {
  if (lane.signal->stopped()) return;
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMostIdle) idle_.push_back(std::move(lane));
}

}  // namespace plasm::libplasm
