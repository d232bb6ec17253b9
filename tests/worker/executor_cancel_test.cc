// Jobs that are cancelled while they run, wait, or stand behind another in a worker.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>

#include <string>

#include "processes.h"
#include "worker/supervisor/executor.h"

namespace plasm::worker {
namespace {

using ::testing::HasSubstr;
constexpr std::uint64_t kSecond = 1'000'000'000;

class ExecutorCancelTest : public ::testing::Test {
 protected:
  StillClock clock_;
};

TEST_F(ExecutorCancelTest, ACancelledJobEndsAsSuchAndTheOthersAreNotDisturbed) {
  Executor executor({.worker_program = PLASM_WORKER, .pipeline_depth = 3}, clock_);
  const ProgramId hello = executor.AddProgram(Compiled(Example("hello.wasm")));
  Recorder spin;
  Recorder behind;
  Recorder waiting;
  Recorder others[4];
  JobHandle handles[3];
  spin.on_output = [&] {
    for (const JobHandle handle : handles) executor.Cancel(handle);
    clock_.now += 5 * kSecond;
  };
  handles[0] = executor.Submit(
      Request(executor.AddProgram(Compiled(Example("guests/spin.wasm"))), {"spin"}, spin));
  handles[1] = executor.Submit(Request(hello, {"hello", "ab"}, behind));
  for (Recorder& job : others) executor.Submit(Request(hello, {"hello", "ab"}, job));
  handles[2] = executor.Submit(Request(hello, {"hello", "ab"}, waiting));
  ASSERT_TRUE(executor.RunUntilIdle());
  for (const Recorder* job : {&spin, &behind, &waiting}) {
    EXPECT_EQ(job->ended, 1);
    EXPECT_FALSE(job->late);
    EXPECT_EQ(job->ending.status, JobStatus::kCancelled) << job->ending.message;
    EXPECT_EQ(job->ending.fuel_used, 0u);
  }
  EXPECT_EQ(spin.out, "spinning\n");
  EXPECT_EQ(spin.ending.wall_time_ns, 5 * kSecond);
  EXPECT_EQ(waiting.ending.wall_time_ns, 0u);
  for (const Recorder& job : others) {
    EXPECT_EQ(job.ended, 1);
    EXPECT_EQ(job.ending.status, JobStatus::kExited) << job.ending.message;
    EXPECT_EQ(job.out, "ba");
  }
}

// The worker has it already, and would begin it.
TEST_F(ExecutorCancelTest, AJobThatIsCancelledBehindARunningOneEndsAtOnceAndNeverRuns) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd out(ends[0]);
  UniqueFd in(ends[1]);
  StdinFeed feed(out.get());
  Executor executor({.worker_program = PLASM_WORKER, .pipeline_depth = 3}, clock_);
  const ProgramId echoes = executor.AddProgram(Compiled(Example("guests/echo.wasm")));
  Recorder known;  // to be short: otherwise nothing is put behind it
  executor.Submit(Request(echoes, {"echo"}, known));
  ASSERT_TRUE(executor.RunUntilIdle());
  const auto workers = Children();
  Recorder echo;
  Recorder spin;
  Recorder hello;
  JobHandle cancelled = 0;
  echo.on_output = [&] { executor.Cancel(cancelled); };
  spin.on_ended = [&] {
    EXPECT_EQ(echo.ended, 0);
    in.Reset();
  };
  JobRequest request = Request(echoes, {"echo"}, echo);
  request.standard_input = &feed;
  request.job.profile = Profile::kLive;  // under plasm-det-1 no read is short
  executor.Submit(std::move(request));
  cancelled = executor.Submit(
      Request(executor.AddProgram(Compiled(Example("guests/spin.wasm"))), {"spin"}, spin));
  executor.Submit(
      Request(executor.AddProgram(Compiled(Example("hello.wasm"))), {"hello", "ab"}, hello));
  ASSERT_EQ(write(in.get(), "x", 1), 1);
  ASSERT_TRUE(executor.RunUntilIdle());
  EXPECT_EQ(echo.ending.status, JobStatus::kExited) << echo.ending.message;
  EXPECT_EQ(echo.out, "x");
  EXPECT_EQ(spin.ending.status, JobStatus::kCancelled);
  EXPECT_EQ(spin.out, "");
  EXPECT_EQ(hello.ending.status, JobStatus::kExited) << hello.ending.message;
  EXPECT_EQ(Children(), workers);  // which passed over it
}

TEST_F(ExecutorCancelTest, AReadableCancelDescriptorEndsEveryJob) {
  const UniqueFd cancel(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  Executor executor({.worker_program = PLASM_WORKER, .workers = 2, .cancel_fd = cancel.get()},
                    clock_);
  const ProgramId program = executor.AddProgram(Compiled(Example("guests/spin.wasm")));
  Recorder jobs[5];
  const auto submit = [&] {
    for (Recorder& job : jobs) executor.Submit(Request(program, {"spin"}, job));
  };
  jobs[0].on_output = [&] { ASSERT_EQ(eventfd_write(cancel.get(), 1), 0); };
  submit();
  ASSERT_TRUE(executor.RunUntilIdle());
  for (const Recorder& job : jobs) EXPECT_EQ(job.ending.status, JobStatus::kCancelled);
  // As long as nobody has read it, nothing even begins.
  EXPECT_TRUE(Children().empty());
  submit();
  ASSERT_TRUE(executor.RunUntilIdle());
  EXPECT_TRUE(Children().empty());
  for (const Recorder& job : jobs) EXPECT_EQ(job.ended, 2);
  eventfd_t ignored = 0;
  ASSERT_EQ(eventfd_read(cancel.get(), &ignored), 0);
  Recorder hello;
  executor.Submit(
      Request(executor.AddProgram(Compiled(Example("hello.wasm"))), {"hello", "ab"}, hello));
  ASSERT_TRUE(executor.RunUntilIdle());
  EXPECT_EQ(hello.ending.status, JobStatus::kExited) << hello.ending.message;
}

}  // namespace
}  // namespace plasm::worker
