// A worker serves jobs for days: what one job leaves behind is multiplied.
#include <gtest/gtest.h>

#include <deque>
#include <string>

#include "base/clock.h"
#include "children.h"
#include "guest.h"
#include "worker/supervisor/executor.h"

namespace plasm::bench {
namespace {

class Counter final : public worker::JobEvents {
 public:
  void OnOutput(worker::Stream, ByteView) override {}
  void OnEnded(const worker::JobEnding& ending) override {
    if (ending.status == worker::JobStatus::kExited) ++exited;
  }
  int exited = 0;
};

void RunJobs(worker::Executor& executor, worker::ProgramId program, int count) {
  Counter counter;
  std::deque<worker::StdinFeed> feeds;
  for (int i = 0; i < count; ++i) {
    const ByteView input = AsBytes(kInput);
    feeds.emplace_back(Bytes(input.begin(), input.end()));
    worker::Job job;
    job.args = {std::string(kProgramName)};
    executor.Submit({.program = program,
                     .job = std::move(job),
                     .standard_input = &feeds.back(),
                     .events = &counter});
  }
  ASSERT_TRUE(executor.RunUntilIdle());
  ASSERT_EQ(counter.exited, count);
}

TEST(WorkerMemoryTest, DoesNotGrowOverTwentyThousandJobs) {
  SystemClock clock;
  worker::Executor executor(
      {.worker_program = PLASM_WORKER_PROGRAM, .workers = 1, .pipeline_depth = 16}, clock);
  const worker::ProgramId program = executor.AddProgram(ArtefactFile());
  RunJobs(executor, program, 2'000);
  const std::uint64_t before = ResidentBytesOfChildren();
  if (before == 0) GTEST_SKIP() << "this kernel does not tell a process's children";
  RunJobs(executor, program, 20'000);
  const std::uint64_t after = ResidentBytesOfChildren();
  EXPECT_LT(after, before + (8u << 20)) << "was " << before << " after the first 2,000 jobs";
}

}  // namespace
}  // namespace plasm::bench
