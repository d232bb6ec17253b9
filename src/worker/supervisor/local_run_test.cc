#include "worker/supervisor/local_run.h"

#include <gtest/gtest.h>

namespace plasm::worker {
namespace {

TEST(LocalRunTest, AFirstRunThatCanBeRepeatedStartsInTheQuickTier) {
  EXPECT_EQ(FirstTier(TierChoice::kAuto, Profile::kDet1, false), Tier::kQuick);
}

TEST(LocalRunTest, WhatIsCompiledInFullIsPreferred) {
  EXPECT_EQ(FirstTier(TierChoice::kAuto, Profile::kDet1, true), Tier::kFull);
}

TEST(LocalRunTest, ARunThatCannotBeRepeatedStartsInTheFullTier) {
  EXPECT_EQ(FirstTier(TierChoice::kAuto, Profile::kLive, false), Tier::kFull);
  EXPECT_EQ(FirstTier(TierChoice::kAuto, Profile::kLive, true), Tier::kFull);
}

TEST(LocalRunTest, WhoNamesATierGetsIt) {
  for (const Profile profile : {Profile::kDet1, Profile::kLive}) {
    for (const bool cached : {false, true}) {
      EXPECT_EQ(FirstTier(TierChoice::kQuick, profile, cached), Tier::kQuick);
      EXPECT_EQ(FirstTier(TierChoice::kFull, profile, cached), Tier::kFull);
    }
  }
}

TEST(LocalRunTest, OnlyAStackOverflowInTheQuickTierIsRunAgain) {
  const JobEnding overflow{.status = JobStatus::kTrapped, .trap = "stack_overflow"};
  EXPECT_TRUE(NeedsFullTier(Tier::kQuick, overflow));
  EXPECT_FALSE(NeedsFullTier(Tier::kFull, overflow));
  EXPECT_FALSE(NeedsFullTier(Tier::kQuick, {.status = JobStatus::kTrapped, .trap = "unreachable"}));
  EXPECT_FALSE(NeedsFullTier(Tier::kQuick, {.status = JobStatus::kExited}));
  EXPECT_FALSE(
      NeedsFullTier(Tier::kQuick, {.status = JobStatus::kFailed, .trap = "stack_overflow"}));
}

}  // namespace
}  // namespace plasm::worker
