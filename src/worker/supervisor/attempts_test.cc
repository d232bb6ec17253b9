#include "worker/supervisor/attempts.h"

#include <gtest/gtest.h>

#include <string>

namespace plasm::worker {
namespace {

const JobEnding kOverflow{.status = JobStatus::kTrapped, .trap = "stack_overflow"};
const JobEnding kRefusedArtefact{.status = JobStatus::kFailed, .artefact_refused = true};
const JobEnding kCancelled{.status = JobStatus::kCancelled};

TEST(AttemptsTest, AnOverflowInTheQuickTierIsRunAgainInTheFullOne) {
  EXPECT_EQ(WhatFollows({.tier = Tier::kQuick}, kOverflow), AfterAttempt::kFullTier);
  EXPECT_EQ(WhatFollows({.tier = Tier::kFull}, kOverflow), AfterAttempt::kDone);
}

TEST(AttemptsTest, ARunThatCannotBeRepeatedIsNot) {
  EXPECT_EQ(WhatFollows({.tier = Tier::kQuick, .profile = Profile::kLive}, kOverflow),
            AfterAttempt::kDone);
}

TEST(AttemptsTest, AnArtefactThatDoesNotLoadIsMadeAnewOnce) {
  EXPECT_EQ(WhatFollows({}, kRefusedArtefact), AfterAttempt::kRebuild);
  EXPECT_EQ(WhatFollows({.rebuilt = true}, kRefusedArtefact), AfterAttempt::kDone);
}

TEST(AttemptsTest, OnlyAJobThatWasCancelledForItsInputIsRunAgain) {
  EXPECT_EQ(WhatFollows({.tier = Tier::kQuick, .input_full = true}, kCancelled),
            AfterAttempt::kFullTier);
  EXPECT_EQ(WhatFollows({.tier = Tier::kQuick}, kCancelled), AfterAttempt::kDone);
  EXPECT_EQ(WhatFollows({.input_full = true}, {.status = JobStatus::kExited}), AfterAttempt::kDone);
}

std::string Passed(OutputOnce& output, Stream stream, std::string_view bytes) {
  return std::string(AsText(output.Fresh(stream, AsBytes(bytes))));
}

TEST(OutputOnceTest, PassesOnWhatNoAttemptHasYetWritten) {
  OutputOnce output;
  EXPECT_EQ(Passed(output, Stream::kStdout, "abc"), "abc");
  EXPECT_EQ(Passed(output, Stream::kStderr, "xy"), "xy");
  output.StartOver();
  EXPECT_EQ(Passed(output, Stream::kStdout, "a"), "");
  EXPECT_EQ(Passed(output, Stream::kStdout, "bcde"), "de");
  EXPECT_EQ(Passed(output, Stream::kStdout, "f"), "f");
  EXPECT_EQ(Passed(output, Stream::kStderr, "xyz"), "z");
}

TEST(OutputOnceTest, AnAttemptThatWroteLessForgetsNothingOfThoseBeforeIt) {
  OutputOnce output;
  EXPECT_EQ(Passed(output, Stream::kStdout, "abcd"), "abcd");
  output.StartOver();
  EXPECT_EQ(Passed(output, Stream::kStdout, "ab"), "");
  output.StartOver();
  EXPECT_EQ(Passed(output, Stream::kStdout, "abcde"), "e");
}

}  // namespace
}  // namespace plasm::worker
