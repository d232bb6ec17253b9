// When a job's attempt on a node is given up, and when the next node gets the job. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace plasm::client {

// One node's work at a job, as far as it has come.
enum class AttemptPhase {
  kOffer,   // looking for a node that takes it
  kUpload,  // the node is told the job, and gets what it lacks of it
  kQueue,
  kRun,
  kResult,  // the job has ended: receipt and output are fetched
};

// Times are of a monotonic clock.
struct AttemptView {
  AttemptPhase phase = AttemptPhase::kOffer;
  std::chrono::nanoseconds since{};  // when the phase began
  std::chrono::nanoseconds moved{};  // when last something came or went for the job
  std::chrono::nanoseconds heard{};  // when the node last answered anything
  std::optional<std::chrono::nanoseconds> submitted{};  // when the node had the job
};

// How long each may take while there is another node to go to. The offer has limits of its own.
struct FailoverLimits {
  std::chrono::nanoseconds silence = std::chrono::seconds(6);  // the node answers nothing at all
  std::chrono::nanoseconds upload = std::chrono::seconds(20);  // without a byte
  std::chrono::nanoseconds queue = std::chrono::seconds(60);
  std::chrono::nanoseconds run = std::chrono::hours(1);  // the job's own limit, and a little more
  std::chrono::nanoseconds result = std::chrono::seconds(30);  // without a byte
  // So long after a node has the job a second one gets it too; nothing: none does.
  std::optional<std::chrono::nanoseconds> hedge{};
};

// Why the attempt is not worth waiting for any more, as in "has not answered for 6 s"; nothing
// while it is.
std::optional<std::string> OverdueText(const AttemptView& attempt, const FailoverLimits& limits,
                                       std::chrono::nanoseconds now);

struct GivenUp {
  std::size_t index = 0;  // of the attempt
  std::string why;
};

struct FailoverStep {
  std::vector<GivenUp> given_up{};
  enum class Start { kNone, kNext, kHedge };
  Start start = Start::kNone;
  bool over = false;  // nobody works at the job, and nobody is left
};

// `attempts` are those that go on, the oldest first, and `left` how many nodes may still be asked.
// Whoever is overdue is given up only when somebody else works at the job or can be asked. At most
// two work at it at a time.
FailoverStep NextStep(std::span<const AttemptView> attempts, std::size_t left,
                      const FailoverLimits& limits, std::chrono::nanoseconds now);

}  // namespace plasm::client
