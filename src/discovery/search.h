// One look for nodes: sources are asked, their hints probed, and what counts is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "discovery/found_nodes.h"
#include "discovery/hint_pool.h"
#include "discovery/hint_source.h"
#include "discovery/probe.h"

namespace plasm::discovery {

struct SearchSettings {
  std::uint64_t timeout_ns = 3'000'000'000;  // of the whole look
  std::size_t probes_at_a_time = 64;
  // Whether the nodes that match, so far, end it early. Empty: they never do. Called by one thread
  // at a time.
  std::function<bool(const std::vector<const FoundNode*>&)> are_enough{};
};

struct SearchReport {
  std::size_t hints = 0;
  std::size_t dropped = 0;  // by a cap, or because they failed lately
  std::size_t probes = 0;
  std::size_t unanswered = 0;
  std::size_t refused = 0;             // answers that did not count
  std::vector<std::string> reasons{};  // of the first few refusals and silences
  std::vector<std::string> sources{};  // that could not be asked, or not to the end
};

// Asks one node; thread-safe. As ProbeNode.
using Probe = std::function<Result<ProbedNode>(const net::Endpoint& endpoint, int stop_fd)>;

// Pool and found nodes keep what is known between looks. All outlive it. One call at a time.
class Search {
 public:
  struct Parts {
    std::vector<HintSource*> sources;
    Probe probe;
    HintPool& pool;
    FoundNodes& found;
    Clock& clock;
  };
  explicit Search(Parts parts) : parts_(std::move(parts)) {}

  // Ends when all sources have and all that they hinted at was asked, at the time-out, with enough
  // nodes, or when `stop_fd` (-1: none) is readable. Nodes that do not match are found too. Errors
  // are those of starting: that a source fails is in the report.
  Result<SearchReport> Run(const Query& query, const SearchSettings& settings, int stop_fd);

 private:
  class Round;
  Parts parts_;
};

}  // namespace plasm::discovery
