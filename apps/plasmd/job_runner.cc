#include "job_runner.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "background_compile.h"
#include "base/file.h"
#include "base/quote.h"
#include "base/sha256.h"
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

// The seed of a job that names none (spec/profile-det-1.md, "Default seed"): everything the
// run depends on but stdin, which nobody has read yet.
std::array<std::byte, 32> DefaultSeed(const Sha256Digest& module, const worker::Job& job,
                                      const UniqueFd& inputs) {
  Sha256 hash;
  hash.Update(AsBytes("plasm-det-1 seed\n"));
  hash.Update(module.bytes);
  hash.Update(worker::EncodeJob(job));
  if (inputs) {
    std::array<std::byte, 1 << 16> buffer;
    off_t offset = 0;
    ssize_t count = 0;
    while ((count = pread(inputs.get(), buffer.data(), buffer.size(), offset)) > 0) {
      hash.Update(ByteView(buffer).first(static_cast<std::size_t>(count)));
      offset += count;
    }
  }
  return hash.Finish().bytes;
}

struct Preparation {
  worker::JobRequest request;
  std::vector<fs::path> destinations;  // of the outputs
};

Result<Preparation> Prepare(const JobFlags& flags, ParsedFlags parsed,
                            const std::vector<std::string>& words,
                            const Sha256Digest& module_digest, Clock& clock) {
  Preparation prepared;
  worker::Job& job = prepared.request.job;
  job.profile = flags.profile == "live" ? worker::Profile::kLive : worker::Profile::kDet1;
  job.limits = flags.limits;
  // The guest learns the module's name, never where it is on this host.
  job.args = words;
  job.args.front() = fs::path(words.front()).filename().string();
  job.env = flags.env;

  worker::Inputs inputs;
  for (FolderMapping& mapping : parsed.dirs) {
    PLASM_TRY(worker::InputFolder folder,
              inputs.AddFolder(mapping.host, std::move(mapping.guest), job.limits));
    job.folders.push_back(std::move(folder));
  }
  if (!inputs.empty()) {
    PLASM_TRY(prepared.request.inputs, std::move(inputs).Seal());
  }
  for (FolderMapping& mapping : parsed.outputs) {
    job.outputs.push_back(std::move(mapping.guest));
    prepared.destinations.emplace_back(std::move(mapping.host));
  }

  job.start_time_ns =
      parsed.start_time_seconds.value_or(clock.RealtimeNs() / kNanoseconds) * kNanoseconds;
  job.seed = parsed.seed ? *parsed.seed : DefaultSeed(module_digest, job, prepared.request.inputs);
  // After the seed was derived: who watches must not change what is computed.
  job.interactive = true;
  prepared.request.timeout_ns =
      static_cast<std::uint64_t>(flags.timeout_seconds * static_cast<double>(kNanoseconds));
  // Zero means none, so the shortest time that somebody can ask for is one nanosecond.
  if (flags.timeout_seconds > 0 && prepared.request.timeout_ns == 0)
    prepared.request.timeout_ns = 1;
  return prepared;
}

JobError NodeError(const Error& error) { return {kExitNodeFailed, error.message}; }

}  // namespace

std::variant<FinishedJob, JobError> RunJob(const JobFlags& flags,
                                           const std::vector<std::string>& words,
                                           worker::StdinFeed input, OutputSink& sink,
                                           const DataFolder& data, Clock& clock) {
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
  const Sha256Digest digest = Sha256Of(*module);
  auto prepared = Prepare(flags, *std::move(parsed), words, digest, clock);
  if (!prepared) return NodeError(prepared.error());
  prepared->request.standard_input = &input;

  const worker::ArtefactCache cache(data.artefacts());
  const worker::Compiler compiler(*worker_program, cache, clock, {.cancel_fd = signals->fd()});
  const std::uint64_t start_seconds = prepared->request.job.start_time_ns / kNanoseconds;
  const auto seed = prepared->request.job.seed;
  const std::vector<std::string> wanted = prepared->request.job.outputs;
  worker::OutputWriter outputs(std::move(prepared->destinations));
  Events events(sink, outputs);
  signals->Hold();
  auto run = worker::RunLocally(executor, cache, compiler,
                                {.module = *module,
                                 .module_digest = digest,
                                 .target = target,
                                 .tier = flags.TierChoice(),
                                 .request = std::move(prepared->request)},
                                events);
  if (!run) {
    const ErrorCode code = run.error().code;
    const bool module_bad = code == ErrorCode::kInvalid || code == ErrorCode::kLimitExceeded;
    return JobError{module_bad ? kExitModuleBad : kExitNodeFailed,
                    module_bad ? words.front() + ": " + run.error().message : run.error().message};
  }
  // One that comes after the end finds nothing to cancel, and ends plasmd as ever.
  const bool cancelled = run->ending.status == worker::JobStatus::kCancelled;
  const int signal = cancelled ? signals->Take() : 0;
  signals->Release();
  SPDLOG_DEBUG("job ended status={} tier={} fuel={} module={}", JobStatusName(run->ending.status),
               run->tier == worker::Tier::kQuick ? "quick" : "full", run->ending.fuel_used,
               Quote(words.front()));
  if (!cancelled && flags.TierChoice() == worker::TierChoice::kAuto &&
      run->tier == worker::Tier::kQuick) {
    CompileInBackground(fs::absolute(words.front()), digest, target, data);
  }
  FinishedJob job{run->ending, run->tier, digest, start_seconds, seed, {}, signal};
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
