#include "execution/replay.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "execution/input_trees.h"
#include "execution/manifest_job.h"
#include "worker/supervisor/local_run.h"

namespace plasm::execution {
namespace {

constexpr std::uint64_t kMaxStdinBytes = std::uint64_t{1} << 30;
constexpr std::uint64_t kMaxInputBytes = std::uint64_t{4} << 30;  // of all files together

Result<Bytes> StandardInput(const receipt::StdinName& name, const ContentSource& source) {
  if (name.inline_bytes) return *name.inline_bytes;
  if (name.size == 0) return Bytes();
  return ReadContent(source, name.sha256, kMaxStdinBytes);
}

}  // namespace

Result<FinishedRun> Replayer::Run(const receipt::Manifest& manifest, const ContentSource& source,
                                  worker::JobEvents& events) const {
  PLASM_TRY(const Bytes module,
            ReadContent(source, manifest.module.sha256, worker::kMaxModuleFileBytes));
  PLASM_TRY(Bytes input, StandardInput(manifest.stdin_name, source));
  worker::Job job = JobFor(manifest);
  // The manifest is somebody else's, and so are its limits; the memory is ours.
  worker::JobLimits fetch_limits = job.limits;
  fetch_limits.file_bytes = std::min(fetch_limits.file_bytes, kMaxInputBytes);
  PLASM_TRY(FetchedInputs inputs, FetchInputs(manifest.inputs, source, fetch_limits));
  job.folders = std::move(inputs.folders);

  worker::StdinFeed feed(std::move(input));
  ResultDigests digests(events, job.outputs);
  const worker::Compiler compiler(settings_.worker_program, artefacts_, clock_,
                                  {.cancel_fd = settings_.cancel_fd});
  worker::Executor executor({.worker_program = settings_.worker_program,
                             .target = settings_.target,
                             .cancel_fd = settings_.cancel_fd},
                            clock_);
  auto run = worker::RunLocally(executor, artefacts_, compiler,
                                {.module = module,
                                 .module_digest = manifest.module.sha256,
                                 .target = settings_.target,
                                 .request = {.job = std::move(job),
                                             .inputs = std::move(inputs.contents),
                                             .standard_input = &feed,
                                             .timeout_ns = settings_.timeout_ns}},
                                digests);
  if (!run) {
    if (run.error().code == ErrorCode::kInvalid) return RejectedRun(run.error().message);
    // Too slow a compiler says nothing about the module.
    if (run.error().code != ErrorCode::kLimitExceeded) return run.error();
    return Error{ErrorCode::kUnavailable, run.error().message};
  }
  if (run->ending.status == worker::JobStatus::kFailed) {
    return Error{ErrorCode::kInternal, run->ending.message};
  }
  return FinishedRunOf(run->ending, digests);
}

}  // namespace plasm::execution
