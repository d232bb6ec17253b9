#include "client/failover_decision.h"

namespace plasm::client {
namespace {

using std::chrono::nanoseconds;

std::string Seconds(nanoseconds time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

bool IsAtJob(const AttemptView& attempt) {
  return attempt.phase == AttemptPhase::kQueue || attempt.phase == AttemptPhase::kRun;
}

}  // namespace

std::optional<std::string> OverdueText(const AttemptView& attempt, const FailoverLimits& limits,
                                       nanoseconds now) {
  if (attempt.phase == AttemptPhase::kOffer) return std::nullopt;
  if (now - attempt.heard > limits.silence) {
    return "has not answered for " + Seconds(now - attempt.heard);
  }
  switch (attempt.phase) {
    case AttemptPhase::kOffer:
      break;
    case AttemptPhase::kUpload:
      if (now - attempt.moved > limits.upload) {
        return "has not taken the job within " + Seconds(limits.upload);
      }
      break;
    case AttemptPhase::kQueue:
      if (now - attempt.since > limits.queue) {
        return "has not begun the job within " + Seconds(limits.queue);
      }
      break;
    case AttemptPhase::kRun:
      if (now - attempt.since > limits.run) {
        return "has not ended the job within " + Seconds(limits.run) +
               ", which is beyond its limit";
      }
      break;
    case AttemptPhase::kResult:
      if (now - attempt.moved > limits.result) {
        return "has not given the result within " + Seconds(limits.result);
      }
      break;
  }
  return std::nullopt;
}

FailoverStep NextStep(std::span<const AttemptView> attempts, std::size_t left,
                      const FailoverLimits& limits, nanoseconds now) {
  FailoverStep step;
  std::size_t working = attempts.size();
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    auto why = OverdueText(attempts[i], limits, now);
    if (!why || (working == 1 && left == 0)) continue;
    step.given_up.push_back({i, *std::move(why)});
    --working;
  }
  if (working == 0) {
    step.over = left == 0;
    if (left > 0) step.start = FailoverStep::Start::kNext;
    return step;
  }
  const bool alone = attempts.size() == 1 && step.given_up.empty();
  if (limits.hedge && left > 0 && alone && IsAtJob(attempts.front()) &&
      attempts.front().submitted && now - *attempts.front().submitted >= *limits.hedge) {
    step.start = FailoverStep::Start::kHedge;
  }
  return step;
}

}  // namespace plasm::client
