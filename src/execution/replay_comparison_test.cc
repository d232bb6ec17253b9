#include "execution/replay_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "execution/testing/contents.h"
#include "receipt/testing/examples.h"

namespace plasm::execution {
namespace {

using receipt::Status;
using receipt::Verdict;
using testing::DigestOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

receipt::Outcome Trapped(const std::string& cause) {
  receipt::Outcome outcome;
  outcome.status = Status::kTrapped;
  outcome.trap = cause;
  outcome.fuel_used = 5;
  return outcome;
}

receipt::Outcome Stopped(Status status) {
  receipt::Outcome outcome;
  outcome.status = status;
  return outcome;
}

class CompareReplayTest : public ::testing::Test {
 protected:
  CompareReplayTest() {
    runtime_ = recorded_.runtime;
    replayed_ = {.outcome = recorded_.result,
                 .stdout_subject = recorded_.stdout_subject,
                 .stderr_subject = recorded_.stderr_subject,
                 .files = recorded_.files,
                 .wall_time_ns = 1};
  }

  ReplayComparison Compare(FirstDifferences* places = nullptr) const {
    return CompareReplay(recorded_, replayed_, runtime_, places);
  }
  void ExpectDifference(const std::string& text) const {
    const ReplayComparison comparison = Compare();
    EXPECT_EQ(comparison.verdict, Verdict::kReplayDiffers);
    EXPECT_THAT(comparison.difference, StartsWith(text));
  }
  // Both runs end like this, and the receipt is one that a node would have made.
  void Ended(receipt::Outcome outcome) {
    recorded_.result = outcome;
    recorded_.result_digest = receipt::ResultDigest(recorded_);
    replayed_.outcome = std::move(outcome);
  }

  receipt::Statement recorded_ = receipt::testing::ExampleStatement();
  FinishedRun replayed_;
  receipt::Runtime runtime_;
};

TEST_F(CompareReplayTest, TheSameRunIsValid) {
  EXPECT_EQ(Compare().verdict, Verdict::kValid);
  EXPECT_EQ(Compare().difference, "");
}

TEST_F(CompareReplayTest, NamesTheFirstDifferenceInTheOrderOfTheSpecification) {
  replayed_.outcome.fuel_used = 1;
  ExpectDifference("fuel: the receipt has 12345, the replay 1");
  replayed_.files.pop_back();
  ExpectDifference("file \"/out/b");
  replayed_.stderr_subject = {DigestOf("x"), 1};
  ExpectDifference("stderr differs");
  replayed_.stdout_subject = {DigestOf("x"), 1};
  ExpectDifference("stdout differs");
  replayed_.outcome.exit_code = 7;
  ExpectDifference("exit code: the receipt has 0, the replay 7");
  replayed_.outcome = Trapped("unreachable");
  ExpectDifference("status: the receipt has exited, the replay trapped");
}

TEST_F(CompareReplayTest, TellsTheCausesOfTrapsApart) {
  Ended(Trapped("unreachable"));
  EXPECT_EQ(Compare().verdict, Verdict::kValid);
  replayed_.outcome.trap = "integer_overflow";
  ExpectDifference("trap: the receipt has unreachable, the replay integer_overflow");
}

TEST_F(CompareReplayTest, SaysWhichFileIsMissingOrMoreOrOther) {
  const auto files = recorded_.files;
  replayed_.files.erase(replayed_.files.begin());
  ExpectDifference("file \"/out/a\": the replay does not make it");
  replayed_.files = files;
  replayed_.files.insert(replayed_.files.begin(), {"/out/0", DigestOf("0")});
  ExpectDifference("file \"/out/0\": only the replay makes it");
  replayed_.files = files;
  replayed_.files.push_back({"/out/z", DigestOf("z")});
  ExpectDifference("file \"/out/z\": only the replay makes it");
  replayed_.files = files;
  replayed_.files[0].digest = DigestOf("other");
  ExpectDifference("file \"/out/a\" differs");
}

TEST_F(CompareReplayTest, NamesThePlaceWhereTheRecordedBytesAreAtHand) {
  testing::Contents contents;
  contents.Add("out");
  FirstDifferences places(recorded_, contents, {});
  places.OnOutput(worker::Stream::kStdout, AsBytes("oXt"));
  replayed_.stdout_subject = {DigestOf("oXt"), 3};
  EXPECT_EQ(Compare(&places).difference,
            "stdout differs from byte 1 on: the receipt has 3 bytes, the replay 3");
}

TEST_F(CompareReplayTest, FuelCountsOnlyBetweenEqualConfigurations) {
  replayed_.outcome.fuel_used = 1;
  EXPECT_EQ(Compare().verdict, Verdict::kReplayDiffers);
  runtime_.configuration = DigestOf("another engine");
  EXPECT_EQ(Compare().verdict, Verdict::kValid);
}

TEST_F(CompareReplayTest, AReceiptWithAWrongResultDigestIsNotConfirmed) {
  recorded_.result_digest = DigestOf("forged");
  ExpectDifference("the result digest differs");
}

TEST_F(CompareReplayTest, EnginesThatAreBuiltOtherwiseNeedNotAgreeOnFuel) {
  replayed_.outcome = Stopped(Status::kOutOfFuel);
  EXPECT_EQ(Compare().verdict, Verdict::kReplayDiffers);
  runtime_.configuration = DigestOf("another engine");
  EXPECT_EQ(Compare().verdict, Verdict::kReplayInconclusive);
}

TEST_F(CompareReplayTest, OtherTargetsNeedNotAgreeOnTheStack) {
  replayed_.outcome = Trapped("stack_overflow");
  EXPECT_EQ(Compare().verdict, Verdict::kReplayDiffers);
  runtime_.target = "pulley64";
  EXPECT_EQ(Compare().verdict, Verdict::kReplayInconclusive);
  replayed_.outcome.trap = "unreachable";
  EXPECT_EQ(Compare().verdict, Verdict::kReplayDiffers);
}

TEST_F(CompareReplayTest, AReplayThatWasStoppedDecidesNothing) {
  for (const Status status : {Status::kTimedOut, Status::kCancelled}) {
    replayed_.outcome = Stopped(status);
    EXPECT_EQ(Compare().verdict, Verdict::kReplayInconclusive);
  }
}

TEST_F(CompareReplayTest, AModuleThatThisEngineRejectsCannotHaveRunInIt) {
  replayed_ = RejectedRun("unknown import");
  const ReplayComparison comparison = Compare();
  EXPECT_EQ(comparison.verdict, Verdict::kReplayDiffers);
  EXPECT_THAT(comparison.difference, HasSubstr("unknown import"));
  runtime_.configuration = DigestOf("another engine");
  EXPECT_EQ(Compare().verdict, Verdict::kReplayInconclusive);
}

TEST(WhyNotReplayableTest, OnlyADeterministicRunThatTheGuestEndedCanBeRepeated) {
  receipt::Statement statement = receipt::testing::ExampleStatement();
  for (const Status status :
       {Status::kExited, Status::kTrapped, Status::kOutOfFuel, Status::kOutputLimit}) {
    statement.result.status = status;
    EXPECT_EQ(WhyNotReplayable(statement), "");
  }
  for (const Status status : {Status::kTimedOut, Status::kCancelled, Status::kRejected}) {
    statement.result.status = status;
    EXPECT_THAT(WhyNotReplayable(statement), HasSubstr(std::string(StatusName(status))));
  }
  statement.result.status = Status::kExited;
  statement.runtime.profile = receipt::Profile::kLive;
  EXPECT_THAT(WhyNotReplayable(statement), HasSubstr("live"));
}

}  // namespace
}  // namespace plasm::execution
