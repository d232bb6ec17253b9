// From flags to a job that has run: reads the module and the folders, runs them in a worker,
// writes the outputs.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/utc_time.h"
#include "blobs/blob_store.h"
#include "cli/data_folder.h"
#include "execution/finished_run.h"
#include "job/exit_status.h"
#include "job/job_flags.h"
#include "job/output_sink.h"
#include "receipt/manifest_v1.h"
#include "worker/supervisor/local_run.h"

namespace plasm::app {

struct FinishedJob {
  worker::JobEnding ending{};
  worker::Tier tier = worker::Tier::kFull;
  receipt::Manifest manifest{};  // what was run, standard input included
  execution::FinishedRun run{};  // not for kFailed
  UtcTime start{};
  UtcTime end{};
  std::string rejection{};                     // for kRefused: what is wrong, for people
  std::vector<std::string> missing_outputs{};  // of --output, that the guest did not make
  int signal = 0;                              // for kCancelled: the one that asked for it
};

enum class ManifestUse {
  kForSeed,     // nobody sees it
  kForReceipt,  // it must name every input
};

// What only some callers want.
struct RunOptions {
  ManifestUse manifest = ManifestUse::kForSeed;
  const BlobStore* keep = nullptr;         // module, inputs and results are kept there
  std::optional<std::string> requester{};  // fingerprint
  std::optional<std::string> nonce{};
  std::optional<UtcTime> not_after{};
};

// Why nothing ran, and the exit status that says so.
struct JobError {
  ExitStatus status;
  std::string message;
};

// The module's bytes, up to the most that one may have.
std::variant<Bytes, JobError> ReadModule(const std::string& file);

// Blocks until the job has ended and its outputs are written. SIGINT and SIGTERM cancel it. A
// module that can't be run is a job that was refused; one that is too slow to compile is an
// error, since it says nothing about the module.
std::variant<FinishedJob, JobError> RunJob(const JobFlags& flags,
                                           const std::vector<std::string>& module_and_arguments,
                                           worker::StdinFeed input, OutputSink& sink,
                                           const DataFolder& data, Clock& clock,
                                           const RunOptions& options = {});

// The exit code that a shell, and receipt v0.1, can carry: above 255 becomes 255, so that a
// failure never looks like success.
int ExitCode(const worker::JobEnding& ending);

// "the guest did not make …" for the outputs that are missing; empty when none is.
std::string MissingOutputs(const FinishedJob& job);

}  // namespace plasm::app
