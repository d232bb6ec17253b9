#include "client/node_ranking.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "client/asking_at_once.h"
#include "client/node_access.h"

namespace plasm::client {
namespace {

constexpr std::chrono::seconds kAwaited(3);

void Ask(const home::DataFolder& data, Candidate& candidate, Clock& clock, Entropy& entropy,
         int interrupt_fd) {
  auto access =
      NodeAccess::Open(data, candidate.node, clock, entropy, OnceWithin(kAwaited, interrupt_fd));
  if (!access) {
    candidate.error = std::move(access).error();
    return;
  }
  const std::uint64_t begin = clock.MonotonicNs();
  auto status = (*access)->node().Status();
  candidate.round_trip = std::chrono::nanoseconds(clock.MonotonicNs() - begin);
  if (status) {
    candidate.status = *std::move(status);
  } else {
    candidate.error = IsInterrupted(interrupt_fd)
                          ? Error{ErrorCode::kUnavailable, "it was not awaited: others were faster"}
                          : std::move(status).error();
  }
}

// Thousandths of a core that a job would find taken, so that nobody's numbers overflow.
std::uint64_t Load(const NodeStatus& status) {
  constexpr std::uint64_t kMost = 1'000'000'000;
  const std::uint64_t jobs = std::min(status.queued, kMost) + std::min(status.running, kMost);
  return jobs * 1000 / std::max<std::uint64_t>(status.cores, 1);
}

}  // namespace

std::vector<Candidate> AskForStatus(const home::DataFolder& data,
                                    const std::vector<KnownNode>& nodes, Clock& clock,
                                    Entropy& entropy, int interrupt_fd) {
  std::vector<Candidate> candidates;
  for (const KnownNode& node : nodes) candidates.push_back({.node = node});
  const auto asked = AskAtOnce(
      candidates.size(),
      [&](std::size_t i, int stop_fd) { Ask(data, candidates[i], clock, entropy, stop_fd); },
      {.will_do =
           [&](std::size_t i) { return candidates[i].status && !candidates[i].status->draining; },
       .interrupt_fd = interrupt_fd});
  for (Candidate& candidate : candidates) {
    if (!asked && !candidate.status) candidate.error = asked.error();
  }
  return candidates;
}

void Rank(std::vector<Candidate>& candidates) {
  const auto place = [](const Candidate& candidate) {
    const int group = !candidate.status ? 2 : candidate.status->draining ? 1 : 0;
    return std::tuple(group, candidate.status ? Load(*candidate.status) : 0, candidate.round_trip);
  };
  std::ranges::sort(candidates, {}, place);
}

}  // namespace plasm::client
