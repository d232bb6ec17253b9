// A replay as the flags of a verb want it.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "cli/data_folder.h"
#include "client/replay_setup.h"

namespace plasm::app {

using client::ReplaySetup;

struct ReplayFlags {
  std::string engine = "jit";
  double timeout_seconds = 300;  // zero: none
};

// kUnavailable when no worker is found. The clock must outlive it.
Result<std::unique_ptr<ReplaySetup>> MakeReplaySetup(const DataFolder& data,
                                                     const ReplayFlags& flags, Clock& clock);

}  // namespace plasm::app
