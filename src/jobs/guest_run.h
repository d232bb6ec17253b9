// One job in a worker, perhaps several times until a run counts: gathers what it gives.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "blobs/blob_store.h"
#include "execution/finished_run.h"
#include "execution/input_trees.h"
#include "execution/result_digests.h"
#include "jobs/task.h"
#include "store/job_record.h"
#include "worker/supervisor/attempts.h"
#include "worker/supervisor/executor.h"
#include "worker/supervisor/stdin_feed.h"

namespace plasm::jobs {

// What a job reads, fetched by its digests.
struct PreparedInputs {
  Bytes standard_input;
  execution::FetchedInputs folders{};
};

class GuestRun;

class GuestRunOwner {
 public:
  virtual ~GuestRunOwner() = default;
  // From Executor::Run. May destroy the run only after this call.
  virtual void OnRunEnded(GuestRun& run, const worker::JobEnding& ending) = 0;
};

// The runner's thread's. Store and owner must outlive it.
class GuestRun final : public worker::JobEvents {
 public:
  GuestRun(TaskPtr task, PreparedInputs inputs, const BlobStore& blobs, GuestRunOwner& owner);

  Task& task() { return *task_; }

  // What an executor is asked for the next attempt. Whatever an earlier one gave is forgotten,
  // but for output that was shown and will come again.
  Result<worker::JobRequest> NextAttempt(worker::ProgramId program);

  // Between attempts of a guest that may write something else in the next.
  bool repeatable() const;
  bool input_full() const { return input_.Full(); }

  // After the attempt that counts, once: the digests, and streams and files as they are kept,
  // durably. An error is the disk's.
  struct Gathered {
    execution::FinishedRun run;
    store::JobResults results{};
  };
  Result<Gathered> Gather(const worker::JobEnding& ending);

  // Where it is in a worker or waits for one; the executor's name of it.
  worker::JobHandle handle = 0;
  worker::Tier tier = worker::Tier::kFull;
  bool rebuilt = false;

  void OnOutput(worker::Stream stream, ByteView bytes) override;
  Result<void> OnFile(const worker::FileMessage& message) override;
  Result<void> OnFileData(ByteView bytes) override;
  void OnEnded(const worker::JobEnding& ending) override { owner_.OnRunEnded(*this, ending); }

 private:
  Result<void> FinishFile();

  const TaskPtr task_;
  const BlobStore& blobs_;
  GuestRunOwner& owner_;
  worker::StdinFeed input_;
  execution::FetchedInputs folders_;
  std::uint32_t attempts_ = 0;

  // Of the present attempt.
  std::optional<execution::ResultDigests> digests_;
  worker::OutputOnce once_;
  std::optional<BlobWriter> file_;
  std::string file_path_;
  std::uint64_t file_left_ = 0;
  std::vector<store::KeptFileRecord> files_;
  Result<void> status_;  // of the disk
};

}  // namespace plasm::jobs
