// Which of several nodes to ask first.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "client/node_list.h"
#include "client/node_status.h"
#include "home/data_folder.h"

namespace plasm::client {

// What a node said of itself just now: its word, which decides an order and nothing else.
struct Candidate {
  KnownNode node;
  std::optional<NodeStatus> status{};
  std::chrono::nanoseconds round_trip{};
  std::optional<Error> error{};  // why there is no status
};

// Asks all of them at once, each once and for a few seconds at most; once one has answered that
// takes jobs, the slower ones are not awaited for long (asking_at_once.h).
std::vector<Candidate> AskForStatus(const home::DataFolder& data,
                                    const std::vector<KnownNode>& nodes, Clock& clock,
                                    Entropy& entropy, int interrupt_fd = -1);

// The least busy for its cores first, of equals the nearest; then those that drain, then those
// that did not answer. Pure.
void Rank(std::vector<Candidate>& candidates);

}  // namespace plasm::client
