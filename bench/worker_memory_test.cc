// A worker serves jobs for days: what one job leaves behind is multiplied.
#include <gtest/gtest.h>
#include <unistd.h>

#include <deque>
#include <fstream>
#include <string>

#include "base/clock.h"
#include "cpu_time.h"
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

// Of this process's only child; zero when there is none to be seen.
long ResidentBytes() {
  const auto children = Children();
  if (children.size() != 1) return 0;
  std::ifstream memory("/proc/" + std::to_string(children.front()) + "/statm");
  long all_pages = 0;
  long resident_pages = 0;
  memory >> all_pages >> resident_pages;
  return resident_pages * sysconf(_SC_PAGESIZE);
}

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
  const long before = ResidentBytes();
  if (before == 0) GTEST_SKIP() << "this kernel does not tell a process's children";
  RunJobs(executor, program, 20'000);
  const long growth = ResidentBytes() - before;
  RecordProperty("resident_bytes_before", std::to_string(before));
  RecordProperty("growth_bytes", std::to_string(growth));
  EXPECT_LT(growth, 8 << 20) << "was " << before << " bytes after the first 2,000 jobs";
}

}  // namespace
}  // namespace plasm::bench
