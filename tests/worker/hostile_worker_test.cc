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

}  // namespace
}  // namespace plasm::worker
