// A place for one worker: its process, the jobs that it was handed, and what it may say of
// them. Whatever a worker says is checked here. Internal to the executor.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "worker/supervisor/active_job.h"
#include "worker/supervisor/programs.h"
#include "worker/supervisor/worker_process.h"

namespace plasm::worker {

// How much is handed to a worker beyond what it does.
struct Pipelining {
  unsigned most_jobs = 1;
  // Jobs are put behind those that are expected to be done within this, all together. A job
  // that has run for longer is slow: nothing is put behind it, or stays there.
  std::uint64_t slow_after_ns = 0;
};

struct EndedJob {
  std::unique_ptr<ActiveJob> job;
  JobEnding ending;
  std::uint64_t ran_ns = 0;
};

// Not thread-safe.
class Slot {
 public:
  Slot(Pipelining pipelining, Clock& clock) : pipelining_(pipelining), clock_(clock) {}

  bool started() const { return process_.has_value(); }
  bool ready() const { return ready_; }
  Channel& channel() { return process_->channel(); }
  Result<void> Start(const std::filesystem::path& program, const std::vector<std::string>& args);
  // Kills the worker. The jobs that it still had, in order.
  std::vector<std::unique_ptr<ActiveJob>> Kill();

  // How often a worker was started here since one was last ready.
  unsigned failed_starts() const { return failed_starts_; }
  std::uint64_t last_start_ns() const { return last_start_ns_; }

  // Jobs that the worker has yet to speak of, those that were taken back among them.
  std::size_t size() const { return handed_.size(); }
  // Those that were not taken back.
  std::size_t jobs() const { return jobs_; }
  // The one that runs. Null when there is none, or when it was taken back just as it began.
  ActiveJob* front() { return handed_.empty() ? nullptr : handed_.front().job.get(); }
  const ActiveJob* front() const { return handed_.empty() ? nullptr : handed_.front().job.get(); }
  std::unique_ptr<ActiveJob> TakeFront();
  // Since when the worker has been at its first job; nothing when it has none, or is not ready.
  std::optional<std::uint64_t> busy_since_ns() const { return busy_since_ns_; }
  bool Slow() const;

  bool HasRoomFor(const ActiveJob& job) const;
  // Queues the job's frames. On an error nothing is queued, and the job stays the caller's.
  Result<void> HandOver(std::unique_ptr<ActiveJob>& job, const Programs::Program& program);
  // Takes a job from behind the first. The worker passes over it, unless it begins it just now:
  // then nobody hears of it.
  std::unique_ptr<ActiveJob> TakeBack(const ActiveJob& job);
  // All of them behind the first, in order.
  std::vector<std::unique_ptr<ActiveJob>> TakeBackWaiting();

  void Unload(ProgramId program);

  // Sends the running job the input that it wants, if there is any now. False when it wants
  // more than its feed can remember.
  bool FeedStdin();
  // Passes on what the worker has sent, until there is no more, or its reader cannot take more,
  // or a job has ended, which is returned. An error means that the worker is gone or lies.
  Result<std::optional<EndedJob>> Serve();
  // Leaves what the worker has sent for later, though it could be taken.
  void PutOff() { held_back_ = true; }
  // Whether frames were held back or put off, and their reader takes them again.
  bool CanGoOn() const;

 private:
  using Heard = Result<std::optional<EndedJob>>;
  struct Handed {
    JobNumber number = 0;
    std::unique_ptr<ActiveJob> job;  // null: taken back
    std::size_t descriptors = 0;     // that were sent along
    std::uint64_t expected_ns = 0;
  };

  // Takes the job out of its entry, which stays.
  std::unique_ptr<ActiveJob> Release(Handed& handed);
  void BeginFront();
  // The first job, if it has this number; null when it was taken back.
  Result<ActiveJob*> Front(JobNumber number);
  Heard Handle(const FromWorker& message);
  Result<void> HandleOutput(const OutputMessage& message);
  Result<void> HandleFile(const FileMessage& message);
  Result<void> HandleFileData(const FileDataMessage& message);
  Result<void> HandleStdinWanted(const StdinWantedMessage& message);
  Result<void> HandleLoadFailed(const LoadFailedMessage& message);
  Heard HandleEnded(const EndedMessage& message);
  Result<void> HandleForgotten(const ForgottenMessage& message);

  const Pipelining pipelining_;
  Clock& clock_;
  std::optional<WorkerProcess> process_;
  bool ready_ = false;      // the process has said so
  bool held_back_ = false;  // frames may be here already that nobody could take
  unsigned failed_starts_ = 0;
  std::uint64_t last_start_ns_ = 0;
  std::set<ProgramId> loaded_;
  std::set<ProgramId> refused_;
  std::optional<ProgramId> newest_;  // the highest that was ever sent to this worker
  JobNumber next_number_ = 1;
  std::deque<Handed> handed_;
  std::size_t jobs_ = 0;           // in handed_, not taken back
  std::size_t descriptors_ = 0;    // of all in handed_
  std::uint64_t expected_ns_ = 0;  // of the jobs in handed_
  std::optional<std::uint64_t> busy_since_ns_;
};

}  // namespace plasm::worker
