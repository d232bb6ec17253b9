#include <benchmark/benchmark.h>

#include <deque>

#include "children.h"
#include "guest.h"
#include "raw_loop.h"
#include "raw_process.h"

namespace plasm::bench {
namespace {

void RawLoopOneProcess(benchmark::State& state) {
  RawLoop loop(Artefact());
  for (auto _ : state) loop.RunOnce();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(RawLoopOneProcess)->Unit(benchmark::kMicrosecond);

void RawLoopProcesses(benchmark::State& state) {
  constexpr std::uint32_t kJobs = 5'000;
  std::deque<RawProcess> processes(static_cast<std::size_t>(state.range(0)));
  const auto run_all = [&](std::uint32_t jobs) {
    for (auto& process : processes) process.Start(jobs);
    for (auto& process : processes) process.Await();
  };
  run_all(1);  // until each has its engine
  const std::uint64_t cpu_before = CpuNsWithChildren();
  for (auto _ : state) run_all(kJobs);
  const std::int64_t jobs = state.iterations() * state.range(0) * kJobs;
  state.SetItemsProcessed(jobs);
  state.counters["cpu_us_per_job"] = CpuUsPerJob(cpu_before, jobs);
}
BENCHMARK(RawLoopProcesses)
    ->ArgName("processes")
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace plasm::bench
