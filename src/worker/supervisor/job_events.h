// A job as its owner hands it to the executor, and what the owner is told of it.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "worker/protocol/job.h"
#include "worker/protocol/messages.h"
#include "worker/supervisor/stdin_feed.h"

namespace plasm::worker {

enum class JobStatus : std::uint8_t {
  kExited,
  kTrapped,
  kOutOfFuel,
  kTimedOut,
  kOutputLimit,
  kRefused,    // the module needs more at its start than the limits allow
  kCancelled,  // somebody asked for its end
  kFailed,     // not the guest's doing: a worker crashed, or this machine ran out of something
};

// As in "out_of_fuel".
const char* JobStatusName(JobStatus status);

struct JobEnding {
  JobStatus status = JobStatus::kFailed;
  std::uint32_t exit_code = 0;    // for kExited
  std::string trap{};             // for kTrapped: as in "stack_overflow"
  std::uint64_t fuel_used = 0;    // zero for kTimedOut, kCancelled, kFailed: nobody could count
  std::string message{};          // for people
  bool artefact_refused = false;  // kFailed because the artefact did not load
  // kFailed because its worker crashed, or broke the protocol, while it ran this job. A module
  // for which this happens again and again should not be run any more.
  bool worker_died = false;
  std::uint64_t wall_time_ns = 0;  // zero for a job that never began
};

// What happens to a job, in order. Called from Executor::Run and RunUntilIdle; may submit and
// cancel jobs, may not destroy the executor. The views live for the call.
class JobEvents {
 public:
  virtual ~JobEvents() = default;
  virtual void OnOutput(Stream stream, ByteView bytes) = 0;
  // An error ends the job as kFailed with the error's message.
  virtual Result<void> OnFile(const FileMessage&) { return {}; }
  virtual Result<void> OnFileData(ByteView) { return {}; }
  virtual void OnEnded(const JobEnding& ending) = 0;

  // Somebody who cannot take more output now keeps what he was given, and names a descriptor
  // that will be writable when he can, or -1. Until then nothing is taken from the job's
  // worker, which so waits too; deadlines are kept. OnWritable comes when the descriptor is.
  virtual int BlockedOn() const { return -1; }
  virtual void OnWritable() {}
};

struct JobRequest {
  ProgramId program = 0;
  Job job{};
  UniqueFd inputs{};                    // sealed; holds the contents of Job::folders
  StdinFeed* standard_input = nullptr;  // null: empty. Outlives the job; full, it cancels it
  std::uint64_t timeout_ns = 0;         // from its start in a worker; zero: none
  JobEvents* events = nullptr;          // outlives the job
};

// A submitted job, for as long as the executor lives. Never zero, never used twice.
using JobHandle = std::uint64_t;

}  // namespace plasm::worker
