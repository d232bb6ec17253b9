// A job may be run more than once before anybody hears how it ended: what follows from an
// attempt, and how its output is passed on only once. Pure.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "worker/protocol/job.h"
#include "worker/supervisor/artefact_cache.h"
#include "worker/supervisor/job_events.h"

namespace plasm::worker {

enum class TierChoice { kAuto, kQuick, kFull };

// The tier of a first attempt. A quick artefact does for a run that can be repeated; what is
// already compiled in full is preferred.
Tier FirstTier(TierChoice choice, Profile profile, bool full_is_cached);

// Whether an attempt in the quick tier must be repeated in the full one before anybody hears
// of it: stack frames differ between tiers, so the guest may not overflow there.
bool NeedsFullTier(Tier tier, const JobEnding& ending);

struct AttemptFacts {
  Tier tier = Tier::kFull;
  Profile profile = Profile::kDet1;
  // The attempt ended because it wanted more input than is remembered (StdinFeed::Full).
  bool input_full = false;
  // The artefact was made anew for this job before.
  bool rebuilt = false;
};

enum class AfterAttempt : std::uint8_t {
  kDone,      // the ending is the job's
  kRebuild,   // drop the artefact from the cache, compile it again, run again in the same tier
  kFullTier,  // run again in the full tier, from the first byte of input
};

AfterAttempt WhatFollows(const AttemptFacts& facts, const JobEnding& ending);

// Cuts from an attempt's output what those before it have passed on already. Sound for runs
// that repeat each other bit for bit, as those of plasm-det-1 do.
class OutputOnce {
 public:
  // The part of `bytes`, the next ones of this attempt, that nobody has been given.
  ByteView Fresh(Stream stream, ByteView bytes);
  // The next attempt begins.
  void StartOver() { seen_ = {}; }

 private:
  std::array<std::uint64_t, 2> seen_{};       // of this attempt, by stream
  std::array<std::uint64_t, 2> passed_on_{};  // of all
};

}  // namespace plasm::worker
