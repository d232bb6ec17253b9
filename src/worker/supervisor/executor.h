// Runs jobs in worker processes: hands them out, streams what comes back, keeps deadlines,
// replaces workers that die. Treats every worker as hostile.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "worker/protocol/messages.h"
#include "worker/supervisor/artefact_cache.h"
#include "worker/supervisor/stdin_feed.h"
#include "worker/supervisor/worker_process.h"

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

struct ExecutorSettings {
  std::filesystem::path worker_program;
  unsigned workers = 1;
  unsigned pipeline_depth = 1;  // jobs handed to a worker before the first is done
  Target target = Target::kNative;
  std::uint64_t worker_memory_bytes = std::uint64_t{6} << 30;  // RLIMIT_DATA
  // While this descriptor is readable, as an eventfd or a signalfd is, every job is cancelled.
  // It is polled, never read, and stays the caller's; -1: none.
  int cancel_fd = -1;
};

// Whoever runs an executor without end, and gets work for it from other threads.
class ExecutorOwner {
 public:
  virtual ~ExecutorOwner() = default;
  // Called from Executor::Run, while its wake descriptor is readable: reads it, so that it is
  // no more, and may submit and cancel jobs, add and remove programs, and stop the executor.
  virtual void OnWake() = 0;
};

// Not thread-safe. The kernel kills a worker with the thread that started it: whoever calls Run
// or StartWorkers stays as long as the executor.
class Executor {
 public:
  Executor(ExecutorSettings settings, Clock& clock);
  ~Executor();

  // Starts the workers now instead of at the first job: their set-up overlaps the caller's.
  Result<void> StartWorkers();

  // Makes an artefact known. It is sent to each worker that needs it, once.
  ProgramId AddProgram(UniqueFd artefact);

  JobHandle Submit(JobRequest request);

  // Ends a job as kCancelled, unless it has ended before: the worker of a running one is
  // killed, a waiting one is dropped. Its OnEnded comes from the Run or RunUntilIdle that is
  // running, or from the next; no other event of the job comes in between.
  void Cancel(JobHandle job);
  void CancelAll();
  // Whether ExecutorSettings::cancel_fd is readable.
  bool CancelAsked() const;

  // Runs until no job is left. A job that cannot be handed to a worker, because none starts or
  // descriptors run out, ends as kFailed. An error means that this process cannot even wait:
  // all jobs have ended as kFailed.
  Result<void> RunUntilIdle();

  // Runs until Stop, with or without jobs. Workers are started at once and replaced when they
  // die, idle or not. Polls `wake_fd`, an eventfd for instance, which stays the caller's, and
  // calls owner.OnWake() while it is readable. Errors as for RunUntilIdle.
  Result<void> Run(int wake_fd, ExecutorOwner& owner);
  // From any event: Run returns before it waits again. Jobs that have not ended stay; they go
  // on with the next Run, or end unheard with the executor.
  void Stop() { stopped_ = true; }

 private:
  struct ActiveJob;
  struct Slot;

  struct Wake {
    int fd = -1;
    ExecutorOwner* owner = nullptr;  // null: the executor returns when it is idle
  };

  bool Idle() const;
  Result<void> RunWhileWanted(const Wake& wake);
  // Starts workers that are missing, each not sooner than its last failures suggest.
  void ReplaceWorkers();
  template <class Condition>
  void MarkCancelled(Condition condition);
  void EndCancelled();
  Result<void> EnsureStarted(Slot& slot);
  void HandOut();
  // Queues the job's frames for the slot's worker; on an error nothing of the job is queued.
  Result<void> Assign(Slot& slot, ActiveJob& job);
  Result<void> Wait(const Wake& wake);
  Result<void> Serve(Slot& slot);
  // Whether frames of the slot were held back, and their reader takes them again.
  static bool CanGoOn(const Slot& slot);
  Result<void> Handle(Slot& slot, const FromWorker& message);
  Result<void> HandleOutput(Slot& slot, const OutputMessage& message);
  Result<void> HandleFile(Slot& slot, const FileMessage& message);
  Result<void> HandleFileData(Slot& slot, const FileDataMessage& message);
  Result<void> TakeFile(Slot& slot, const Result<void>& taken);
  Result<void> HandleEnded(Slot& slot, const EndedMessage& message);
  Result<ActiveJob*> Front(Slot& slot, JobNumber number);
  void FeedStdin(Slot& slot);
  void StartClock(Slot& slot);
  void KeepDeadlines();
  // Kills the slot's worker. Its current job ends as `ending`; the others are handed out anew.
  void Retire(Slot& slot, JobEnding ending);
  // The worker broke the protocol or is gone: as Retire, but the job learns whose fault it was.
  void RetireBroken(Slot& slot, const Error& error);
  // Kills the slot's worker and hands out all its jobs anew.
  void Restart(Slot& slot);
  void FailAll(const std::string& message);
  void End(std::unique_ptr<ActiveJob> job, JobEnding ending);

  ExecutorSettings settings_;
  Clock& clock_;
  std::vector<UniqueFd> programs_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::deque<std::unique_ptr<ActiveJob>> waiting_;
  JobNumber next_number_ = 1;
  JobHandle next_handle_ = 1;
  bool cancel_pending_ = false;  // some job is marked
  bool stopped_ = false;
};

}  // namespace plasm::worker
