// The supervisor against workers that lie.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "processes.h"

namespace plasm::worker {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

struct Lie {
  const char* name;
  const char* named;  // what the job's message says of it
};

class HostileWorkerTest : public ::testing::TestWithParam<Lie> {
 protected:
  // The program that tells the lie of this name.
  fs::path Liar(const std::string& name) {
    if (!fs::exists(folder_ / name)) fs::create_symlink(PLASM_HOSTILE_WORKER, folder_ / name);
    return folder_ / name;
  }

  JobRequest Lied(ProgramId program, Recorder& recorder) {
    JobRequest request = Request(program, {"guest"}, recorder);
    request.job.limits = {.fuel = 1000, .output_bytes = 1000, .file_bytes = 1000, .file_nodes = 3};
    request.job.outputs = {"/out"};
    return request;
  }

  plasm::testing::TempFolder folder_;
  SystemClock clock_;
};

TEST_P(HostileWorkerTest, FailsItsJobByNameAndNothingElse) {
  const std::size_t descriptors = OpenDescriptors();
  {
    Executor executor({.worker_program = Liar(GetParam().name)}, clock_);
    const ProgramId program = executor.AddProgram(UniqueFd(open("/dev/null", O_RDONLY)));
    // A pipe that never says anything, for those who ask.
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    const UniqueFd out(ends[0]);
    const UniqueFd in(ends[1]);
    StdinFeed silent(out.get());
    Recorder jobs[2];
    for (Recorder& job : jobs) {
      JobRequest request = Lied(program, job);
      request.standard_input = &silent;
      executor.Submit(std::move(request));
    }
    ASSERT_TRUE(executor.RunUntilIdle());
    for (const Recorder& job : jobs) {
      EXPECT_EQ(job.ended, 1);
      EXPECT_FALSE(job.late);
      EXPECT_EQ(job.ending.status, JobStatus::kFailed);
      EXPECT_THAT(job.ending.message, HasSubstr(GetParam().named));
      EXPECT_EQ(job.ending.fuel_used, 0u);
      // A worker that is not ours says nothing of the module.
      const bool ready = std::string(GetParam().name).substr(0, 3) != "is-";
      EXPECT_EQ(job.ending.worker_died, ready);
      EXPECT_LE(job.out.size() + job.err.size(), 1000u);
    }
  }
  EXPECT_EQ(OpenDescriptors(), descriptors);
  EXPECT_TRUE(Children().empty());
}

INSTANTIATE_TEST_SUITE_P(
    EveryLie, HostileWorkerTest,
    ::testing::Values(
        Lie{"output-of-another-job", "not its current one"},
        Lie{"end-of-another-job", "not its current one"}, Lie{"too-much-output", "too much output"},
        Lie{"too-much-output-in-two-streams", "too much output"},
        Lie{"data-without-file", "file data without a file"},
        Lie{"more-data-than-said", "file data without a file"},
        Lie{"empty-data", "file data without a file"}, Lie{"path-up", "path that is not plain"},
        Lie{"path-absolute", "path that is not plain"},
        Lie{"path-with-nul", "path that is not plain"},
        Lie{"output-nobody-wanted", "an output nobody wanted"},
        Lie{"file-within-file", "a file within a file"},
        Lie{"end-within-file", "ended within a file"},
        Lie{"file-too-large", "more files than the job may have"},
        Lie{"files-too-large", "more files than the job may have"},
        Lie{"too-many-files", "more files than the job may have"},
        Lie{"more-fuel-than-given", "more fuel than it had"},
        Lie{"frame-too-large", "frame of 4294967295 bytes"},
        Lie{"frame-of-unknown-type", "unknown type"}, Lie{"garbage", "frame of"},
        Lie{"payload-too-short", "not as its type demands"},
        Lie{"wrong-direction", "wrong direction"}, Lie{"unexpected", "unexpected frame"},
        Lie{"two-requests-for-input", "asked for input twice"},
        Lie{"refuses-an-artefact-it-never-got", "an artefact it never got"},
        Lie{"passes-over-a-job", "passed over a job"},
        Lie{"is-of-another-build", "plasm-worker is of another build than this program"},
        Lie{"is-never-ready", "spoke before it was ready"},
        Lie{"half-a-frame", "exited with status 0"}, Lie{"exits", "exited with status 7"},
        Lie{"aborts", "killed by signal 6"}),
    [](const auto& lie) {
      std::string name = lie.param.name;
      std::ranges::replace(name, '-', '_');
      return name;
    });

TEST_F(HostileWorkerTest, DescriptorsThatItSendsAreDropped) {
  const std::size_t descriptors = OpenDescriptors();
  Executor executor({.worker_program = Liar("sends-descriptors")}, clock_);
  Recorder job;
  job.on_ended = [&] {
    // The artefact, and the socket.
    EXPECT_EQ(OpenDescriptors(), descriptors + 2);
  };
  executor.Submit(Lied(executor.AddProgram(UniqueFd(open("/dev/null", O_RDONLY))), job));
  ASSERT_TRUE(executor.RunUntilIdle());
  EXPECT_EQ(job.ending.status, JobStatus::kExited) << job.ending.message;
}

TEST_F(HostileWorkerTest, AskingForMoreInputThanThereIsHarmsNobody) {
  Executor executor({.worker_program = Liar("asks-for-all-the-input-in-the-world")}, clock_);
  Recorder job;
  executor.Submit(Lied(executor.AddProgram(UniqueFd(open("/dev/null", O_RDONLY))), job));
  ASSERT_TRUE(executor.RunUntilIdle());
  EXPECT_EQ(job.ending.status, JobStatus::kExited) << job.ending.message;
}

TEST_F(HostileWorkerTest, AJobThatRanDoesNotCountAsOneThatCouldNotBeLoaded) {
  Executor executor({.worker_program = Liar("refuses-the-artefact-and-runs-it")}, clock_);
  Recorder job;
  executor.Submit(Lied(executor.AddProgram(UniqueFd(open("/dev/null", O_RDONLY))), job));
  ASSERT_TRUE(executor.RunUntilIdle());
  EXPECT_EQ(job.out, "ran");
  // Else it would be run again, and its output delivered twice.
  EXPECT_FALSE(job.ending.artefact_refused);
}

// A job that nobody knows to be bad until it runs, between two that are good.
TEST_F(HostileWorkerTest, WhoStandsBesideAJobThatKillsItsWorkerIsNotBlamed) {
  Executor executor({.worker_program = Liar("dies-of-program-1"), .pipeline_depth = 8}, clock_);
  const ProgramId good = executor.AddProgram(UniqueFd(open("/dev/null", O_RDONLY)));
  const ProgramId bad = executor.AddProgram(UniqueFd(open("/dev/null", O_RDONLY)));
  Recorder known;  // to be short: the others are put behind each other
  executor.Submit(Lied(good, known));
  ASSERT_TRUE(executor.RunUntilIdle());
  Recorder jobs[5];
  for (int i = 0; i < 5; ++i) executor.Submit(Lied(i == 2 ? bad : good, jobs[i]));
  ASSERT_TRUE(executor.RunUntilIdle());
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(jobs[i].ended, 1);
    EXPECT_EQ(jobs[i].ending.worker_died, i == 2) << i;
    EXPECT_EQ(jobs[i].ending.status, i == 2 ? JobStatus::kFailed : JobStatus::kExited);
    EXPECT_EQ(jobs[i].out, i == 2 ? "" : "ran");
  }
}

class TakenBackTest : public HostileWorkerTest {
 protected:
  // The job behind the first is taken back, and its worker runs it all the same.
  void Run(const std::string& lie, std::uint64_t later_ns) {
    StillClock clock;  // on which every job is short
    Executor executor({.worker_program = Liar(lie), .pipeline_depth = 8}, clock);
    const ProgramId program = executor.AddProgram(UniqueFd(open("/dev/null", O_RDONLY)));
    Recorder known;
    executor.Submit(Lied(program, known));
    ASSERT_TRUE(executor.RunUntilIdle());
    const auto workers = Children();
    Recorder first;
    Recorder unwanted;
    Recorder next;
    JobHandle handle = 0;
    first.on_output = [&] { executor.Cancel(handle); };
    first.on_ended = [&] {
      executor.Submit(Lied(program, next));
      clock.now += later_ns;
    };
    JobRequest waits = Lied(program, first);
    waits.job.args = {"wait"};
    executor.Submit(std::move(waits));
    handle = executor.Submit(Lied(program, unwanted));
    ASSERT_TRUE(executor.RunUntilIdle());
    EXPECT_EQ(first.ending.status, JobStatus::kExited) << first.ending.message;
    EXPECT_EQ(unwanted.ended, 1);
    EXPECT_EQ(unwanted.ending.status, JobStatus::kCancelled);
    EXPECT_EQ(unwanted.out, "");
    EXPECT_FALSE(unwanted.late);
    EXPECT_EQ(next.ending.status, JobStatus::kExited) << next.ending.message;
    EXPECT_EQ(next.out, "ran");
    same_worker_ = Children() == workers;
  }
  bool same_worker_ = false;
};

TEST_F(TakenBackTest, WhatAWorkerSaysOfAJobThatItBeganTooEarlyIsNotPassedOn) {
  Run("runs-what-was-taken-back", 0);
  EXPECT_TRUE(same_worker_);
}

TEST_F(TakenBackTest, AWorkerThatStaysWithAJobThatNobodyWantsIsReplaced) {
  Run("stays-with-what-was-taken-back", 5'000'000);
  EXPECT_FALSE(same_worker_);
}

}  // namespace
}  // namespace plasm::worker
