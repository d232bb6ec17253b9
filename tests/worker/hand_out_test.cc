// Which worker gets which job, with real workers: nobody waits for what he need not wait for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <deque>
#include <fstream>
#include <string>
#include <thread>

#include "processes.h"

namespace plasm::worker {
namespace {

using ::testing::HasSubstr;

class HandOutTest : public ::testing::Test {
 protected:
  static JobRequest Echo(ProgramId program, StdinFeed& feed, JobEvents& events) {
    JobRequest request = Request(program, {"echo"}, events);
    request.standard_input = &feed;
    request.job.profile = Profile::kLive;  // under plasm-det-1 no read is short
    request.timeout_ns = 60'000'000'000;   // a job that waits for ever fails the test
    return request;
  }
  static UniqueFd Copy(const UniqueFd& fd) { return UniqueFd(fcntl(fd.get(), F_DUPFD_CLOEXEC, 0)); }
  // Lets the executor know that the program's jobs are short, in each worker.
  static void RunOnce(Executor& executor, ProgramId program) {
    Recorder jobs[4];
    for (Recorder& job : jobs) executor.Submit(Request(program, {"x"}, job));
    ASSERT_TRUE(executor.RunUntilIdle());
  }

  SystemClock clock_;
};

TEST_F(HandOutTest, ShortJobsBehindALongOneMoveToAWorkerThatIsFree) {
  Executor executor({.worker_program = PLASM_WORKER, .workers = 2, .pipeline_depth = 16}, clock_);
  ASSERT_TRUE(executor.StartWorkers());
  const ProgramId echo = executor.AddProgram(Compiled(Example("guests/echo.wasm")));
  const ProgramId hello = executor.AddProgram(Compiled(Example("hello.wasm")));
  RunOnce(executor, echo);
  RunOnce(executor, hello);
  const auto workers = Children();
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd out(ends[0]);
  UniqueFd in(ends[1]);
  StdinFeed feed(out.get());
  Recorder waits;
  Recorder shorts[20];
  int left = 20;
  executor.Submit(Echo(echo, feed, waits));
  for (Recorder& job : shorts) {
    job.on_ended = [&] {
      if (--left == 0) in.Reset();
    };
    executor.Submit(Request(hello, {"hello", "ab"}, job));
  }
  ASSERT_TRUE(executor.RunUntilIdle());
  EXPECT_EQ(waits.ending.status, JobStatus::kExited) << waits.ending.message;
  for (const Recorder& job : shorts) {
    EXPECT_EQ(job.ended, 1);
    EXPECT_EQ(job.out, "ba");
    EXPECT_EQ(job.ending.status, JobStatus::kExited) << job.ending.message;
  }
  EXPECT_EQ(Children(), workers);  // none had to die for it
}

TEST_F(HandOutTest, ReadersThatAreAllBlockedDoNotKeepOthersFromRunning) {
  Executor executor({.worker_program = PLASM_WORKER, .workers = 3, .pipeline_depth = 16}, clock_);
  ASSERT_TRUE(executor.StartWorkers());
  const ProgramId flood = executor.AddProgram(Compiled(Example("guests/output_flood.wasm")));
  const ProgramId hello = executor.AddProgram(Compiled(Example("hello.wasm")));
  RunOnce(executor, hello);
  SlowReader readers[2];
  Recorder shorts[40];
  std::thread threads[2];
  int left = 40;
  for (SlowReader& reader : readers) {
    JobRequest request = Request(flood, {"x"}, reader);
    request.job.limits.output_bytes = 1'000'000;
    request.timeout_ns = 60'000'000'000;
    executor.Submit(std::move(request));
  }
  for (Recorder& job : shorts) {
    job.on_ended = [&] {
      if (--left > 0) return;
      // Only now somebody reads.
      for (int i = 0; i < 2; ++i) {
        readers[i].on_blocked = [&, i] {
          if (threads[i].joinable()) threads[i].join();
          threads[i] = std::thread([&, i] { readers[i].ReadAll(); });
        };
        if (readers[i].blocked) readers[i].on_blocked();
      }
    };
    executor.Submit(Request(hello, {"hello", "ab"}, job));
  }
  ASSERT_TRUE(executor.RunUntilIdle());
  for (std::thread& thread : threads) {
    if (thread.joinable()) thread.join();
  }
  for (const SlowReader& reader : readers) {
    EXPECT_EQ(reader.ending.status, JobStatus::kOutputLimit) << reader.ending.message;
    EXPECT_EQ(reader.seen, 1'000'000u);
  }
  for (const Recorder& job : shorts) EXPECT_EQ(job.out, "ba");
}

TEST_F(HandOutTest, OfTenThousandJobsEachRunsOnceUnlessItWasCancelled) {
  Executor executor({.worker_program = PLASM_WORKER, .workers = 2, .pipeline_depth = 64}, clock_);
  const ProgramId hello = executor.AddProgram(Compiled(Example("hello.wasm")));
  std::deque<Recorder> jobs(10'000);
  std::vector<JobHandle> handles;
  for (Recorder& job : jobs) {
    JobRequest request = Request(hello, {"hello", "ab"}, job);
    request.job.interactive = false;
    handles.push_back(executor.Submit(std::move(request)));
  }
  // Some that wait, some that a worker has already, some that have ended.
  for (std::size_t i = 0; i < jobs.size(); i += 2) {
    jobs[i / 3].on_ended = [&executor, handle = handles[i]] { executor.Cancel(handle); };
  }
  ASSERT_TRUE(executor.RunUntilIdle());
  int cancelled = 0;
  for (const Recorder& job : jobs) {
    ASSERT_EQ(job.ended, 1);
    ASSERT_FALSE(job.late);
    if (job.ending.status == JobStatus::kCancelled) {
      ++cancelled;
    } else {
      ASSERT_EQ(job.ending.status, JobStatus::kExited) << job.ending.message;
      ASSERT_EQ(job.out, "ba");
    }
  }
  EXPECT_GT(cancelled, 1'000);
}

// In pages: what everybody may see of a process that is not dumpable.
std::size_t VirtualSize(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/statm");
  std::size_t pages = 0;
  file >> pages;
  return pages;
}

TEST_F(HandOutTest, AProgramThatIsRemovedLeavesTheWorkersMemory) {
  Executor executor({.worker_program = PLASM_WORKER}, clock_);
  const ProgramId hello = executor.AddProgram(Compiled(Example("hello.wasm")));
  RunOnce(executor, hello);
  const pid_t worker = *Children().begin();
  const UniqueFd artefact = Compiled(Example("guests/files.wasm"));
  const std::size_t descriptors = OpenDescriptors();
  constexpr int kPrograms = 40;
  std::size_t pages_before = 0;
  std::size_t pages_loaded = 0;
  for (int round = 0; round < 3; ++round) {
    if (round < 2) pages_before = VirtualSize(worker);
    std::vector<ProgramId> programs;
    for (int i = 0; i < kPrograms; ++i) {
      programs.push_back(executor.AddProgram(Copy(artefact)));
      RunOnce(executor, programs.back());
    }
    pages_loaded = VirtualSize(worker);
    for (const ProgramId program : programs) executor.RemoveProgram(program);
    RunOnce(executor, hello);  // it comes after the frames that unload
  }
  EXPECT_EQ(*Children().begin(), worker);
  EXPECT_EQ(OpenDescriptors(), descriptors);
  EXPECT_GT(pages_loaded, pages_before + 100);
  EXPECT_LT(VirtualSize(worker), pages_before + (pages_loaded - pages_before) / 4);
}

TEST_F(HandOutTest, NoMoreProgramsAreKeptThanTheBoundAllows) {
  Executor executor({.worker_program = PLASM_WORKER, .max_programs = 4}, clock_);
  const UniqueFd artefact = Compiled(Example("hello.wasm"));
  const ProgramId first = executor.AddProgram(Copy(artefact));
  RunOnce(executor, first);
  const std::size_t descriptors = OpenDescriptors();
  ProgramId last = 0;
  for (int i = 0; i < 20; ++i) {
    last = executor.AddProgram(Copy(artefact));
    RunOnce(executor, last);
  }
  EXPECT_EQ(OpenDescriptors(), descriptors + 3);
  EXPECT_FALSE(executor.HasProgram(first));
  EXPECT_TRUE(executor.HasProgram(last));
  Recorder job;
  executor.Submit(Request(first, {"hello", "ab"}, job));
  ASSERT_TRUE(executor.RunUntilIdle());
  EXPECT_EQ(job.ending.status, JobStatus::kFailed);
  EXPECT_THAT(job.ending.message, HasSubstr("add it again"));
  EXPECT_FALSE(job.ending.worker_died);
}

TEST_F(HandOutTest, AProgramThatIsRemovedWhileItRunsServesItsJobsToTheEnd) {
  Executor executor({.worker_program = PLASM_WORKER}, clock_);
  const ProgramId hello = executor.AddProgram(Compiled(Example("hello.wasm")));
  Recorder jobs[3];
  jobs[0].on_output = [&] { executor.RemoveProgram(hello); };
  for (Recorder& job : jobs) executor.Submit(Request(hello, {"hello", "ab"}, job));
  ASSERT_TRUE(executor.RunUntilIdle());
  for (const Recorder& job : jobs) EXPECT_EQ(job.out, "ba") << job.ending.message;
  EXPECT_FALSE(executor.HasProgram(hello));
}

}  // namespace
}  // namespace plasm::worker
