// Runs one job on this machine: finds or makes the module's artefact, picks the tier, and
// hides from everybody that a first run may happen twice.
#pragma once

#include <optional>

#include "base/result.h"
#include "worker/supervisor/artefact_cache.h"
#include "worker/supervisor/compiler.h"
#include "worker/supervisor/executor.h"

namespace plasm::worker {

enum class TierChoice { kAuto, kQuick, kFull };

struct LocalJob {
  ByteView module;
  Sha256Digest module_digest;
  Target target = Target::kNative;
  TierChoice tier = TierChoice::kAuto;
  JobRequest request;  // program and events are set by RunLocally
};

struct LocalRun {
  JobEnding ending;
  Tier tier = Tier::kFull;  // of the run that counts
};

// The tier of a first attempt. A quick artefact does for a run that can be repeated; what is
// already compiled in full is preferred.
Tier FirstTier(TierChoice choice, Profile profile, bool full_is_cached);

// Whether an attempt in the quick tier must be repeated in the full one before anybody hears
// of it: stack frames differ between tiers, so the guest may not overflow there.
bool NeedsFullTier(Tier tier, const JobEnding& ending);

// Blocks until the job has ended. Each byte of output reaches `events` once, in order. An
// error means that the job could not be run at all: a bad module, or this machine's fault.
Result<LocalRun> RunLocally(Executor& executor, const ArtefactCache& cache,
                            const Compiler& compiler, LocalJob job, JobEvents& events);

}  // namespace plasm::worker
