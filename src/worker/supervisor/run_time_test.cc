#include "worker/supervisor/run_time.h"

#include <gtest/gtest.h>

namespace plasm::worker {
namespace {

constexpr std::uint64_t kMillisecond = 1'000'000;

RunTime After(int jobs, std::uint64_t each_ns) {
  RunTime time;
  for (int i = 0; i < jobs; ++i) time.Add(each_ns);
  return time;
}

TEST(RunTimeTest, AProgramThatNeverRanIsNotExpectedToBeShort) {
  EXPECT_EQ(RunTime().ExpectedNs(), RunTime::kUnknown);
}

TEST(RunTimeTest, TheFirstJobIsAllThatIsKnown) {
  EXPECT_EQ(After(1, kMillisecond).ExpectedNs(), kMillisecond);
}

TEST(RunTimeTest, FollowsAProgramThatBecomesSlow) {
  RunTime time = After(100, 20'000);
  for (int i = 0; i < 16; ++i) time.Add(10 * kMillisecond);
  EXPECT_GT(time.ExpectedNs(), 5 * kMillisecond);
}

TEST(RunTimeTest, AnHourIsForgottenWithinFiftyShortJobs) {
  RunTime time = After(100, 20'000);
  time.Add(3'600'000 * kMillisecond);
  EXPECT_GT(time.ExpectedNs(), 5 * kMillisecond);
  for (int i = 0; i < 50; ++i) time.Add(20'000);
  EXPECT_LT(time.ExpectedNs(), kMillisecond);
}

TEST(RunTimeTest, AJobThatWasCutShortSaysNothingOfShortOnes) {
  RunTime time = After(3, 10 * kMillisecond);
  time.AddAtLeast(1);
  EXPECT_EQ(time.ExpectedNs(), 10 * kMillisecond);
  time.AddAtLeast(26 * kMillisecond);
  EXPECT_EQ(time.ExpectedNs(), 11 * kMillisecond);
  RunTime unknown;
  unknown.AddAtLeast(1);
  EXPECT_EQ(unknown.ExpectedNs(), RunTime::kUnknown);
}

}  // namespace
}  // namespace plasm::worker
