#include "worker/supervisor/local_run.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/system_error.h"

namespace plasm::worker {
namespace {

// One attempt's events: passes output on from where the attempt before it stopped.
class Attempt final : public JobEvents {
 public:
  Attempt(JobEvents& events, const std::array<std::uint64_t, 2>& skip)
      : events_(events), skip_(skip) {}

  void OnOutput(Stream stream, ByteView bytes) override {
    const auto index = static_cast<std::size_t>(stream);
    const std::uint64_t before = seen_[index];
    seen_[index] += bytes.size();
    if (seen_[index] <= skip_[index]) return;
    const std::uint64_t known = skip_[index] > before ? skip_[index] - before : 0;
    events_.OnOutput(stream, bytes.subspan(static_cast<std::size_t>(known)));
  }
  Result<void> OnFile(const FileMessage& message) override { return events_.OnFile(message); }
  Result<void> OnFileData(ByteView bytes) override { return events_.OnFileData(bytes); }
  void OnEnded(const JobEnding& ending) override { ending_ = ending; }
  int BlockedOn() const override { return events_.BlockedOn(); }
  void OnWritable() override { events_.OnWritable(); }

  const JobEnding& ending() const { return ending_; }
  const std::array<std::uint64_t, 2>& seen() const { return seen_; }

 private:
  JobEvents& events_;
  std::array<std::uint64_t, 2> skip_;
  std::array<std::uint64_t, 2> seen_{};
  JobEnding ending_;
};

Result<UniqueFd> Artefact(const ArtefactCache& cache, const Compiler& compiler,
                          const ArtefactKey& key, ByteView module) {
  if (auto cached = cache.Find(key)) return std::move(*cached);
  return compiler.Compile(key, module);
}

// A request for one attempt: the caller keeps the inputs for the next.
Result<JobRequest> RequestFor(const JobRequest& request, ProgramId program, JobEvents& events) {
  JobRequest copy{.program = program,
                  .job = request.job,
                  .standard_input = request.standard_input,
                  .timeout_ns = request.timeout_ns,
                  .events = &events};
  if (request.inputs) {
    copy.inputs.Reset(fcntl(request.inputs.get(), F_DUPFD_CLOEXEC, 0));
    if (!copy.inputs) return SystemError(errno, "job inputs");
  }
  return copy;
}

}  // namespace

Tier FirstTier(TierChoice choice, Profile profile, bool full_is_cached) {
  if (choice == TierChoice::kQuick) return Tier::kQuick;
  const bool repeatable = profile == Profile::kDet1;
  return choice == TierChoice::kAuto && repeatable && !full_is_cached ? Tier::kQuick : Tier::kFull;
}

bool NeedsFullTier(Tier tier, const JobEnding& ending) {
  return tier == Tier::kQuick && ending.status == JobStatus::kTrapped &&
         ending.trap == "stack_overflow";
}

Result<LocalRun> RunLocally(Executor& executor, const ArtefactCache& cache,
                            const Compiler& compiler, LocalJob job, JobEvents& events) {
  ArtefactKey key{job.module_digest, job.target, Tier::kFull};
  key.tier = FirstTier(job.tier, job.request.job.profile, cache.Has(key));
  StdinFeed* const input = job.request.standard_input;
  const bool repeatable = job.request.job.profile == Profile::kDet1;
  std::array<std::uint64_t, 2> delivered{};
  bool rebuilt = false;

  while (true) {
    auto artefact = Artefact(cache, compiler, key, job.module);
    if (!artefact && executor.CancelAsked()) {
      const JobEnding cancelled{.status = JobStatus::kCancelled,
                                .message = "the job was cancelled while its module was compiled"};
      events.OnEnded(cancelled);
      return LocalRun{cancelled, key.tier};
    }
    if (!artefact) return std::move(artefact).error();
    const bool last_attempt = key.tier == Tier::kFull || !repeatable;
    if (input != nullptr && last_attempt) input->StopRemembering();
    Attempt attempt(events, delivered);
    PLASM_TRY(JobRequest request,
              RequestFor(job.request, executor.AddProgram(*std::move(artefact)), attempt));
    executor.Submit(std::move(request));
    PLASM_TRY_VOID(executor.RunUntilIdle());

    const JobEnding& ending = attempt.ending();
    if (ending.artefact_refused && !rebuilt) {
      // Made by another build of the engine, or damaged before its digest was taken.
      cache.Drop(key);
      rebuilt = true;
      continue;
    }
    // With more input than is remembered, the guest could not be run again if it overflowed.
    const bool too_much_input =
        ending.status == JobStatus::kCancelled && input != nullptr && input->Full();
    if (too_much_input || (repeatable && NeedsFullTier(key.tier, ending))) {
      key.tier = Tier::kFull;
      std::ranges::transform(delivered, attempt.seen(), delivered.begin(),
                             [](auto a, auto b) { return std::max(a, b); });
      if (input != nullptr) input->Rewind();
      continue;
    }
    events.OnEnded(ending);
    return LocalRun{ending, key.tier};
  }
}

}  // namespace plasm::worker
