// Nodes that are looked for because a job is to go there.
#pragma once

#include <cstdint>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "cli/data_folder.h"
#include "client/node_list.h"
#include "node_finder.h"

namespace plasm::app {

// How many are looked for: the look ends early with so many, or so many that can be replicas of
// each other (client::ChooseReplicas).
struct WantedNodes {
  std::size_t several = 3;
  std::uint32_t replicas = 0;  // instead, unless zero
};

// Trusted ones first, then the nearest. A trusted node has the name that it has here, and its card
// is accepted where it is newer than the one that is kept; another has its fingerprint for a name
// and shows its card (KnownNode::shown). kUnavailable, saying why, when there is none; kInvalid for
// flags that make no sense; errors of the data folder. Says on standard error which sources could
// not be asked.
Result<std::vector<client::KnownNode>> SelectNodes(const DataFolder& data, const FinderFlags& flags,
                                                   const WantedNodes& wanted, Clock& clock,
                                                   Entropy& entropy);

}  // namespace plasm::app
