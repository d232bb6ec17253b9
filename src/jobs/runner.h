// The thread that runs jobs: takes the next one from the fair queue whenever a worker has room,
// has modules compiled and inputs fetched, tries again after failures of the node's own.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "blobs/blob_store.h"
#include "jobs/fair_queue.h"
#include "jobs/guest_run.h"
#include "jobs/mailbox.h"
#include "jobs/preparer.h"
#include "jobs/programs.h"
#include "jobs/quarantine.h"
#include "jobs/task.h"
#include "jobs/timers.h"
#include "worker/supervisor/artefact_cache.h"
#include "worker/supervisor/compile_service.h"
#include "worker/supervisor/executor.h"

namespace plasm::jobs {

// Hears what becomes of tasks. All calls come from the runner's thread and must not wait long.
class RunnerEvents {
 public:
  virtual ~RunnerEvents() = default;
  // An attempt has begun.
  virtual void OnStarted(const Task& task) = 0;
  // The task is over, and what became of it deserves a receipt. The runner lets go of it.
  virtual void OnEnded(const TaskPtr& task, GuestRun::Gathered gathered) = 0;
  // It is over without one: it came too late (kRejected) or this node could not run it (kFailed).
  virtual void OnNotRun(const TaskPtr& task, store::JobState state, const std::string& why) = 0;
};

struct RunnerSettings {
  worker::ExecutorSettings executor;
  std::filesystem::path artefacts;
};

// Add, Cancel, Forget, WarmUp and Drain may be called by any thread. The references must outlive
// it.
class Runner final : worker::ExecutorOwner, GuestRunOwner, ProgramsOwner {
 public:
  static Result<std::unique_ptr<Runner>> Start(RunnerSettings settings, const BlobStore& blobs,
                                               RunnerEvents& events, Clock& clock);
  ~Runner() override;

  void Add(TaskPtr task);
  // One that had ended, and whose end nobody could be told: in a second.
  void AddLater(TaskPtr task);
  // Ends it as cancelled, with a receipt, unless it has ended.
  void Cancel(std::uint64_t task);
  // As JobService::WarmUp.
  void WarmUp(std::vector<Sha256Digest> modules, Keep keep, WhenWarm warm);
  // Drops it without a word: nobody was promised that it runs.
  void Forget(std::uint64_t task);

  // Starts nothing any more, and ends the thread when nothing runs or after so long; whatever has
  // not ended then is not heard of again. Blocks. Once.
  void Stop(std::uint64_t grace_ns);

  std::uint64_t queued() const { return tasks_ - running_; }
  std::uint64_t running() const { return running_; }

 private:
  enum class Place : std::uint8_t {
    kQueued,
    kCompiling,
    kPreparing,
    kReady,
    kRunning,
    kBackingOff
  };
  struct Slot {
    TaskPtr task;
    Place place = Place::kQueued;
    bool charged = false;  // counts as running in the fair queue
    bool cancelled = false;
    bool forgotten = false;
    std::uint32_t failures = 0;  // the node's own, whether it was begun or not
    worker::TierChoice tier = worker::TierChoice::kAuto;
    std::optional<PreparedInputs> inputs{};
    std::unique_ptr<GuestRun> run{};
  };
  enum class Launched { kSubmitted, kLater, kNoRoom };

  Runner(RunnerSettings settings, const BlobStore& blobs, RunnerEvents& events, Clock& clock,
         std::unique_ptr<Mailbox> mailbox, std::unique_ptr<Timers> timers, UniqueFd wake,
         std::unique_ptr<worker::CompileService> compiler,
         std::unique_ptr<worker::ArtefactCache> cache);

  void Work();
  void OnWake() override;
  bool SubmitNext() override;
  void OnRunEnded(GuestRun& run, const worker::JobEnding& ending) override;
  void OnCompiled(const Sha256Digest& module, worker::Tier tier,
                  const Result<void>& outcome) override;

  void Enqueue(TaskPtr task);
  Launched Launch(std::uint64_t number, Slot& slot);
  // Whether the task need not be tried at all; then it is over.
  bool EndsBeforeItBegins(std::uint64_t number, Slot& slot);
  void Prepare(std::uint64_t number, Slot& slot);
  void OnInputsMissed(std::uint64_t number, const Error& error);
  void End(std::uint64_t number, const worker::JobEnding& ending);
  void EndWithoutRunning(std::uint64_t number, const worker::JobEnding& ending);
  void EndRejected(std::uint64_t number, const std::string& reason);
  // The node's own fault: again after a while, or for good.
  void Fail(std::uint64_t number, const std::string& why);
  void NotRun(std::uint64_t number, store::JobState state, const std::string& why);
  // It does not hold up its client's others any more, after so long in a worker.
  void Uncharge(Slot& slot, std::uint64_t took_ns);
  void BackIntoQueue(std::uint64_t number, Slot& slot);
  // Takes the task away; the run that may be calling lives until the event is over.
  TaskPtr Remove(std::uint64_t number);
  void CancelNow(std::uint64_t number);
  void ForgetNow(std::uint64_t number);
  void StopIfDone();

  const RunnerSettings settings_;
  const BlobStore& blobs_;
  RunnerEvents& events_;
  Clock& clock_;
  const std::unique_ptr<Mailbox> mailbox_;
  const std::unique_ptr<Timers> timers_;
  const UniqueFd wake_;  // readable when the mailbox or the timers are
  const std::unique_ptr<worker::ArtefactCache> cache_;

  // The thread's.
  FairQueue queue_;
  std::deque<std::uint64_t> ready_;  // prepared, or to be run again: before the queue
  std::map<Sha256Digest, std::vector<std::uint64_t>> compiling_;
  std::map<Sha256Digest, WhenWarm> warming_;
  std::unordered_map<std::uint64_t, Slot> slots_;
  std::vector<std::unique_ptr<GuestRun>> over_;  // may be calling
  Quarantine quarantine_;
  unsigned preparing_ = 0;
  bool draining_ = false;
  worker::Executor* executor_ = nullptr;
  Programs* programs_ = nullptr;

  std::atomic<std::uint64_t> tasks_ = 0;
  std::atomic<std::uint64_t> running_ = 0;
  // These post letters, so they end before what the letters touch.
  std::unique_ptr<Preparer> preparer_;
  std::unique_ptr<worker::CompileService> compiler_;
  std::thread thread_;
};

}  // namespace plasm::jobs
