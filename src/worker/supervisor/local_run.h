// Runs one job on this machine: finds or makes the module's artefact, picks the tier, and
// hides from everybody that a first run may happen twice.
#pragma once

#include <optional>

#include "base/result.h"
#include "worker/supervisor/artefact_cache.h"
#include "worker/supervisor/attempts.h"
#include "worker/supervisor/compiler.h"
#include "worker/supervisor/executor.h"

namespace plasm::worker {

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

// Blocks until the job has ended. Each byte of output reaches `events` once, in order. An
// error means that the job could not be run at all: a bad module, or this machine's fault.
Result<LocalRun> RunLocally(Executor& executor, const ArtefactCache& cache,
                            const Compiler& compiler, LocalJob job, JobEvents& events);

}  // namespace plasm::worker
