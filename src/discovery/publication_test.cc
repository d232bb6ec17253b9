#include "discovery/publication.h"

#include <gtest/gtest.h>

#include "trust/testing/cards.h"

namespace plasm::discovery {
namespace {

using trust::testing::KeyFrom;

constexpr std::uint64_t kReal = 1'780'315'200'000'000'000;
constexpr std::uint64_t kNs = PublicationPlan::kNs;

class PublicationPlanTest : public ::testing::Test {
 protected:
  static Publication Example() {
    return PublicationOf(trust::testing::Opened(trust::testing::ExampleCard()), 7420);
  }
  static std::size_t Announcements(const std::vector<DhtCommand>& commands) {
    std::size_t count = 0;
    for (const auto& command : commands) count += std::holds_alternative<Announce>(command) ? 1 : 0;
    return count;
  }
  // The item among the commands, as a reader takes it.
  static std::optional<NodeItem> Item(const std::vector<DhtCommand>& commands) {
    for (const DhtCommand& command : commands) {
      const auto* put = std::get_if<PutItem>(&command);
      if (put == nullptr) continue;
      const auto read = ItemReader().Accept(put->item, UtcTime::FromNanoseconds(kReal));
      EXPECT_TRUE(read) << read.error().message;
      return read ? std::optional(*read) : std::nullopt;
    }
    return std::nullopt;
  }

  crypto::SigningKey identity_ = KeyFrom(trust::testing::kIdentity);
  PublicationPlan plan_{Example(), identity_};
};

TEST_F(PublicationPlanTest, SaysNothingBeforeAnybodyListens) {
  EXPECT_TRUE(plan_.Due(UINT64_MAX - 1, kReal).empty());
  EXPECT_EQ(plan_.NextNs(), UINT64_MAX);
}

TEST_F(PublicationPlanTest, SaysEverythingAtOnceAndThenFromTimeToTime) {
  plan_.Begin(kNs);
  const auto first = plan_.Due(kNs, kReal);
  EXPECT_EQ(Announcements(first), Example().capabilities.size());
  const auto item = Item(first);
  ASSERT_TRUE(item);
  EXPECT_EQ(item->version, 7u);
  EXPECT_EQ(item->endpoints, Example().endpoints);
  EXPECT_EQ(item->card, Example().card);
  EXPECT_TRUE(plan_.Due(2 * kNs, kReal).empty());
  std::uint64_t now = kNs;
  for (const std::uint64_t pause : {2 * kNs, 10 * kNs, 60 * kNs, PublicationPlan::kAnnounceEveryNs,
                                    PublicationPlan::kAnnounceEveryNs}) {
    EXPECT_EQ(Announcements(plan_.Due(now + pause - 1, kReal)), 0u);
    now += pause;
    const auto later = plan_.Due(now, kReal);
    EXPECT_EQ(Announcements(later), Example().capabilities.size());
    EXPECT_FALSE(Item(later));
  }
  EXPECT_TRUE(Item(plan_.Due(kNs + PublicationPlan::kPutEveryNs, kReal)));
}

TEST_F(PublicationPlanTest, WhatNobodyTookIsSaidAgainSoon) {
  plan_.Begin(kNs);
  plan_.Due(kNs, kReal);
  plan_.Stored(plan_.last_seq(), 3, kNs);
  EXPECT_FALSE(Item(plan_.Due(kNs + PublicationPlan::kPutAgainNs - 1, kReal)));
  plan_.Stored(plan_.last_seq(), 0, kNs);
  EXPECT_TRUE(Item(plan_.Due(kNs + PublicationPlan::kPutAgainNs, kReal)));
}

TEST_F(PublicationPlanTest, AnotherCardIsSaidAtOnce) {
  plan_.Begin(kNs);
  plan_.Due(kNs, kReal);
  Publication other = Example();
  plan_.Change(other, 2 * kNs);
  EXPECT_TRUE(plan_.Due(2 * kNs, kReal).empty()) << "it is the same";
  other.version = 8;
  plan_.Change(other, 2 * kNs);
  const auto due = plan_.Due(2 * kNs, kReal);
  EXPECT_EQ(Item(due)->version, 8u);
  EXPECT_EQ(Announcements(due), 0u);
}

TEST_F(PublicationPlanTest, EachItemHasALargerNumberThoughTheClockStandsStill) {
  plan_.Begin(kNs);
  plan_.Due(kNs, kReal);
  const std::uint64_t first = plan_.last_seq();
  plan_.Begin(kNs);
  plan_.Due(kNs, kReal);
  EXPECT_GT(plan_.last_seq(), first);
}

TEST_F(PublicationPlanTest, AWithdrawnNodeSaysSoAndThenNothing) {
  plan_.Begin(kNs);
  plan_.Due(kNs, kReal);
  const auto item = Item({plan_.Withdraw(kReal)});
  ASSERT_TRUE(item);
  EXPECT_TRUE(item->endpoints.empty());
  EXPECT_TRUE(plan_.Due(UINT64_MAX - 1, kReal).empty());
}

TEST_F(PublicationPlanTest, ANodeWithoutEndpointsIsAnnouncedWithoutAnItem) {
  Publication publication = Example();
  publication.endpoints.clear();
  PublicationPlan plan(publication, identity_);
  plan.Begin(kNs);
  const auto due = plan.Due(kNs, kReal);
  EXPECT_FALSE(Item(due)) << "an empty one would say that it is gone";
  EXPECT_GT(Announcements(due), 0u);
}

}  // namespace
}  // namespace plasm::discovery
