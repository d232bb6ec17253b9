#include "worker/supervisor/attempts.h"

#include <algorithm>

namespace plasm::worker {

Tier FirstTier(TierChoice choice, Profile profile, bool full_is_cached) {
  if (choice == TierChoice::kQuick) return Tier::kQuick;
  const bool repeatable = profile == Profile::kDet1;
  return choice == TierChoice::kAuto && repeatable && !full_is_cached ? Tier::kQuick : Tier::kFull;
}

bool NeedsFullTier(Tier tier, const JobEnding& ending) {
  return tier == Tier::kQuick && ending.status == JobStatus::kTrapped &&
         ending.trap == "stack_overflow";
}

AfterAttempt WhatFollows(const AttemptFacts& facts, const JobEnding& ending) {
  // Made by another build of the engine, or damaged before its digest was taken.
  if (ending.artefact_refused && !facts.rebuilt) return AfterAttempt::kRebuild;
  // With more input than is remembered, the guest could not be run again if it overflowed.
  if (facts.input_full && ending.status == JobStatus::kCancelled) return AfterAttempt::kFullTier;
  const bool repeatable = facts.profile == Profile::kDet1;
  return repeatable && NeedsFullTier(facts.tier, ending) ? AfterAttempt::kFullTier
                                                         : AfterAttempt::kDone;
}

ByteView OutputOnce::Fresh(Stream stream, ByteView bytes) {
  const auto index = static_cast<std::size_t>(stream);
  const std::uint64_t known = passed_on_[index] - std::min(seen_[index], passed_on_[index]);
  seen_[index] += bytes.size();
  passed_on_[index] = std::max(passed_on_[index], seen_[index]);
  return bytes.subspan(static_cast<std::size_t>(std::min<std::uint64_t>(known, bytes.size())));
}

}  // namespace plasm::worker
