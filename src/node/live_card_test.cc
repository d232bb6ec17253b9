#include "node/live_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "base/testing/fixed_clock.h"
#include "base/testing/fixed_entropy.h"
#include "base/testing/temp_folder.h"
#include "crypto/public_key_text.h"
#include "node/key_change.h"

namespace plasm::node {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t kDayNs = std::uint64_t{86'400} * 1'000'000'000;

class LiveCardTest : public ::testing::Test {
 protected:
  CardFacts Facts() const { return PlainFacts(keys_.identity.public_key(), "48.0.8"); }
  OwnCard Own() { return OwnCard(folder_.path(), keys_, Facts(), clock_); }
  KeyChangeSetting ByAnotherProcess() {
    return {.data_folder = folder_.path(),
            .engine_version = "48.0.8",
            .clock = clock_,
            .entropy = entropy_};
  }

  plasm::testing::TempFolder folder_;
  plasm::testing::FixedEntropy entropy_;
  plasm::testing::FixedClock clock_;
  NodeKeys keys_ = *LoadOrCreateNodeKeys(folder_.path(), entropy_);
  LiveCard live_{folder_.path(), keys_, Facts(), clock_, *Own().Current()};
};

TEST_F(LiveCardTest, IsRenewedWhileTheNodeRunsAndNeverEnds) {
  for (int day = 0; day < 400; ++day) {
    ASSERT_TRUE(live_.Renew());
    const UtcTime now = UtcTime::FromNanoseconds(clock_.realtime_ns);
    EXPECT_LE(live_.Get()->card.issued, now);
    EXPECT_GE(live_.Get()->card.expires.milliseconds, now.milliseconds + 29 * kDayNs / 1'000'000);
    clock_.realtime_ns += kDayNs;
  }
  EXPECT_GE(live_.Get()->card.version, 400u / 61);
  EXPECT_LE(live_.Get()->card.version, 8u);  // and not more often than it must
  EXPECT_EQ((*Own().Last())->envelope, live_.Get()->envelope);
}

TEST_F(LiveCardTest, WhoHoldsTheOldOneKeepsIt) {
  const auto before = live_.Get();
  clock_.realtime_ns += 61 * kDayNs;
  EXPECT_EQ(*live_.Renew(), CardNews::kRenewed);
  EXPECT_EQ(before->card.version, 1u);
  EXPECT_EQ(live_.Get()->card.version, 2u);
  EXPECT_EQ(*live_.Renew(), CardNews::kNone);
}

TEST_F(LiveCardTest, WhatAnotherProcessRevokedIsSaidAtOnce) {
  ASSERT_TRUE(ReplaceKey(ByAnotherProcess(), trust::KeyUse::kReceipt));
  const std::string old_key = crypto::Fingerprint(keys_.receipt.public_key());
  const NodeKeys now = *LoadOrCreateNodeKeys(folder_.path(), entropy_);
  LiveCard live(folder_.path(), now, Facts(), clock_, **Own().Last());
  ASSERT_TRUE(OwnCard(folder_.path(), now, Facts(), clock_)
                  .Revoke({.fingerprint = old_key,
                           .at = UtcTime::FromNanoseconds(clock_.realtime_ns),
                           .log_size = {}}));
  EXPECT_EQ(*live.Renew(), CardNews::kTakenOver);
  EXPECT_EQ(live.Get()->card.revoked.size(), 1u);
}

TEST_F(LiveCardTest, AfterItsKeysWereReplacedTheNewCardIsServedAndTheErrorSaysWhatToDo) {
  ASSERT_TRUE(ReplaceKey(ByAnotherProcess(), trust::KeyUse::kReceipt));
  const auto renewed = live_.Renew();
  ASSERT_FALSE(renewed);
  EXPECT_EQ(renewed.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(renewed.error().message, HasSubstr("replaced"));
  EXPECT_EQ(live_.Get()->card.version, 2u);
}

TEST_F(LiveCardTest, AnOlderOrDamagedCardOnDiskReplacesNothing) {
  const auto first = live_.Get();
  clock_.realtime_ns += 61 * kDayNs;
  ASSERT_TRUE(live_.Renew());
  ASSERT_TRUE(WriteFileAtomically(folder_ / "card.json", AsBytes(first->envelope)));
  ASSERT_TRUE(live_.Renew());
  EXPECT_EQ(live_.Get()->card.version, 2u);
  ASSERT_TRUE(WriteFileAtomically(folder_ / "card.json", AsBytes("{}")));
  EXPECT_EQ(live_.Renew().error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(live_.Get()->card.version, 2u);
}

}  // namespace
}  // namespace plasm::node
