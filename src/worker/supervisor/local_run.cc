#include "worker/supervisor/local_run.h"

#include <fcntl.h>

#include <cerrno>

#include "base/system_error.h"

namespace plasm::worker {
namespace {

// One attempt's events: passes on what no attempt before it has, and keeps how it ended.
class Attempt final : public JobEvents {
 public:
  Attempt(JobEvents& events, OutputOnce& output) : events_(events), output_(output) {
    output_.StartOver();
  }

  void OnOutput(Stream stream, ByteView bytes) override {
    const ByteView fresh = output_.Fresh(stream, bytes);
    if (!fresh.empty()) events_.OnOutput(stream, fresh);
  }
  Result<void> OnFile(const FileMessage& message) override { return events_.OnFile(message); }
  Result<void> OnFileData(ByteView bytes) override { return events_.OnFileData(bytes); }
  void OnEnded(const JobEnding& ending) override { ending_ = ending; }
  int BlockedOn() const override { return events_.BlockedOn(); }
  void OnWritable() override { events_.OnWritable(); }

  const JobEnding& ending() const { return ending_; }

 private:
  JobEvents& events_;
  OutputOnce& output_;
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

Result<LocalRun> RunLocally(Executor& executor, const ArtefactCache& cache,
                            const Compiler& compiler, LocalJob job, JobEvents& events) {
  ArtefactKey key{job.module_digest, job.target, Tier::kFull};
  key.tier = FirstTier(job.tier, job.request.job.profile, cache.Has(key));
  StdinFeed* const input = job.request.standard_input;
  const bool repeatable = job.request.job.profile == Profile::kDet1;
  OutputOnce output;
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
    Attempt attempt(events, output);
    PLASM_TRY(JobRequest request,
              RequestFor(job.request, executor.AddProgram(*std::move(artefact)), attempt));
    executor.Submit(std::move(request));
    PLASM_TRY_VOID(executor.RunUntilIdle());

    const AttemptFacts facts{.tier = key.tier,
                             .profile = job.request.job.profile,
                             .input_full = input != nullptr && input->Full(),
                             .rebuilt = rebuilt};
    switch (WhatFollows(facts, attempt.ending())) {
      case AfterAttempt::kRebuild:
        cache.Drop(key);
        rebuilt = true;
        continue;
      case AfterAttempt::kFullTier:
        key.tier = Tier::kFull;
        if (input != nullptr) input->Rewind();
        continue;
      case AfterAttempt::kDone:
        events.OnEnded(attempt.ending());
        return LocalRun{attempt.ending(), key.tier};
    }
  }
}

}  // namespace plasm::worker
