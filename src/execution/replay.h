// Runs a manifest in a worker of this machine, with everything found by its digest.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "blobs/content_source.h"
#include "execution/finished_run.h"
#include "receipt/manifest_v1.h"
#include "worker/supervisor/artefact_cache.h"

namespace plasm::execution {

struct ReplaySettings {
  std::filesystem::path worker_program;
  worker::Target target = worker::Target::kNative;
  std::uint64_t timeout_ns = 0;  // instead of the manifest's; zero: none
  int cancel_fd = -1;            // as in worker::ExecutorSettings
};

// The references must outlive it. Not thread-safe.
class Replayer {
 public:
  Replayer(ReplaySettings settings, const worker::ArtefactCache& artefacts, Clock& clock)
      : settings_(std::move(settings)), artefacts_(artefacts), clock_(clock) {}

  // Blocks until the run has ended; `events` sees what it gives. kNotFound or kCorrupt when
  // the module or an input is not there as named; a module that can't be compiled is a
  // rejected run, not an error; kLimitExceeded for inputs of more than 4 GiB or a standard input
  // of more than 1 GiB; every other error is this machine's fault.
  Result<FinishedRun> Run(const receipt::Manifest& manifest, const ContentSource& source,
                          worker::JobEvents& events) const;

  worker::Target target() const { return settings_.target; }

 private:
  ReplaySettings settings_;
  const worker::ArtefactCache& artefacts_;
  Clock& clock_;
};

}  // namespace plasm::execution
