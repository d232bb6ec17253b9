#include "job_runner.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <utility>

#include "background_compile.h"
#include "base/file.h"
#include "base/quote.h"
#include "base/sha256.h"
#include "execution/input_trees.h"
#include "execution/kept_results.h"
#include "execution/manifest_job.h"
#include "execution/result_digests.h"
#include "input_record.h"
#include "termination_signals.h"
#include "worker/supervisor/inputs.h"
#include "worker/supervisor/output_writer.h"
#include "worker/supervisor/worker_process.h"

namespace plasm::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kNanoseconds = 1'000'000'000;

class Events final : public worker::JobEvents {
 public:
  Events(OutputSink& sink, worker::OutputWriter& outputs) : sink_(sink), outputs_(outputs) {}
  void OnOutput(worker::Stream stream, ByteView bytes) override { sink_.OnOutput(stream, bytes); }
  Result<void> OnFile(const worker::FileMessage& file) override {
    seen_.insert(file.output);
    return outputs_.Begin(file);
  }
  Result<void> OnFileData(ByteView bytes) override { return outputs_.Write(bytes); }
  void OnEnded(const worker::JobEnding&) override {}
  int BlockedOn() const override { return sink_.BlockedOn(); }
  void OnWritable() override { sink_.OnWritable(); }

  // Numbers of the outputs that came back, whole or in part.
  const std::set<std::uint32_t>& seen() const { return seen_; }

 private:
  OutputSink& sink_;
  worker::OutputWriter& outputs_;
  std::set<std::uint32_t> seen_;
};

struct Preparation {
  receipt::Manifest manifest;  // but for standard input, which nobody has read yet
  worker::JobRequest request;
  std::vector<fs::path> destinations;  // of the outputs
};

std::vector<std::string> WithoutDoubles(const std::vector<std::string>& names) {
  std::vector<std::string> unique;
  for (const std::string& name : names) {
    if (std::ranges::find(unique, name) == unique.end()) unique.push_back(name);
  }
  return unique;
}

// In whole milliseconds, rounded up: zero means none.
std::uint64_t TimeoutMs(double seconds) {
  return static_cast<std::uint64_t>(std::ceil(seconds * 1000));
}

Result<Preparation> Prepare(const JobFlags& flags, ParsedFlags parsed,
                            const std::vector<std::string>& words, const Bytes& module,
                            const RunOptions& options, Clock& clock) {
  Preparation prepared;
  receipt::Manifest& manifest = prepared.manifest;
  manifest.module = {Sha256Of(module), module.size()};
  manifest.profile = flags.profile == "live" ? receipt::Profile::kLive : receipt::Profile::kDet1;
  manifest.limits = execution::LimitsOf(flags.limits, TimeoutMs(flags.timeout_seconds));
  // The guest learns the module's name, never where it is on this host.
  manifest.args = words;
  manifest.args.front() = fs::path(words.front()).filename().string();
  manifest.env = flags.env;
  manifest.start_time_ns =
      parsed.start_time_seconds.value_or(clock.RealtimeNs() / kNanoseconds) * kNanoseconds;
  manifest.nonce = options.nonce;
  manifest.not_after = options.not_after;

  worker::Inputs inputs;
  std::vector<worker::InputFolder> folders;
  for (FolderMapping& mapping : parsed.dirs) {
    PLASM_TRY(worker::InputFolder folder,
              inputs.AddFolder(mapping.host, std::move(mapping.guest), flags.limits));
    folders.push_back(std::move(folder));
  }
  if (!inputs.empty()) {
    PLASM_TRY(prepared.request.inputs, std::move(inputs).Seal());
  }
  std::vector<std::string> outputs;
  for (FolderMapping& mapping : parsed.outputs) {
    outputs.push_back(std::move(mapping.guest));
    prepared.destinations.emplace_back(std::move(mapping.host));
  }
  manifest.outputs = WithoutDoubles(outputs);

  // Who has named the seed and wants no receipt may have names that no manifest can hold.
  if (!parsed.seed || options.manifest == ManifestUse::kForReceipt) {
    PLASM_TRY(manifest.inputs,
              execution::DescribeInputs(folders, prepared.request.inputs, options.keep));
  }
  manifest.seed = parsed.seed ? *parsed.seed : receipt::DefaultSeed(manifest).bytes;

  worker::Job& job = prepared.request.job;
  job = execution::JobFor(manifest);
  job.folders = std::move(folders);
  job.outputs = std::move(outputs);
  job.interactive = true;
  prepared.request.timeout_ns = manifest.limits.wall_time_ms * 1'000'000;
  return prepared;
}

JobError NodeError(const Error& error) { return {kExitNodeFailed, error.message}; }

}  // namespace

std::variant<FinishedJob, JobError> RunJob(const JobFlags& flags,
                                           const std::vector<std::string>& words,
                                           worker::StdinFeed input, OutputSink& sink,
                                           const DataFolder& data, Clock& clock,
                                           const RunOptions& options) {
  auto parsed = ParseFlags(flags);
  if (!parsed) return JobError{kExitUsage, parsed.error().message};
  const auto worker_program = worker::FindWorkerProgram();
  if (!worker_program) return NodeError(worker_program.error());
  const worker::Target target = flags.Target();
  auto signals = TerminationSignals::Create();
  if (!signals) return NodeError(signals.error());
  worker::Executor executor(
      {.worker_program = *worker_program, .target = target, .cancel_fd = signals->fd()}, clock);
  if (auto started = executor.StartWorkers(); !started) return NodeError(started.error());

  const auto module = ReadFile(words.front(), worker::kMaxModuleFileBytes);
  if (!module) {
    const bool missing = module.error().code == ErrorCode::kNotFound;
    return JobError{missing ? kExitModuleMissing : kExitModuleBad, module.error().message};
  }
  auto prepared = Prepare(flags, *std::move(parsed), words, *module, options, clock);
  if (!prepared) return NodeError(prepared.error());
  const Sha256Digest digest = prepared->manifest.module.sha256;
  if (options.keep != nullptr) {
    if (auto kept = options.keep->Put(digest, *module); !kept) return NodeError(kept.error());
  }
  InputRecord input_record(options.keep);
  input.Observe([&input_record](ByteView bytes) { input_record.Take(bytes); });
  prepared->request.standard_input = &input;

  const worker::ArtefactCache cache(data.artefacts());
  const worker::Compiler compiler(*worker_program, cache, clock, {.cancel_fd = signals->fd()});
  const std::vector<std::string> wanted = prepared->request.job.outputs;
  worker::OutputWriter outputs(std::move(prepared->destinations));
  Events events(sink, outputs);
  std::optional<execution::KeptResults> kept_results;
  if (options.keep != nullptr) kept_results.emplace(events, *options.keep);
  execution::ResultDigests digests(
      kept_results ? static_cast<worker::JobEvents&>(*kept_results) : events, wanted);

  FinishedJob job{.manifest = std::move(prepared->manifest)};
  job.start = UtcTime::FromNanoseconds(clock.RealtimeNs());
  if (options.not_after && job.start > *options.not_after) {
    return JobError{kExitNodeFailed, "it is later than --not-after: the job was not started"};
  }
  signals->Hold();
  auto run = worker::RunLocally(executor, cache, compiler,
                                {.module = *module,
                                 .module_digest = digest,
                                 .target = target,
                                 .tier = flags.TierChoice(),
                                 .request = std::move(prepared->request)},
                                digests);
  // A clock that was set back meanwhile must not let the end come before the start.
  job.end = std::max(job.start, UtcTime::FromNanoseconds(clock.RealtimeNs()));
  if (!run) {
    const ErrorCode code = run.error().code;
    if (code != ErrorCode::kInvalid && code != ErrorCode::kLimitExceeded) {
      return NodeError(run.error());
    }
    job.rejection = words.front() + ": " + run.error().message;
    run = worker::LocalRun{
        .ending = {.status = worker::JobStatus::kRefused, .message = run.error().message}};
  } else if (run->ending.status == worker::JobStatus::kRefused) {
    job.rejection = "module does not fit its limits (--memory): " + run->ending.message;
  }
  // One that comes after the end finds nothing to cancel, and ends plasmd as ever.
  const bool cancelled = run->ending.status == worker::JobStatus::kCancelled;
  job.signal = cancelled ? signals->Take() : 0;
  signals->Release();
  SPDLOG_DEBUG("job ended status={} tier={} fuel={} module={}", JobStatusName(run->ending.status),
               run->tier == worker::Tier::kQuick ? "quick" : "full", run->ending.fuel_used,
               Quote(words.front()));
  if (!cancelled && job.rejection.empty() && flags.TierChoice() == worker::TierChoice::kAuto &&
      run->tier == worker::Tier::kQuick) {
    CompileInBackground(fs::absolute(words.front()), digest, target, data);
  }
  job.ending = std::move(run->ending);
  job.tier = run->tier;
  if (job.ending.status == worker::JobStatus::kFailed) return job;

  auto standard_input = input_record.Finish();
  if (!standard_input) return NodeError(standard_input.error());
  job.manifest.stdin_name = *std::move(standard_input);
  if (kept_results) {
    if (auto kept = kept_results->Finish(); !kept) return NodeError(kept.error());
  }
  job.run = execution::FinishedRunOf(job.ending, digests);
  for (std::uint32_t i = 0; i < wanted.size(); ++i) {
    if (!events.seen().contains(i)) job.missing_outputs.push_back(wanted[i]);
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
