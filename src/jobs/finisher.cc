#include "jobs/finisher.h"

#include <algorithm>
#include <utility>

#include "base/utc_time.h"
#include "execution/runtime.h"
#include "receipt/envelope.h"

namespace plasm::jobs {
namespace {

store::JobState StateOf(receipt::Status status) {
  switch (status) {
    case receipt::Status::kExited:
      return store::JobState::kExited;
    case receipt::Status::kTrapped:
      return store::JobState::kTrapped;
    case receipt::Status::kOutOfFuel:
      return store::JobState::kOutOfFuel;
    case receipt::Status::kOutputLimit:
      return store::JobState::kOutputLimit;
    case receipt::Status::kTimedOut:
      return store::JobState::kTimedOut;
    case receipt::Status::kCancelled:
      return store::JobState::kCancelled;
    case receipt::Status::kRejected:
      return store::JobState::kRejected;
  }
  return store::JobState::kFailed;
}

// What the store keeps of a run. `end_ns`: when it ended.
store::JobEnd EndOf(const execution::FinishedRun& run, std::uint64_t end_ns) {
  store::JobEnd end{.state = StateOf(run.outcome.status), .ended_ns = end_ns};
  if (run.outcome.exit_code) end.exit_code = *run.outcome.exit_code;
  end.trap = run.outcome.trap;
  end.fuel_used = run.outcome.fuel_used;
  end.message = run.outcome.reason;
  return end;
}

std::shared_ptr<EndedJob> RecordOf(const Task& task, const store::EndJob& end) {
  auto ended = std::make_shared<EndedJob>();
  ended->record.summary = task.summary;
  ended->record.summary.seq = end.seq;
  ended->record.summary.state = end.end.state;
  ended->record.summary.end = end.end;
  ended->record.manifest = task.manifest_bytes;
  ended->record.results = end.results;
  ended->proof = task.proof;
  return ended;
}

}  // namespace

void Finisher::OnStarted(const Task& task) {
  task.live->SetState(store::JobState::kRunning);
  if (const auto seq = open_.Start(task)) {
    // For those who look later. That the write may fail is noticed at the end.
    (void)store_.Submit(store::MarkStarted{.seq = *seq,
                                           .attempt = task.summary.attempts,
                                           .started_ns = task.summary.started_ns.value_or(0)},
                        store::Done<store::MarkStarted>([](auto) {}));
  }
}

// A clock that was set back meanwhile must not let the end come before the start.
std::uint64_t Finisher::EndTimeOf(const Task& task) const {
  return std::max(clock_.RealtimeNs(), task.summary.started_ns.value_or(0));
}

store::EndJob Finisher::EndOf(const Task& task) const {
  return {.attempts = task.summary.attempts, .started_ns = task.summary.started_ns};
}

void Finisher::OnEnded(const TaskPtr& task, GuestRun::Gathered gathered) {
  const std::uint64_t end_ns = EndTimeOf(*task);
  const std::uint64_t start = task->summary.started_ns.value_or(end_ns);
  store::EndJob end = EndOf(*task);
  end.end = jobs::EndOf(gathered.run, end_ns);
  end.results = std::move(gathered.results);
  const auto issued = node_.Issue(
      {.id = task->summary.id,
       .manifest = task->manifest,
       .manifest_digest = task->summary.manifest_digest,
       .runtime =
           execution::RuntimeOf(engine_version_, worker::Target::kNative, task->manifest.profile),
       .run = gathered.run,
       .start = UtcTime::FromNanoseconds(start),
       .end = UtcTime::FromNanoseconds(end_ns),
       .attempts = std::max(task->summary.attempts, 1u)},
      [this, task,
       end = std::make_shared<store::EndJob>(std::move(end))](Result<node::LoggedReceipt> logged) {
        if (!logged) return run_again_(task);
        end->end.log = store::LogPosition{.origin = node_.log_origin(), .index = logged->index};
        end->end.result_digest = logged->result_digest;
        const std::string envelope = receipt::SerializeEnvelope(logged->envelope);
        end->results.receipt.emplace(AsBytes(envelope).begin(), AsBytes(envelope).end());
        Write(task, std::move(*end), std::move(logged->proof));
      },
      open_.size());
  if (!issued) OnNotRun(task, store::JobState::kFailed, issued.error().message);
}

void Finisher::OnNotRun(const TaskPtr& task, store::JobState state, const std::string& why) {
  store::EndJob end = EndOf(*task);
  end.end = {.state = state, .ended_ns = EndTimeOf(*task), .message = why};
  const Sha256Digest nothing = Sha256Of({});
  end.results.standard_output = {.digest = nothing, .contents = Bytes()};
  end.results.standard_error = {.digest = nothing, .contents = Bytes()};
  Write(task, std::move(end), "");
}

void Finisher::OnAccepted(const TaskPtr& task, std::uint64_t seq) {
  OpenJobs::AfterAcceptance after = open_.Accept(task->summary.id, seq);
  if (after.end) Submit(task, *std::move(after.end));
  for (const WhenAccepted& accepted : after.told) {
    accepted(Accepted{.id = task->summary.id});
  }
}

void Finisher::OnRefused(const Task& task, const Error& why) {
  for (const WhenAccepted& accepted : open_.Remove(task.summary.id).accepted) accepted(why);
}

void Finisher::Write(const TaskPtr& task, store::EndJob end, std::string proof) {
  task->proof = std::move(proof);
  auto ending = open_.End(task->summary.id, std::move(end));
  if (!ending) return;
  if (ending->unwritten) {
    SubmitWhole(task, std::move(ending->end), *std::move(ending->unwritten));
  } else {
    Submit(task, std::move(ending->end));
  }
}

void Finisher::Submit(const TaskPtr& task, store::EndJob end) {
  const auto ended = RecordOf(*task, end);
  const auto submitted =
      store_.Submit(std::move(end),
                    store::Done<store::EndJob>([this, task, ended](Result<std::monostate> written) {
                      if (!written) return run_again_(task);
                      Tell(task, ended);
                    }));
  if (!submitted) run_again_(task);  // the node stops: the job stays in the store as it was
}

void Finisher::SubmitWhole(const TaskPtr& task, store::EndJob end, Unwritten unwritten) {
  const auto ended = RecordOf(*task, end);
  store::CompleteJob whole{SubmissionOf(*task, std::move(unwritten.blobs)), std::move(end)};
  const auto pinned = std::make_shared<std::vector<BlobPins::Hold>>(std::move(unwritten.pinned));
  const auto submitted = store_.Submit(
      std::move(whole), store::Done<store::CompleteJob>(
                            [this, task, ended, pinned](Result<store::Submission> written) {
                              if (!written) return OnRefused(*task, written.error());
                              ended->record.summary.seq = written->seq;
                              Tell(task, ended);
                            }));
  if (!submitted) OnRefused(*task, submitted.error());
}

void Finisher::Tell(const TaskPtr& task, const std::shared_ptr<EndedJob>& ended) {
  const OpenJobs::Left left = open_.Remove(task->summary.id);
  ended->record.summary.cancel_requested = left.cancel_requested;
  task->live->SetState(ended->record.summary.state);
  for (const WhenAccepted& accepted : left.accepted) accepted(Accepted{.id = task->summary.id});
  for (const WhenEnded& when_ended : left.ended) when_ended(ended);
}

}  // namespace plasm::jobs
