#include "jobs/quarantine.h"

#include <gtest/gtest.h>

namespace plasm::jobs {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
const Sha256Digest kModule = Sha256Of(AsBytes("module"));

TEST(QuarantineTest, AModuleThatCrashesAgainAndAgainIsHeldForAWhile) {
  Quarantine quarantine;
  for (std::uint64_t crash = 1; crash < Quarantine::kCrashes; ++crash) {
    quarantine.OnCrash(kModule, crash * kSecond);
    EXPECT_EQ(quarantine.Remaining(kModule, crash * kSecond), 0u);
  }
  quarantine.OnCrash(kModule, 10 * kSecond);
  EXPECT_EQ(quarantine.Remaining(kModule, 10 * kSecond), Quarantine::kDurationNs);
  EXPECT_EQ(quarantine.Remaining(kModule, 11 * kSecond), Quarantine::kDurationNs - kSecond);
  EXPECT_EQ(quarantine.Remaining(kModule, 10 * kSecond + Quarantine::kDurationNs), 0u);
}

TEST(QuarantineTest, OthersAreNotHeld) {
  Quarantine quarantine;
  for (int crash = 0; crash < 5; ++crash) quarantine.OnCrash(kModule, kSecond);
  EXPECT_EQ(quarantine.Remaining(Sha256Of(AsBytes("another")), kSecond), 0u);
}

TEST(QuarantineTest, RareCrashesDoNotAddUp) {
  Quarantine quarantine;
  for (std::uint64_t crash = 1; crash < 10; ++crash) {
    const std::uint64_t now = crash * (Quarantine::kWindowNs + kSecond);
    quarantine.OnCrash(kModule, now);
    EXPECT_EQ(quarantine.Remaining(kModule, now), 0u);
  }
}

}  // namespace
}  // namespace plasm::jobs
