// The same job through the supervisor and its confined worker processes.
#include <benchmark/benchmark.h>

#include <deque>
#include <string>

#include "base/clock.h"
#include "children.h"
#include "guest.h"
#include "worker/supervisor/executor.h"

namespace plasm::bench {
namespace {

// One job at a time, and the next one when it has ended, as long as any are left.
class Client final : public worker::JobEvents {
 public:
  Client(worker::Executor& executor, worker::ProgramId program, std::int64_t& left)
      : executor_(executor), program_(program), left_(left) {
    job_.args = {std::string(kProgramName)};
  }

  void SubmitNext() {
    if (left_ == 0) return;
    --left_;
    output_.clear();
    input_.Rewind();
    executor_.Submit({.program = program_,
                      .job = job_,
                      .standard_input = &input_,
                      .timeout_ns = 60'000'000'000,
                      .events = this});
  }

  void OnOutput(worker::Stream, ByteView bytes) override { output_ += AsText(bytes); }
  void OnEnded(const worker::JobEnding& ending) override {
    if (ending.status != worker::JobStatus::kExited || output_ != kOutput) {
      Fail("the guest did not do its work: " + ending.message);
    }
    SubmitNext();
  }

 private:
  worker::Executor& executor_;
  worker::ProgramId program_;
  std::int64_t& left_;
  worker::Job job_;
  std::string output_;
  worker::StdinFeed input_{Bytes(AsBytes(kInput).begin(), AsBytes(kInput).end())};
};

void ThroughWorkers(benchmark::State& state) {
  constexpr std::int64_t kJobs = 5'000;
  const auto workers = static_cast<unsigned>(state.range(0));
  const auto depth = static_cast<unsigned>(state.range(1));
  SystemClock clock;
  worker::Executor executor(
      {.worker_program = PLASM_WORKER_PROGRAM, .workers = workers, .pipeline_depth = depth}, clock);
  const worker::ProgramId program = executor.AddProgram(ArtefactFile());
  std::int64_t left = 0;
  std::deque<Client> clients;
  for (unsigned i = 0; i < workers * depth; ++i) clients.emplace_back(executor, program, left);
  const auto run = [&](std::int64_t jobs) {
    left = jobs;
    for (Client& client : clients) client.SubmitNext();
    if (auto ran = executor.RunUntilIdle(); !ran) Fail(ran.error().message);
  };
  run(kJobs);  // until each worker has its engine and the artefact
  const std::uint64_t resident_before = ResidentBytesOfChildren();
  const std::uint64_t cpu_before = CpuNsWithChildren();
  for (auto _ : state) run(kJobs);
  const std::int64_t jobs = state.iterations() * kJobs;
  state.SetItemsProcessed(jobs);
  state.counters["cpu_us_per_job"] = CpuUsPerJob(cpu_before, jobs);
  // Of all workers, over all these jobs.
  state.counters["resident_kib_before"] = static_cast<double>(resident_before >> 10);
  state.counters["resident_kib_after"] = static_cast<double>(ResidentBytesOfChildren() >> 10);
}
BENCHMARK(ThroughWorkers)
    ->ArgNames({"workers", "depth"})
    ->Args({1, 1})
    ->Args({1, 16})
    ->Args({2, 1})
    ->Args({2, 16})
    ->Args({2, 64})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace plasm::bench
