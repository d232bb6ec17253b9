// Runs jobs in worker processes: hands them out, streams what comes back, keeps deadlines,
// replaces workers that die. Treats every worker as hostile.
#pragma once

#include <poll.h>

#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "worker/supervisor/active_job.h"
#include "worker/supervisor/artefact_cache.h"
#include "worker/supervisor/job_events.h"
#include "worker/supervisor/programs.h"
#include "worker/supervisor/slot.h"

namespace plasm::worker {

struct ExecutorSettings {
  std::filesystem::path worker_program;
  unsigned workers = 1;
  // Jobs that a worker has at most at once: it goes on to the next without asking. Only jobs
  // that are expected to be short, by those of their programs that have ended, have any behind
  // them.
  unsigned pipeline_depth = 1;
  // What counts as short, for all together that a worker has. When its first job turns out to
  // run for longer, those behind it are taken back and handed to others.
  std::uint64_t slow_after_ns = 5'000'000;
  // Programs that are kept; the least recently used goes, of those that no job needs.
  std::size_t max_programs = 256;
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
  // Called while no job waits for a worker: submits one, or says that there is none. So all jobs
  // but one wait with their owner, who may change its mind about whose turn it is.
  virtual bool SubmitNext() { return false; }
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
  // Workers unload it, and its descriptor is closed: at once, or when its last job has ended.
  // No job that is submitted from now on may use it.
  void RemoveProgram(ProgramId program);
  // Not when it was removed, or had to go for others (ExecutorSettings::max_programs).
  bool HasProgram(ProgramId program) const { return programs_.Has(program); }

  // A job whose program is not there ends as kFailed.
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
  using Jobs = std::vector<std::unique_ptr<ActiveJob>>;
  struct Wake {
    int fd = -1;
    ExecutorOwner* owner = nullptr;  // null: the executor returns when it is idle
  };
  // What to poll, and whose it is; null for what belongs to no slot.
  struct Polled {
    std::vector<pollfd> fds;
    std::vector<Slot*> owners;
    std::uint64_t deadline_ns;
    void Add(int fd, short events, Slot* owner);
  };

  Result<void> RunWhileWanted(const Wake& wake);
  bool Finished(const Wake& wake) const;
  void EndCancelled();
  void UnloadGone();
  Result<void> EnsureStarted(Slot& slot);
  // Starts workers that are missing, each not sooner than its last failures suggest.
  void ReplaceWorkers();
  std::uint64_t StartAfterNs(const Slot& slot) const;
  void HandOut(const Wake& wake);
  Slot* SlotFor(const ActiveJob& job);
  // To the front of the queue, in this order.
  void PutBack(Jobs jobs);
  Result<void> Wait(const Wake& wake);
  // Sends what is queued for the slot's worker and adds what to wait for.
  Result<void> Prepare(Slot& slot, Polled& polled);
  std::uint64_t NextDeadlineNs(const Slot& slot) const;
  int PollMilliseconds(std::uint64_t deadline_ns) const;
  void Serve(Slot& slot, const Wake& wake);
  void Refill(const Wake& wake);
  void KeepTime();
  // The worker is gone or broke the protocol.
  void RetireBroken(Slot& slot, const Error& error);
  // Kills the slot's worker. Its current job ends as `ending`; the others are handed out anew.
  void Retire(Slot& slot, JobEnding ending);
  void FailAll(const std::string& message);
  void End(std::unique_ptr<ActiveJob> job, JobEnding ending);

  ExecutorSettings settings_;
  Clock& clock_;
  Programs programs_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::unordered_map<JobHandle, ActiveJob*> jobs_;  // all that have not ended
  std::list<std::unique_ptr<ActiveJob>> waiting_;
  Jobs cancelled_;  // out of the queues, and their owners not yet told
  JobHandle next_handle_ = 1;
  bool cancel_pending_ = false;  // there are such, or one that runs is to be ended
  bool stopped_ = false;
};

}  // namespace plasm::worker
