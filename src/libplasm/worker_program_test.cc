#include "libplasm/worker_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/testing/temp_folder.h"

namespace plasm::libplasm {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(WorkerCandidatesTest, TheInstalledOneIsFoundFromTheLibrary) {
  EXPECT_THAT(WorkerCandidates("/opt/plasm/lib/libplasm.so.0", "", ""),
              Contains("/opt/plasm/libexec/plasm/plasm-worker"));
  EXPECT_THAT(WorkerCandidates("/usr/lib/x86_64-linux-gnu/libplasm.so.0", "", ""),
              Contains("/usr/libexec/plasm/plasm-worker"));
  EXPECT_THAT(WorkerCandidates("/tree/build/lib/libplasm.so.0", "", ""),
              Contains("/tree/build/bin/plasm-worker"));
}

TEST(WorkerCandidatesTest, ThenBesideTheProgramAndInThePath) {
  EXPECT_THAT(WorkerCandidates("", "/app/bin/stranger", "/usr/bin:/bin"),
              ElementsAre("/app/bin/plasm-worker", "/app/libexec/plasm/plasm-worker",
                          "/usr/bin/plasm-worker", "/bin/plasm-worker"));
}

// Or whoever can write to the current folder could put a program there.
TEST(WorkerCandidatesTest, NothingIsFoundInTheCurrentFolder) {
  EXPECT_THAT(WorkerCandidates("", "", ":.:here:/bin:"), ElementsAre("/bin/plasm-worker"));
}

TEST(FindWorkerTest, TheChosenOneAndNoOther) {
  const plasm::testing::TempFolder folder;
  const auto file = folder / "my-worker";
  EXPECT_FALSE(FindWorker(file));
  ASSERT_TRUE(WriteFileAtomically(file, AsBytes("#!/bin/sh\n"), {.mode = 0644}));
  const auto refused = FindWorker(file);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("my-worker"));
  ASSERT_EQ(chmod(file.c_str(), 0755), 0);
  EXPECT_EQ(*FindWorker(file), file);
}

}  // namespace
}  // namespace plasm::libplasm
