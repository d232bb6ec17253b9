#include "client/retry.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace plasm::client {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr RetryPolicy kPolicy{
    .calls = 5, .first_pause = 100ms, .longest_pause = 1s, .all_pauses = 60s};

nanoseconds Pause(std::uint32_t failures, std::uint64_t random,
                  std::optional<std::chrono::seconds> after = {}) {
  const auto pause =
      PauseBeforeRetry(kPolicy, {ErrorCode::kUnavailable, after}, {.failures = failures}, random);
  EXPECT_TRUE(pause.has_value());
  return pause.value_or(nanoseconds(-1));
}

TEST(RetryTest, OnlyWhatMayPassIsTriedAgain) {
  for (const ErrorCode code :
       {ErrorCode::kInvalid, ErrorCode::kDenied, ErrorCode::kNotFound, ErrorCode::kConflict,
        ErrorCode::kLimitExceeded, ErrorCode::kCorrupt, ErrorCode::kInternal}) {
    EXPECT_FALSE(PauseBeforeRetry(kPolicy, {code, {}}, {.failures = 1}, 0)) << ErrorCodeName(code);
  }
  EXPECT_TRUE(PauseBeforeRetry(kPolicy, {ErrorCode::kOverloaded, {}}, {.failures = 1}, 0));
  EXPECT_TRUE(PauseBeforeRetry(kPolicy, {ErrorCode::kUnavailable, {}}, {.failures = 1}, 0));
}

TEST(RetryTest, PausesDoubleUpToTheLongest) {
  EXPECT_EQ(Pause(1, 0), 100ms);
  EXPECT_EQ(Pause(2, 0), 200ms);
  EXPECT_EQ(Pause(4, 0), 800ms);
  const auto later = PauseBeforeRetry({.calls = 1000, .first_pause = 100ms, .longest_pause = 1s},
                                      {ErrorCode::kUnavailable, {}}, {.failures = 900}, 0);
  EXPECT_EQ(later, 1s);
}

TEST(RetryTest, ChanceTakesAtMostAHalf) {
  for (const std::uint64_t random : {std::uint64_t{1}, std::uint64_t{50'000'000}, UINT64_MAX}) {
    EXPECT_GE(Pause(1, random), 50ms);
    EXPECT_LE(Pause(1, random), 100ms);
  }
  EXPECT_NE(Pause(1, 1), Pause(1, 2));
}

TEST(RetryTest, NeverComesBackSoonerThanTheNodeAsked) {
  EXPECT_GE(Pause(1, UINT64_MAX, 7s), 7s);
  EXPECT_LE(Pause(1, 0, 7s), 8s);
  EXPECT_NE(Pause(1, 1, 7s), Pause(1, 40'000'001, 7s));  // nor all clients at once
}

TEST(RetryTest, PatienceEnds) {
  EXPECT_FALSE(PauseBeforeRetry(kPolicy, {ErrorCode::kUnavailable, {}}, {.failures = 5}, 0));
  EXPECT_FALSE(PauseBeforeRetry(kPolicy, {ErrorCode::kUnavailable, {}},
                                {.failures = 2, .paused = 59'900ms}, 0));
  EXPECT_FALSE(PauseBeforeRetry(kPolicy, {ErrorCode::kOverloaded, 61s}, {.failures = 1}, 0));
  EXPECT_FALSE(PauseBeforeRetry(kPolicy, {ErrorCode::kOverloaded, std::chrono::seconds::max()},
                                {.failures = 1}, 0));
}

}  // namespace
}  // namespace plasm::client
