// What a worker may say, and what follows from it.
#include "base/one_line.h"
#include "worker/protocol/output_path.h"
#include "worker/supervisor/slot.h"

namespace plasm::worker {
namespace {

Error Broken(const char* what) {
  return Error{ErrorCode::kCorrupt, std::string("worker broke the protocol: ") + what};
}

JobStatus StatusOf(EndStatus status) {
  switch (status) {
    case EndStatus::kExited:
      return JobStatus::kExited;
    case EndStatus::kTrapped:
      return JobStatus::kTrapped;
    case EndStatus::kOutOfFuel:
      return JobStatus::kOutOfFuel;
    case EndStatus::kOutputLimit:
      return JobStatus::kOutputLimit;
    case EndStatus::kRefused:
      return JobStatus::kRefused;
    case EndStatus::kFailed:
      return JobStatus::kFailed;
  }
  return JobStatus::kFailed;
}

}  // namespace

bool Slot::CanGoOn() const {
  return held_back_ && (front() == nullptr || front()->request.events->BlockedOn() < 0);
}

Result<std::optional<EndedJob>> Slot::Serve() {
  held_back_ = false;
  bool received = false;
  while (true) {
    // Nobody hears more of a job that was cancelled, or more than he can take.
    if (const ActiveJob* const job = front()) {
      if (job->cancelled) return std::optional<EndedJob>();
      held_back_ = job->request.events->BlockedOn() >= 0;
      if (held_back_) return std::optional<EndedJob>();
    }
    PLASM_TRY(const auto frame, channel().NextFrame());
    if (!frame && received) return std::optional<EndedJob>();
    if (!frame) {
      // Only now, so that frames which wait for their reader do not pile up here.
      PLASM_TRY(const IoStatus status, channel().Receive(Blocking::kDontWait));
      if (status == IoStatus::kClosed) {
        return Error{ErrorCode::kInternal,
                     "the worker " + process_->Kill() + (ready_ ? "" : " before it was ready")};
      }
      received = true;
      continue;
    }
    if (!ready_) {
      PLASM_TRY_VOID(CheckReady(*frame));
      ready_ = true;
      failed_starts_ = 0;
      if (!handed_.empty()) busy_since_ns_ = clock_.MonotonicNs();
      continue;
    }
    PLASM_TRY(const FromWorker message, DecodeFromWorker(*frame));
    PLASM_TRY(auto ended, Handle(message));
    if (ended) return ended;
  }
}

Slot::Heard Slot::Handle(const FromWorker& message) {
  if (const auto* ended = std::get_if<EndedMessage>(&message)) return HandleEnded(*ended);
  if (const auto* output = std::get_if<OutputMessage>(&message)) {
    PLASM_TRY_VOID(HandleOutput(*output));
  } else if (const auto* file = std::get_if<FileMessage>(&message)) {
    PLASM_TRY_VOID(HandleFile(*file));
  } else if (const auto* data = std::get_if<FileDataMessage>(&message)) {
    PLASM_TRY_VOID(HandleFileData(*data));
  } else if (const auto* wanted = std::get_if<StdinWantedMessage>(&message)) {
    PLASM_TRY_VOID(HandleStdinWanted(*wanted));
  } else if (const auto* failed = std::get_if<LoadFailedMessage>(&message)) {
    PLASM_TRY_VOID(HandleLoadFailed(*failed));
  } else if (const auto* forgotten = std::get_if<ForgottenMessage>(&message)) {
    PLASM_TRY_VOID(HandleForgotten(*forgotten));
  } else {
    return Broken("unexpected frame");
  }
  return std::optional<EndedJob>();
}

Result<ActiveJob*> Slot::Front(JobNumber number) {
  if (handed_.empty() || handed_.front().number != number) {
    return Broken("speaks of a job that is not its current one");
  }
  if (front() != nullptr) front()->heard_of = true;
  return front();
}

Result<void> Slot::HandleOutput(const OutputMessage& message) {
  PLASM_TRY(ActiveJob* const job, Front(message.job));
  if (job == nullptr) return {};
  job->output_bytes += message.bytes.size();
  if (job->output_bytes > job->request.job.limits.output_bytes) return Broken("too much output");
  job->request.events->OnOutput(message.stream, message.bytes);
  return {};
}

Result<void> Slot::HandleFile(const FileMessage& message) {
  PLASM_TRY(ActiveJob* const job, Front(message.job));
  if (job == nullptr) return {};
  const JobLimits& limits = job->request.job.limits;
  if (job->file_left > 0) return Broken("a file within a file");
  if (message.output >= job->request.job.outputs.size()) return Broken("an output nobody wanted");
  if (!IsSafeOutputPath(message.path)) return Broken("an output path that is not plain");
  if (++job->files > limits.file_nodes || message.size > limits.file_bytes - job->file_bytes) {
    return Broken("more files than the job may have");
  }
  job->file_bytes += message.size;
  job->file_left = message.size;
  auto taken = job->request.events->OnFile(message);
  job->reader_failed = !taken;
  return taken;
}

Result<void> Slot::HandleFileData(const FileDataMessage& message) {
  PLASM_TRY(ActiveJob* const job, Front(message.job));
  if (job == nullptr) return {};
  if (message.bytes.empty() || message.bytes.size() > job->file_left) {
    return Broken("file data without a file");
  }
  job->file_left -= message.bytes.size();
  auto taken = job->request.events->OnFileData(message.bytes);
  job->reader_failed = !taken;
  return taken;
}

Result<void> Slot::HandleStdinWanted(const StdinWantedMessage& message) {
  PLASM_TRY(ActiveJob* const job, Front(message.job));
  if (job == nullptr) return {};
  if (job->stdin_wanted > 0) return Broken("asked for input twice");
  job->stdin_wanted = message.most;
  return {};
}

Result<void> Slot::HandleLoadFailed(const LoadFailedMessage& message) {
  if (!newest_ || message.program > *newest_) return Broken("refused an artefact it never got");
  // It may have been removed since it was sent.
  if (loaded_.contains(message.program)) refused_.insert(message.program);
  return {};
}

Slot::Heard Slot::HandleEnded(const EndedMessage& message) {
  PLASM_TRY(ActiveJob* const job, Front(message.job));
  if (job == nullptr) {
    TakeFront();
    return std::optional<EndedJob>();
  }
  if (job->file_left > 0) return Broken("ended within a file");
  if (message.fuel_used > job->request.job.limits.fuel) return Broken("used more fuel than it had");
  JobEnding ending{.status = StatusOf(message.status),
                   .exit_code = message.exit_code,
                   .trap = message.trap,
                   .fuel_used = message.fuel_used,
                   .message = OneLine(message.message),
                   .artefact_refused = message.status == EndStatus::kFailed &&
                                       refused_.contains(job->request.program)};
  const std::uint64_t ran_ns = clock_.MonotonicNs() - *busy_since_ns_;
  return std::optional(EndedJob{TakeFront(), std::move(ending), ran_ns});
}

Result<void> Slot::HandleForgotten(const ForgottenMessage& message) {
  PLASM_TRY(const ActiveJob* const job, Front(message.job));
  if (job != nullptr) return Broken("passed over a job that it was to run");
  TakeFront();
  return {};
}

}  // namespace plasm::worker
