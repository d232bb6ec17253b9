// From flags to a job that has run: reads the module and the folders, runs them in a worker,
// writes the outputs.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "data_folder.h"
#include "exit_status.h"
#include "job_flags.h"
#include "worker/supervisor/local_run.h"

namespace plasm::app {

struct FinishedJob {
  worker::JobEnding ending;
  worker::Tier tier;
  Sha256Digest module_digest;
  std::uint64_t start_time_seconds;
  std::array<std::byte, 32> seed;
  std::vector<std::string> missing_outputs;  // guest paths of --output that the guest did not make
  int signal = 0;                            // that cancelled it
};

// Why nothing ran, and the exit status that says so.
struct JobError {
  ExitStatus status;
  std::string message;
};

struct OutputSink {
  virtual ~OutputSink() = default;
  virtual void OnOutput(worker::Stream stream, ByteView bytes) = 0;
  // As in worker::JobEvents.
  virtual int BlockedOn() const { return -1; }
  virtual void OnWritable() {}
};

// Blocks until the job has ended and its outputs are written. SIGINT and SIGTERM cancel it.
std::variant<FinishedJob, JobError> RunJob(const JobFlags& flags,
                                           const std::vector<std::string>& module_and_arguments,
                                           worker::StdinFeed input, OutputSink& sink,
                                           const DataFolder& data, Clock& clock);

// The exit code that a shell, and receipt v0.1, can carry: above 255 becomes 255, so that a
// failure never looks like success.
int ExitCode(const worker::JobEnding& ending);

// "the guest did not make …" for the outputs that are missing; empty when none is.
std::string MissingOutputs(const FinishedJob& job);

}  // namespace plasm::app
