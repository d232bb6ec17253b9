#include "jobs/retry.h"

#include <gtest/gtest.h>

namespace plasm::jobs {
namespace {

TEST(RetryTest, WaitsLongerEachTimeUpToTenSeconds) {
  EXPECT_EQ(DelayBeforeNextAttempt(1, 100), 100'000'000u);
  EXPECT_EQ(DelayBeforeNextAttempt(2, 100), 200'000'000u);
  EXPECT_EQ(DelayBeforeNextAttempt(7, 100), 6'400'000'000u);
  EXPECT_EQ(DelayBeforeNextAttempt(8, 100), 10'000'000'000u);
  EXPECT_EQ(DelayBeforeNextAttempt(99, 100), 10'000'000'000u);
}

TEST(RetryTest, EndsWithTheAttemptsThatMayBe) {
  EXPECT_EQ(DelayBeforeNextAttempt(1, 1), std::nullopt);
  EXPECT_EQ(DelayBeforeNextAttempt(3, 3), std::nullopt);
  EXPECT_NE(DelayBeforeNextAttempt(2, 3), std::nullopt);
  EXPECT_EQ(DelayBeforeNextAttempt(4, 3), std::nullopt);
}

TEST(RetryTest, AJobThatNeverBeganWaitsAsAfterTheFirst) {
  EXPECT_EQ(DelayBeforeNextAttempt(0, 1), 100'000'000u);
}

}  // namespace
}  // namespace plasm::jobs
