// The executor with real plasm-worker processes.
#include "worker/supervisor/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "processes.h"
#include "worker/supervisor/inputs.h"

namespace plasm::worker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
constexpr std::uint64_t kSecond = 1'000'000'000;

class ExecutorTest : public ::testing::Test {
 protected:
  // Runs one job of an example to its end.
  Recorder RunOne(const std::string& example, std::vector<std::string> args,
                  const JobLimits& limits = {}) {
    Executor executor({.worker_program = PLASM_WORKER}, clock_);
    Recorder job;
    JobRequest request =
        Request(executor.AddProgram(Compiled(Example(example))), std::move(args), job);
    request.job.limits = limits;
    executor.Submit(std::move(request));
    const auto ran = executor.RunUntilIdle();
    EXPECT_TRUE(ran) << ran.error().message;
    EXPECT_EQ(job.ended, 1);
    return job;
  }

  StillClock clock_;
};

TEST_F(ExecutorTest, ReportsOutputExitCodeAndFuel) {
  const Recorder hello = RunOne("hello.wasm", {"hello", "abc"});
  EXPECT_EQ(hello.ending.status, JobStatus::kExited) << hello.ending.message;
  EXPECT_EQ(hello.out, "cba");
  EXPECT_GT(hello.ending.fuel_used, 0u);

  const Recorder exits = RunOne("guests/exit_code.wasm", {"exit_code", "255"});
  EXPECT_EQ(exits.ending.exit_code, 255u);
  EXPECT_EQ(exits.out, "out\n");
  EXPECT_EQ(exits.err, "err\n");
}

TEST_F(ExecutorTest, NamesHowEachGuestEnded) {
  const Recorder trap = RunOne("guests/trap.wasm", {"trap", "div-by-zero"});
  EXPECT_EQ(trap.ending.status, JobStatus::kTrapped);
  EXPECT_EQ(trap.ending.trap, "integer_division_by_zero");
  EXPECT_EQ(trap.out, "before\n");

  const Recorder fuel = RunOne("guests/fuel_burner.wasm", {"fuel_burner"}, {.fuel = 100'000});
  EXPECT_EQ(fuel.ending.status, JobStatus::kOutOfFuel);
  EXPECT_LE(fuel.ending.fuel_used, 100'000u);
  EXPECT_GT(fuel.ending.fuel_used, 90'000u);

  const Recorder flood = RunOne("guests/output_flood.wasm", {"flood"}, {.output_bytes = 100'000});
  EXPECT_EQ(flood.ending.status, JobStatus::kOutputLimit);
  EXPECT_EQ(flood.out.size(), 100'000u);

  const Recorder refused = RunOne("hello.wasm", {"hello"}, {.memory_bytes = 65536});
  EXPECT_EQ(refused.ending.status, JobStatus::kRefused);
  EXPECT_THAT(refused.ending.message, HasSubstr("memory"));
}

TEST_F(ExecutorTest, ReportsEachJobOnceAndItsOutputInOrder) {
  constexpr int kJobs = 500;
  Executor executor({.worker_program = PLASM_WORKER, .workers = 2, .pipeline_depth = 8}, clock_);
  ASSERT_TRUE(executor.StartWorkers());
  const ProgramId hello = executor.AddProgram(Compiled(Example("hello.wasm")));
  const ProgramId exits = executor.AddProgram(Compiled(Example("guests/exit_code.wasm")));
  std::vector<std::unique_ptr<Recorder>> jobs;
  for (int i = 0; i < kJobs; ++i) {
    jobs.push_back(std::make_unique<Recorder>());
    executor.Submit(i % 5 == 0
                        ? Request(exits, {"exit_code", std::to_string(i % 256)}, *jobs.back())
                        : Request(hello, {"hello", std::to_string(i)}, *jobs.back()));
  }
  ASSERT_TRUE(executor.RunUntilIdle());
  for (int i = 0; i < kJobs; ++i) {
    const Recorder& job = *jobs[static_cast<std::size_t>(i)];
    ASSERT_EQ(job.ended, 1) << i;
    ASSERT_FALSE(job.late) << i;
    ASSERT_EQ(job.ending.status, JobStatus::kExited) << i << job.ending.message;
    std::string reversed = std::to_string(i);
    std::ranges::reverse(reversed);
    EXPECT_EQ(job.out, i % 5 == 0 ? "out\n" : reversed);
    EXPECT_EQ(job.ending.exit_code, i % 5 == 0 ? static_cast<unsigned>(i % 256) : 0u);
  }
}

TEST_F(ExecutorTest, EventsMaySubmitFurtherJobs) {
  Executor executor({.worker_program = PLASM_WORKER}, clock_);
  const ProgramId hello = executor.AddProgram(Compiled(Example("hello.wasm")));
  Recorder first;
  Recorder second;
  first.on_ended = [&] { executor.Submit(Request(hello, {"hello", "xy"}, second)); };
  executor.Submit(Request(hello, {"hello", "ab"}, first));
  ASSERT_TRUE(executor.RunUntilIdle());
  EXPECT_EQ(first.out, "ba");
  EXPECT_EQ(second.out, "yx");
}

TEST_F(ExecutorTest, ADeadlineEndsASpinningGuestAndTheJobBehindItStillRuns) {
  Executor executor({.worker_program = PLASM_WORKER, .pipeline_depth = 3}, clock_);
  Recorder spin;
  Recorder hello;
  spin.on_output = [this] { clock_.now += 61 * kSecond; };
  JobRequest request =
      Request(executor.AddProgram(Compiled(Example("guests/spin.wasm"))), {"spin"}, spin);
  request.timeout_ns = 60 * kSecond;
  executor.Submit(std::move(request));
  JobRequest behind =
      Request(executor.AddProgram(Compiled(Example("hello.wasm"))), {"hello", "ab"}, hello);
  behind.timeout_ns = 60 * kSecond;  // counted from its own start
  executor.Submit(std::move(behind));
  ASSERT_TRUE(executor.RunUntilIdle());
  EXPECT_EQ(spin.ended, 1);
  EXPECT_EQ(spin.ending.status, JobStatus::kTimedOut);
  EXPECT_EQ(spin.out, "spinning\n");
  EXPECT_EQ(spin.ending.wall_time_ns, 61 * kSecond);
  EXPECT_EQ(hello.ended, 1);
  EXPECT_EQ(hello.ending.status, JobStatus::kExited) << hello.ending.message;
  EXPECT_EQ(hello.out, "ba");
}

TEST_F(ExecutorTest, AKilledWorkerFailsItsJobAndThoseBehindItRun) {
  Executor executor({.worker_program = PLASM_WORKER, .pipeline_depth = 4}, clock_);
  Recorder spin;
  Recorder behind[3];
  spin.on_output = [] {
    const auto children = Children();
    ASSERT_EQ(children.size(), 1u);
    kill(*children.begin(), SIGKILL);
  };
  executor.Submit(
      Request(executor.AddProgram(Compiled(Example("guests/spin.wasm"))), {"spin"}, spin));
  const ProgramId hello = executor.AddProgram(Compiled(Example("hello.wasm")));
  for (Recorder& job : behind) executor.Submit(Request(hello, {"hello", "ab"}, job));
  ASSERT_TRUE(executor.RunUntilIdle());
  EXPECT_EQ(spin.ended, 1);
  EXPECT_EQ(spin.ending.status, JobStatus::kFailed);
  EXPECT_THAT(spin.ending.message, HasSubstr("killed by signal 9"));
  for (const Recorder& job : behind) {
    EXPECT_EQ(job.ended, 1);
    EXPECT_EQ(job.ending.status, JobStatus::kExited) << job.ending.message;
    EXPECT_EQ(job.out, "ba");
  }
}

TEST_F(ExecutorTest, InputComesInPiecesAndTheJobBehindIsNotLost) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd out(ends[0]);
  UniqueFd in(ends[1]);
  StdinFeed feed(out.get());
  Executor executor({.worker_program = PLASM_WORKER, .pipeline_depth = 4}, clock_);
  Recorder echo;
  Recorder behind[3];
  // Each piece is written when the one before has come back.
  std::string pieces = "abcdefgh";
  const auto write_one = [&] {
    if (pieces.empty()) return in.Reset();
    ASSERT_EQ(write(in.get(), pieces.data(), 1), 1);
    pieces.erase(0, 1);
  };
  echo.on_output = write_one;
  JobRequest request =
      Request(executor.AddProgram(Compiled(Example("guests/echo.wasm"))), {"echo"}, echo);
  request.standard_input = &feed;
  request.job.profile = Profile::kLive;  // under plasm-det-1 no read is short
  executor.Submit(std::move(request));
  const ProgramId hello = executor.AddProgram(Compiled(Example("hello.wasm")));
  for (Recorder& job : behind) executor.Submit(Request(hello, {"hello", "xyz"}, job));
  write_one();
  ASSERT_TRUE(executor.RunUntilIdle());
  EXPECT_EQ(echo.ending.status, JobStatus::kExited) << echo.ending.message;
  EXPECT_EQ(echo.out, "abcdefgh");
  for (const Recorder& job : behind) {
    EXPECT_EQ(job.ended, 1);
    EXPECT_EQ(job.out, "zyx");
  }
}

TEST_F(ExecutorTest, TwoReadersBehindEachOtherGetTheirOwnInput) {
  Executor executor({.worker_program = PLASM_WORKER, .pipeline_depth = 4}, clock_);
  const ProgramId echo = executor.AddProgram(Compiled(Example("guests/echo.wasm")));
  std::vector<std::unique_ptr<StdinFeed>> feeds;
  Recorder jobs[6];
  for (int i = 0; i < 6; ++i) {
    const std::string text(i == 0 ? 0 : 100'000, static_cast<char>('a' + i));
    feeds.push_back(std::make_unique<StdinFeed>(Bytes(AsBytes(text).begin(), AsBytes(text).end())));
    JobRequest request = Request(echo, {"echo"}, jobs[i]);
    request.standard_input = feeds.back().get();
    executor.Submit(std::move(request));
  }
  ASSERT_TRUE(executor.RunUntilIdle());
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(jobs[i].out, std::string(i == 0 ? 0 : 100'000, static_cast<char>('a' + i)));
  }
}

TEST_F(ExecutorTest, FilesGoInAndComeOut) {
  const plasm::testing::TempFolder folder;
  std::ofstream(folder / "in.txt") << "from the host\n";
  Inputs inputs;
  auto work = inputs.AddFolder(folder.path(), "/work", {});
  ASSERT_TRUE(work);
  Executor executor({.worker_program = PLASM_WORKER}, clock_);
  Recorder job;
  JobRequest request =
      Request(executor.AddProgram(Compiled(Example("guests/files.wasm"))), {"files"}, job);
  request.job.folders.push_back(*std::move(work));
  request.job.outputs = {"/work/notes", "/work/in.txt", "/work/missing", "/elsewhere"};
  request.inputs = *std::move(inputs).Seal();
  executor.Submit(std::move(request));
  ASSERT_TRUE(executor.RunUntilIdle());
  EXPECT_EQ(job.ending.status, JobStatus::kExited) << job.ending.message << job.err;
  EXPECT_THAT(job.out, HasSubstr("from the host\n"));
  EXPECT_THAT(job.files, ElementsAre(Pair("/", ""), Pair("final.txt", "first line\nsecond line\n"),
                                     Pair("", "from the host\n")));
  EXPECT_FALSE(std::filesystem::exists(folder / "notes"));
}

TEST_F(ExecutorTest, AnOutputThatCannotBeWrittenFailsTheJobInTheWritersWords) {
  const plasm::testing::TempFolder folder;
  Inputs inputs;
  auto work = inputs.AddFolder(folder.path(), "/work", {});
  Executor executor({.worker_program = PLASM_WORKER}, clock_);
  Recorder job;
  job.file_error = "the disk is full";
  JobRequest request =
      Request(executor.AddProgram(Compiled(Example("guests/files.wasm"))), {"files"}, job);
  request.job.folders.push_back(*std::move(work));
  request.job.outputs = {"/work"};
  request.inputs = *std::move(inputs).Seal();
  executor.Submit(std::move(request));
  ASSERT_TRUE(executor.RunUntilIdle());
  EXPECT_EQ(job.ending.status, JobStatus::kFailed);
  EXPECT_EQ(job.ending.message, "the disk is full");
}

// Each such job brings descriptors, and the worker takes none while its guest waits.
TEST_F(ExecutorTest, ManyJobsWithFilesMayStandBehindOneThatWaitsForInput) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd out(ends[0]);
  UniqueFd in(ends[1]);
  StdinFeed feed(out.get());
  Executor executor({.worker_program = PLASM_WORKER, .pipeline_depth = 40}, clock_);
  Recorder echo;
  echo.on_output = [&] { in.Reset(); };
  JobRequest request =
      Request(executor.AddProgram(Compiled(Example("guests/echo.wasm"))), {"echo"}, echo);
  request.standard_input = &feed;
  request.job.profile = Profile::kLive;  // under plasm-det-1 no read is short
  executor.Submit(std::move(request));
  const ProgramId hello = executor.AddProgram(Compiled(Example("hello.wasm")));
  Recorder behind[30];
  for (Recorder& job : behind) {
    JobRequest with_files = Request(hello, {"hello", "ab"}, job);
    with_files.inputs = *SealedMemory("test", AsBytes("contents"));
    executor.Submit(std::move(with_files));
  }
  ASSERT_EQ(write(in.get(), "x", 1), 1);
  ASSERT_TRUE(executor.RunUntilIdle());
  EXPECT_EQ(echo.ending.status, JobStatus::kExited) << echo.ending.message;
  for (const Recorder& job : behind) {
    EXPECT_EQ(job.ended, 1);
    EXPECT_EQ(job.ending.status, JobStatus::kExited) << job.ending.message;
  }
}

TEST_F(ExecutorTest, AnArtefactThatDoesNotLoadIsSaidToBeTheReason) {
  Executor executor({.worker_program = PLASM_WORKER}, clock_);
  Recorder job;
  Recorder next;
  executor.Submit(
      Request(executor.AddProgram(*SealedMemory("test", AsBytes("garbage"))), {"x"}, job));
  executor.Submit(
      Request(executor.AddProgram(Compiled(Example("hello.wasm"))), {"hello", "ab"}, next));
  ASSERT_TRUE(executor.RunUntilIdle());
  EXPECT_EQ(job.ending.status, JobStatus::kFailed);
  EXPECT_TRUE(job.ending.artefact_refused);
  EXPECT_FALSE(job.ending.message.empty());
  EXPECT_EQ(next.ending.status, JobStatus::kExited);
  EXPECT_FALSE(next.ending.artefact_refused);
}

TEST_F(ExecutorTest, AWorkerProgramThatIsMissingIsNamed) {
  Executor executor({.worker_program = "/nonexistent/plasm-worker"}, clock_);
  const auto started = executor.StartWorkers();
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message, HasSubstr("/nonexistent/plasm-worker"));
}

TEST_F(ExecutorTest, JobsThatNoWorkerCanTakeEndAsFailed) {
  Executor executor({.worker_program = "/nonexistent/plasm-worker", .workers = 2}, clock_);
  const ProgramId program = executor.AddProgram(UniqueFd(open("/dev/null", O_RDONLY)));
  Recorder jobs[5];
  for (Recorder& job : jobs) executor.Submit(Request(program, {"x"}, job));
  ASSERT_TRUE(executor.RunUntilIdle());
  for (const Recorder& job : jobs) {
    EXPECT_EQ(job.ended, 1);
    EXPECT_EQ(job.ending.status, JobStatus::kFailed);
    EXPECT_THAT(job.ending.message, HasSubstr("/nonexistent/plasm-worker"));
    EXPECT_EQ(job.ending.wall_time_ns, 0u);
  }
}

TEST_F(ExecutorTest, AJobForWhichDescriptorsRunOutFailsAndTheNextOneRuns) {
#ifdef PLASM_SANITIZED
  GTEST_SKIP() << "the sanitizers' runtime itself needs descriptors to check";
#endif
  Executor executor({.worker_program = PLASM_WORKER}, clock_);
  ASSERT_TRUE(executor.StartWorkers());
  const ProgramId hello = executor.AddProgram(Compiled(Example("hello.wasm")));
  Recorder starved;
  Recorder fed;
  executor.Submit(Request(hello, {"hello", "ab"}, starved));
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{3, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto ran = executor.RunUntilIdle();
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_TRUE(ran);
  EXPECT_EQ(starved.ended, 1);
  EXPECT_EQ(starved.ending.status, JobStatus::kFailed);
  EXPECT_THAT(starved.ending.message, HasSubstr("Too many open files"));
  executor.Submit(Request(hello, {"hello", "ab"}, fed));
  ASSERT_TRUE(executor.RunUntilIdle());
  EXPECT_EQ(fed.ending.status, JobStatus::kExited) << fed.ending.message;
}

// Ends the one worker there is, and returns when it has.
void KillTheWorker() {
  const auto children = Children();
  ASSERT_EQ(children.size(), 1u);
  kill(*children.begin(), SIGKILL);
  siginfo_t ended{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(*children.begin()), &ended, WEXITED | WNOWAIT), 0);
}

TEST_F(ExecutorTest, AWorkerThatDiedBetweenTwoJobsCostsNeither) {
  Executor executor({.worker_program = PLASM_WORKER, .pipeline_depth = 2}, clock_);
  const ProgramId hello = executor.AddProgram(Compiled(Example("hello.wasm")));
  Recorder jobs[4];
  for (int i = 0; i < 4; i += 2) {
    executor.Submit(Request(hello, {"hello", "ab"}, jobs[i]));
    executor.Submit(Request(hello, {"hello", "ab"}, jobs[i + 1]));
    ASSERT_TRUE(executor.RunUntilIdle());
    KillTheWorker();
  }
  for (const Recorder& job : jobs) {
    EXPECT_EQ(job.ended, 1);
    EXPECT_EQ(job.ending.status, JobStatus::kExited) << job.ending.message;
    EXPECT_EQ(job.out, "ba");
  }
}

TEST_F(ExecutorTest, ADeadlineIsKeptWhileNobodyTakesTheOutput) {
  Executor executor({.worker_program = PLASM_WORKER}, clock_);
  SlowReader reader;
  reader.on_blocked = [&] { clock_.now += 61 * kSecond; };
  JobRequest request =
      Request(executor.AddProgram(Compiled(Example("guests/output_flood.wasm"))), {"x"}, reader);
  request.timeout_ns = 60 * kSecond;
  executor.Submit(std::move(request));
  ASSERT_TRUE(executor.RunUntilIdle());
  EXPECT_EQ(reader.ending.status, JobStatus::kTimedOut);
}

TEST_F(ExecutorTest, ASlowReaderGetsAllOutputBeforeTheEnd) {
  Executor executor({.worker_program = PLASM_WORKER}, clock_);
  SlowReader reader;
  std::thread other;
  reader.on_blocked = [&] {
    if (other.joinable()) other.join();
    other = std::thread([&reader] { reader.ReadAll(); });
  };
  JobRequest request =
      Request(executor.AddProgram(Compiled(Example("guests/output_flood.wasm"))), {"x"}, reader);
  request.job.limits.output_bytes = 1'000'000;
  executor.Submit(std::move(request));
  ASSERT_TRUE(executor.RunUntilIdle());
  other.join();
  EXPECT_EQ(reader.ending.status, JobStatus::kOutputLimit) << reader.ending.message;
  EXPECT_EQ(reader.seen, 1'000'000u);
}

TEST_F(ExecutorTest, JobsThatShareASlowReaderAllGoOn) {
  Executor executor({.worker_program = PLASM_WORKER, .workers = 3}, clock_);
  const ProgramId flood = executor.AddProgram(Compiled(Example("guests/output_flood.wasm")));
  SlowReader reader;
  std::thread other;
  reader.on_blocked = [&] {
    if (other.joinable()) other.join();
    other = std::thread([&reader] { reader.ReadAll(); });
  };
  for (int i = 0; i < 3; ++i) {
    JobRequest request = Request(flood, {"x"}, reader);
    request.job.limits.output_bytes = 300'000;
    executor.Submit(std::move(request));
  }
  ASSERT_TRUE(executor.RunUntilIdle());
  other.join();
  EXPECT_EQ(reader.seen, 900'000u);
}

TEST_F(ExecutorTest, LeavesNoProcessAndNoDescriptorBehind) {
  const std::size_t descriptors = OpenDescriptors();
  {
    Executor executor({.worker_program = PLASM_WORKER, .workers = 3}, clock_);
    ASSERT_TRUE(executor.StartWorkers());
    EXPECT_EQ(Children().size(), 3u);
  }
  EXPECT_TRUE(Children().empty());
  EXPECT_EQ(OpenDescriptors(), descriptors);
}

std::string ReadProc(pid_t pid, const std::string& name) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_F(ExecutorTest, AWorkerThatRunsAGuestHoldsNothingOfItsParents) {
  setenv("PLASM_TEST_SECRET", "do not inherit", 1);
  const UniqueFd inheritable(open("/dev/null", O_RDONLY));  // not close-on-exec
  Executor executor({.worker_program = PLASM_WORKER, .worker_memory_bytes = std::uint64_t{5} << 30},
                    clock_);
  Recorder spin;
  spin.on_output = [this] {
    const pid_t worker = *Children().begin();
    const std::string status = ReadProc(worker, "status");
    EXPECT_THAT(status, HasSubstr("NoNewPrivs:\t1\n"));
    EXPECT_THAT(status, HasSubstr("Seccomp:\t2\n"));
    EXPECT_THAT(status, HasSubstr("Threads:\t1\n"));
    const std::string limits = ReadProc(worker, "limits");
    EXPECT_THAT(limits, ::testing::ContainsRegex("Max core file size +0 +0 "));
    EXPECT_THAT(limits, ::testing::ContainsRegex("Max open files +1024 +1024 "));
#ifndef PLASM_SANITIZED  // whose workers have no memory limit: worker/loop/confinement.cc
    EXPECT_THAT(limits, ::testing::ContainsRegex("Max data size +5368709120 +5368709120 "));
#endif
    // The rest only root may see: a worker is not dumpable.
    const auto descriptors = std::filesystem::path("/proc") / std::to_string(worker) / "fd";
    if (geteuid() == 0) {
      EXPECT_EQ(ReadProc(worker, "environ"), "");
      std::vector<std::string> open_now;
      for (const auto& entry : std::filesystem::directory_iterator(descriptors)) {
        const std::string number = entry.path().filename();
        std::error_code failed;
        const std::string target = std::filesystem::read_symlink(entry.path(), failed);
        if (number == "3") {
          EXPECT_THAT(target, HasSubstr("socket:"));
        } else if (std::stoi(number) < 3) {
          EXPECT_EQ(target, "/dev/null");
        } else {
          EXPECT_THAT(target, ::testing::AnyOf(HasSubstr("memfd:"), HasSubstr(".cwasm"),
                                               HasSubstr("(deleted)")))
              << number;
        }
      }
    } else {
      std::error_code failed;
      std::filesystem::directory_iterator unreadable(descriptors, failed);
      EXPECT_TRUE(failed);
    }
    clock_.now += 61 * kSecond;
  };
  JobRequest request =
      Request(executor.AddProgram(Compiled(Example("guests/spin.wasm"))), {"spin"}, spin);
  request.timeout_ns = 60 * kSecond;
  executor.Submit(std::move(request));
  ASSERT_TRUE(executor.RunUntilIdle());
  EXPECT_EQ(spin.out, "spinning\n");
}

}  // namespace
}  // namespace plasm::worker
