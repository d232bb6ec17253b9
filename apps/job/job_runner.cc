#include "job/job_runner.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/file.h"
#include "base/quote.h"
#include "base/sha256.h"
#include "execution/input_trees.h"
#include "execution/job_order.h"
#include "execution/manifest_job.h"
#include "job/background_compile.h"
#include "job/input_record.h"
#include "job/job_results.h"
#include "job/termination_signals.h"
#include "worker/supervisor/worker_process.h"

namespace plasm::app {
namespace {

namespace fs = std::filesystem;

struct Preparation {
  receipt::Manifest manifest;  // but for standard input, which nobody has read yet
  worker::JobRequest request;
};

Result<Preparation> Prepare(const execution::JobOrder& order, const Bytes& module,
                            const RunOptions& options, Clock& clock) {
  Preparation prepared;
  receipt::Manifest& manifest = prepared.manifest;
  manifest = execution::ManifestOf(order, {Sha256Of(module), module.size()}, clock.RealtimeNs());
  PLASM_TRY(execution::FolderSnapshot snapshot,
            execution::TakeSnapshot(order.inputs, order.limits));
  // Who has named the seed and wants no receipt may have names that no manifest can hold.
  if (!order.seed || options.manifest == ManifestUse::kForReceipt) {
    PLASM_TRY(manifest.inputs,
              execution::DescribeInputs(snapshot.folders, snapshot.contents, options.keep));
  }
  execution::FillSeed(order, manifest);

  worker::Job& job = prepared.request.job;
  job = execution::JobFor(manifest);
  job.folders = std::move(snapshot.folders);
  job.outputs = order.outputs;
  job.interactive = true;
  prepared.request.inputs = std::move(snapshot.contents);
  prepared.request.timeout_ns = manifest.limits.wall_time_ms * 1'000'000;
  return prepared;
}

JobError NodeError(const Error& error) { return {kExitNodeFailed, error.message}; }

// What the run of a module gave that could not even be compiled; or why nothing can be said.
std::variant<worker::LocalRun, JobError> NotRun(const Error& error, const std::string& file) {
  if (error.code == ErrorCode::kLimitExceeded) {
    return JobError{kExitModuleBad, file + ": " + error.message};
  }
  if (error.code != ErrorCode::kInvalid) return NodeError(error);
  return worker::LocalRun{
      .ending = {.status = worker::JobStatus::kRefused, .message = error.message}};
}

// For people.
std::string RejectionOf(const worker::JobEnding& ending, bool compiled, const std::string& file) {
  if (ending.status != worker::JobStatus::kRefused) return "";
  return (compiled ? "module does not fit its limits (--memory)" : file) + ": " + ending.message;
}

// Completes `job` with what is known once it has ended.
Result<void> Record(InputRecord& input, JobResults& results, FinishedJob& job) {
  PLASM_TRY(job.manifest.stdin_name, input.Finish());
  PLASM_TRY_VOID(results.FinishKeeping());
  job.run = execution::FinishedRunOf(job.ending, results.digests());
  job.missing_outputs = results.Missing();
  return {};
}

}  // namespace

std::variant<Bytes, JobError> ReadModule(const std::string& file) {
  auto module = ReadFile(file, worker::kMaxModuleFileBytes);
  if (module) return *std::move(module);
  const bool missing = module.error().code == ErrorCode::kNotFound;
  return JobError{missing ? kExitModuleMissing : kExitModuleBad, module.error().message};
}

std::variant<FinishedJob, JobError> RunJob(const JobFlags& flags,
                                           const std::vector<std::string>& words,
                                           worker::StdinFeed input, OutputSink& sink,
                                           const DataFolder& data, Clock& clock,
                                           const RunOptions& options) {
  auto ordered = OrderOf(flags, words);
  if (!ordered) return JobError{kExitUsage, ordered.error().message};
  ordered->order.requester = options.requester;
  ordered->order.nonce = options.nonce;
  ordered->order.not_after = options.not_after;
  const auto worker_program = worker::FindWorkerProgram();
  if (!worker_program) return NodeError(worker_program.error());
  const worker::Target target = flags.Target();
  auto signals = TerminationSignals::Create();
  if (!signals) return NodeError(signals.error());
  // Before the module is read: the worker sets itself up meanwhile.
  worker::Executor executor(
      {.worker_program = *worker_program, .target = target, .cancel_fd = signals->fd()}, clock);
  if (auto started = executor.StartWorkers(); !started) return NodeError(started.error());

  const std::string& file = words.front();
  const auto read = ReadModule(file);
  if (const auto* error = std::get_if<JobError>(&read)) return *error;
  const Bytes& module = std::get<Bytes>(read);
  auto prepared = Prepare(ordered->order, module, options, clock);
  if (!prepared) return NodeError(prepared.error());
  FinishedJob job{.manifest = std::move(prepared->manifest)};
  const Sha256Digest digest = job.manifest.module.sha256;
  if (options.keep != nullptr) {
    if (auto kept = options.keep->Put(digest, module); !kept) return NodeError(kept.error());
  }
  InputRecord input_record(options.keep);
  input.Observe([&input_record](ByteView bytes) { input_record.Take(bytes); });
  prepared->request.standard_input = &input;
  JobResults results(sink, prepared->request.job.outputs, std::move(ordered->destinations),
                     options.keep);

  job.start = UtcTime::FromNanoseconds(clock.RealtimeNs());
  if (options.not_after && job.start > *options.not_after) {
    return JobError{kExitNodeFailed, "it is later than --not-after: the job was not started"};
  }
  const worker::ArtefactCache cache(data.artefacts());
  const worker::Compiler compiler(*worker_program, cache, clock, {.cancel_fd = signals->fd()});
  signals->Hold();
  auto ran = worker::RunLocally(executor, cache, compiler,
                                {.module = module,
                                 .module_digest = digest,
                                 .target = target,
                                 .tier = flags.TierChoice(),
                                 .request = std::move(prepared->request)},
                                results.events());
  // A clock that was set back meanwhile must not let the end come before the start.
  job.end = std::max(job.start, UtcTime::FromNanoseconds(clock.RealtimeNs()));
  std::variant<worker::LocalRun, JobError> outcome =
      ran ? std::variant<worker::LocalRun, JobError>(*ran) : NotRun(ran.error(), file);
  if (const auto* error = std::get_if<JobError>(&outcome)) return *error;
  const auto& run = std::get<worker::LocalRun>(outcome);
  job.ending = run.ending;
  job.tier = run.tier;
  job.rejection = RejectionOf(job.ending, ran.has_value(), file);
  // One that comes after the end finds nothing to cancel, and ends plasmd as ever.
  const bool cancelled = job.ending.status == worker::JobStatus::kCancelled;
  job.signal = cancelled ? signals->Take() : 0;
  signals->Release();
  SPDLOG_DEBUG("job ended status={} tier={} fuel={} module={}", JobStatusName(job.ending.status),
               job.tier == worker::Tier::kQuick ? "quick" : "full", job.ending.fuel_used,
               Quote(file));
  if (!cancelled && job.rejection.empty() && flags.TierChoice() == worker::TierChoice::kAuto &&
      job.tier == worker::Tier::kQuick) {
    CompileInBackground(fs::absolute(file), digest, target, data);
  }
  if (job.ending.status == worker::JobStatus::kFailed) return job;
  if (auto recorded = Record(input_record, results, job); !recorded) {
    return NodeError(recorded.error());
  }
  return job;
}

int ExitCode(const worker::JobEnding& ending) {
  return static_cast<int>(std::min<std::uint32_t>(ending.exit_code, 255));
}

std::string MissingOutputs(const FinishedJob& job) {
  if (job.missing_outputs.empty()) return "";
  std::string names;
  for (const auto& name : job.missing_outputs) names += (names.empty() ? "" : ", ") + name;
  if (job.ending.status != worker::JobStatus::kExited) {
    return "outputs are copied only from a guest that exits: " + names;
  }
  return "the guest exited without making what --output names: " + names;
}

}  // namespace plasm::app
