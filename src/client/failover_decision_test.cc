#include "client/failover_decision.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plasm::client {
namespace {

using std::chrono::seconds;
using Start = FailoverStep::Start;
using ::testing::HasSubstr;

constexpr seconds kBegin(1000);
constexpr FailoverLimits kLimits{.run = seconds(100)};

// An attempt that has just come to this phase.
AttemptView In(AttemptPhase phase) {
  return {.phase = phase, .since = kBegin, .moved = kBegin, .heard = kBegin, .submitted = kBegin};
}

FailoverStep After(seconds time, std::vector<AttemptView> attempts, std::size_t left,
                   const FailoverLimits& limits = kLimits, bool answers = true) {
  for (AttemptView& attempt : attempts) {
    if (answers) attempt.heard = kBegin + time;
  }
  return NextStep(attempts, left, limits, kBegin + time);
}

TEST(FailoverDecisionTest, WithoutAnyAttemptTheNextNodeIsAskedUntilNoneIsLeft) {
  EXPECT_EQ(After(seconds(0), {}, 2).start, Start::kNext);
  EXPECT_FALSE(After(seconds(0), {}, 2).over);
  EXPECT_TRUE(After(seconds(0), {}, 0).over);
  EXPECT_EQ(After(seconds(0), {}, 0).start, Start::kNone);
}

TEST(FailoverDecisionTest, ANodeThatAnswersNothingIsGivenUpWithinSecondsInEveryPhase) {
  for (const AttemptPhase phase :
       {AttemptPhase::kUpload, AttemptPhase::kQueue, AttemptPhase::kRun, AttemptPhase::kResult}) {
    EXPECT_TRUE(After(seconds(6), {In(phase)}, 1, kLimits, false).given_up.empty());
    const FailoverStep step = After(seconds(7), {In(phase)}, 1, kLimits, false);
    ASSERT_EQ(step.given_up.size(), 1u);
    EXPECT_THAT(step.given_up[0].why, HasSubstr("has not answered for 7 s"));
    EXPECT_EQ(step.start, Start::kNext);
  }
}

TEST(FailoverDecisionTest, EachPhaseHasATimeOfItsOwnForANodeThatDoesAnswer) {
  const struct {
    AttemptPhase phase;
    seconds limit;
    const char* says;
  } cases[] = {{AttemptPhase::kUpload, seconds(20), "taken the job"},
               {AttemptPhase::kQueue, seconds(60), "begun the job"},
               {AttemptPhase::kRun, seconds(100), "beyond its limit"},
               {AttemptPhase::kResult, seconds(30), "the result"}};
  for (const auto& one : cases) {
    EXPECT_TRUE(After(one.limit, {In(one.phase)}, 1).given_up.empty()) << one.says;
    const FailoverStep step = After(one.limit + seconds(1), {In(one.phase)}, 1);
    ASSERT_EQ(step.given_up.size(), 1u) << one.says;
    EXPECT_THAT(step.given_up[0].why, HasSubstr(one.says));
  }
  EXPECT_TRUE(After(seconds(10'000), {In(AttemptPhase::kOffer)}, 1).given_up.empty());
}

TEST(FailoverDecisionTest, BytesOnTheirWayAreNoReasonToGiveUp) {
  for (const AttemptPhase phase : {AttemptPhase::kUpload, AttemptPhase::kResult}) {
    AttemptView attempt = In(phase);
    attempt.moved = kBegin + seconds(995);
    EXPECT_TRUE(After(seconds(1000), {attempt}, 1).given_up.empty());
  }
}

TEST(FailoverDecisionTest, TheLastNodeIsNotGivenUp) {
  const FailoverStep step = After(seconds(1000), {In(AttemptPhase::kRun)}, 0, kLimits, false);
  EXPECT_TRUE(step.given_up.empty());
  EXPECT_FALSE(step.over);
  EXPECT_EQ(step.start, Start::kNone);
}

TEST(FailoverDecisionTest, OfTwoThatAreOverdueOneIsKeptWhenNobodyElseIsLeft) {
  const std::vector<AttemptView> two{In(AttemptPhase::kRun), In(AttemptPhase::kRun)};
  const FailoverStep step = After(seconds(1000), two, 0, kLimits, false);
  ASSERT_EQ(step.given_up.size(), 1u);
  EXPECT_EQ(step.given_up[0].index, 0u);
  EXPECT_EQ(After(seconds(1000), two, 1, kLimits, false).given_up.size(), 2u);
}

TEST(FailoverDecisionTest, ASecondNodeGetsTheJobOnlyWhenThatIsWantedAndItsTimeHasCome) {
  FailoverLimits limits = kLimits;
  EXPECT_EQ(After(seconds(50), {In(AttemptPhase::kRun)}, 1, limits).start, Start::kNone);
  limits.hedge = seconds(5);
  EXPECT_EQ(After(seconds(4), {In(AttemptPhase::kRun)}, 1, limits).start, Start::kNone);
  EXPECT_EQ(After(seconds(5), {In(AttemptPhase::kRun)}, 1, limits).start, Start::kHedge);
  EXPECT_EQ(After(seconds(5), {In(AttemptPhase::kQueue)}, 1, limits).start, Start::kHedge);
  EXPECT_EQ(After(seconds(5), {In(AttemptPhase::kRun)}, 0, limits).start, Start::kNone);
}

TEST(FailoverDecisionTest, NoSecondNodeForAJobThatIsNotThereYetOrHasEnded) {
  FailoverLimits limits = kLimits;
  limits.hedge = seconds(5);
  for (const AttemptPhase phase :
       {AttemptPhase::kOffer, AttemptPhase::kUpload, AttemptPhase::kResult}) {
    EXPECT_EQ(After(seconds(9), {In(phase)}, 1, limits).start, Start::kNone);
  }
}

TEST(FailoverDecisionTest, TheTimeOfTheQueueCountsForTheSecondNode) {
  FailoverLimits limits = kLimits;
  limits.hedge = seconds(5);
  AttemptView attempt = In(AttemptPhase::kRun);
  attempt.since = kBegin + seconds(4);  // it was in the queue until then
  EXPECT_EQ(After(seconds(5), {attempt}, 1, limits).start, Start::kHedge);
}

TEST(FailoverDecisionTest, AtMostTwoWorkAtOneJob) {
  FailoverLimits limits = kLimits;
  limits.hedge = seconds(5);
  const std::vector<AttemptView> two{In(AttemptPhase::kRun), In(AttemptPhase::kRun)};
  EXPECT_EQ(After(seconds(50), two, 3, limits).start, Start::kNone);
}

}  // namespace
}  // namespace plasm::client
