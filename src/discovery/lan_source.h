// Nodes of the local network, by way of Avahi.
#pragma once

#include "discovery/hint_source.h"

namespace plasm::discovery {

class LanSource final : public HintSource {
 public:
  HintOrigin origin() const override { return HintOrigin::kLan; }
  // kNotFound when avahi-browse is not installed, kUnavailable when its daemon does not run.
  Result<void> Find(const Query& query, const HintSink& sink, int stop_fd) override;
};

}  // namespace plasm::discovery
