#include "jobs/guest_run.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <tuple>
#include <utility>

#include "base/system_error.h"
#include "execution/manifest_job.h"

namespace plasm::jobs {

GuestRun::GuestRun(TaskPtr task, PreparedInputs inputs, const BlobStore& blobs,
                   GuestRunOwner& owner)
    : task_(std::move(task)),
      blobs_(blobs),
      owner_(owner),
      input_(std::move(inputs.standard_input)),
      folders_(std::move(inputs.folders)) {}

bool GuestRun::repeatable() const { return task_->manifest.profile == receipt::Profile::kDet1; }

Result<worker::JobRequest> GuestRun::NextAttempt(worker::ProgramId program) {
  if (attempts_++ > 0) {
    input_.Rewind();
    file_.reset();
    files_.clear();
    status_ = {};
    once_.StartOver();
    if (!repeatable()) {
      once_ = {};
      task_->live->StartOver();
    }
  }
  worker::JobRequest request{.program = program,
                             .job = execution::JobFor(task_->manifest),
                             .standard_input = &input_,
                             .timeout_ns = task_->manifest.limits.wall_time_ms * 1'000'000};
  request.job.interactive = true;  // somebody may be watching
  request.job.folders = folders_.folders;
  if (folders_.contents) {
    request.inputs.Reset(fcntl(folders_.contents.get(), F_DUPFD_CLOEXEC, 0));
    if (!request.inputs) return SystemError(errno, "job inputs");
  }
  digests_.emplace(*this, request.job.outputs);
  request.events = &*digests_;
  return request;
}

void GuestRun::OnOutput(worker::Stream stream, ByteView bytes) {
  const ByteView fresh = once_.Fresh(stream, bytes);
  if (fresh.empty() || !status_) return;
  status_ = task_->live->Append(stream, fresh);
}

Result<void> GuestRun::OnFile(const worker::FileMessage& message) {
  if (message.kind != worker::EntryKind::kFile) return {};
  PLASM_TRY(BlobWriter file, blobs_.NewBlob());
  file_.emplace(std::move(file));
  file_path_ = execution::GuestPathOf(task_->manifest.outputs.at(message.output), message.path);
  file_left_ = message.size;
  return file_left_ == 0 ? FinishFile() : Result<void>();
}

Result<void> GuestRun::OnFileData(ByteView bytes) {
  PLASM_TRY_VOID(file_->Write(bytes));
  file_left_ -= bytes.size();
  return file_left_ == 0 ? FinishFile() : Result<void>();
}

Result<void> GuestRun::FinishFile() {
  PLASM_TRY(const StoredBlob blob, file_->Finish());
  file_.reset();
  files_.push_back({.guest_path = file_path_, .digest = blob.digest, .bytes = blob.bytes});
  return {};
}

Result<GuestRun::Gathered> GuestRun::Gather(const worker::JobEnding& ending) {
  PLASM_TRY_VOID(status_);
  Gathered gathered{.run = execution::FinishedRunOf(ending, *digests_)};
  PLASM_TRY(gathered.results.standard_output,
            task_->live->Finish(worker::Stream::kStdout, gathered.run.stdout_subject.digest));
  PLASM_TRY(gathered.results.standard_error,
            task_->live->Finish(worker::Stream::kStderr, gathered.run.stderr_subject.digest));
  // In the order of the digests, and like them without the doubles of overlapping outputs.
  std::ranges::sort(files_, [](const auto& a, const auto& b) {
    return std::tie(a.guest_path, a.digest) < std::tie(b.guest_path, b.digest);
  });
  const auto doubles = std::ranges::unique(files_, {}, &store::KeptFileRecord::guest_path);
  files_.erase(doubles.begin(), doubles.end());
  std::vector<Sha256Digest> blobs;
  for (const store::KeptFileRecord& file : files_) blobs.push_back(file.digest);
  PLASM_TRY_VOID(blobs_.Sync(blobs));
  gathered.results.kept_files = std::move(files_);
  return gathered;
}

}  // namespace plasm::jobs
