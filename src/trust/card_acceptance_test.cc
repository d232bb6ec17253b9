#include "trust/card_acceptance.h"

#include <gtest/gtest.h>

#include <string>

#include "trust/testing/cards.h"

namespace plasm::trust {
namespace {

using namespace testing;  // NOLINT: the tests' own keys and cards

OpenedCard OfVersion(std::uint64_t version) {
  NodeCard card = ExampleCard();
  card.version = version;
  return Opened(card);
}

CardStanding Standing(const OpenedCard& offered, std::optional<std::uint64_t> version,
                      const OpenedCard* kept) {
  return StandingOf(offered, {.identity = PublicFrom(kIdentity), .version = version, .card = kept});
}

TEST(CardAcceptanceTest, TheFirstCardIsTaken) {
  EXPECT_EQ(Standing(OfVersion(7), {}, nullptr), CardStanding::kFirst);
}

TEST(CardAcceptanceTest, ANewerCardReplacesAnOlderOne) {
  const OpenedCard kept = OfVersion(7);
  EXPECT_EQ(Standing(OfVersion(8), {}, &kept), CardStanding::kNewer);
  EXPECT_EQ(Standing(OfVersion(8), 7, &kept), CardStanding::kNewer);
  EXPECT_EQ(Standing(OfVersion(8), 7, nullptr), CardStanding::kNewer);
}

TEST(CardAcceptanceTest, ASmallerVersionIsARollback) {
  const OpenedCard kept = OfVersion(7);
  EXPECT_EQ(Standing(OfVersion(6), {}, &kept), CardStanding::kRollback);
}

TEST(CardAcceptanceTest, ARollbackIsNoticedWhenTheKeptCardIsLostOrReplaced) {
  const OpenedCard older = OfVersion(5);
  EXPECT_EQ(Standing(OfVersion(6), 7, nullptr), CardStanding::kRollback);
  EXPECT_EQ(Standing(OfVersion(6), 7, &older), CardStanding::kRollback);
  EXPECT_EQ(Standing(older, 7, &older), CardStanding::kRollback);
}

TEST(CardAcceptanceTest, ARollbackIsNoticedWhenTheTrustFileIsBehind) {
  const OpenedCard kept = OfVersion(7);
  EXPECT_EQ(Standing(OfVersion(6), 5, &kept), CardStanding::kRollback);
}

TEST(CardAcceptanceTest, TheSameCardAgainIsFine) {
  const OpenedCard kept = OfVersion(7);
  EXPECT_EQ(Standing(OfVersion(7), 7, &kept), CardStanding::kSameAgain);
}

TEST(CardAcceptanceTest, TheSameCardInAnotherEnvelopeIsTheSame) {
  const OpenedCard kept = OfVersion(7);
  const auto rewritten = OpenNodeCard(AsBytes(Signed(kept.card) + "\n"));
  ASSERT_TRUE(rewritten);
  ASSERT_NE(rewritten->envelope_digest, kept.envelope_digest);
  EXPECT_EQ(Standing(*rewritten, 7, &kept), CardStanding::kSameAgain);
}

TEST(CardAcceptanceTest, AnotherCardOfTheSameVersionIsAConflict) {
  const OpenedCard kept = OfVersion(7);
  NodeCard other = kept.card;
  other.name = "node A";
  EXPECT_EQ(Standing(Opened(other), 7, &kept), CardStanding::kConflict);
  EXPECT_EQ(Standing(Opened(other), {}, &kept), CardStanding::kConflict);
}

TEST(CardAcceptanceTest, ALostCardIsTakenAgain) {
  const OpenedCard older = OfVersion(6);
  EXPECT_EQ(Standing(OfVersion(7), 7, nullptr), CardStanding::kKeptAgain);
  EXPECT_EQ(Standing(OfVersion(7), 7, &older), CardStanding::kKeptAgain);
}

TEST(CardAcceptanceTest, ACardOfAnotherIdentityIsNoSuccessor) {
  NodeCard other = ExampleCard();
  other.identity = PublicFrom(20);
  other.version = 100;
  EXPECT_EQ(Standing(Opened(other, 20), 7, nullptr), CardStanding::kOtherIdentity);
}

TEST(CardAcceptanceTest, RefusalsSayWhy) {
  const OpenedCard kept = OfVersion(7);
  const AcceptedBefore before = {.identity = PublicFrom(kIdentity), .version = 7, .card = &kept};
  const auto rollback = AcceptanceOf(OfVersion(6), before);
  ASSERT_FALSE(rollback);
  EXPECT_EQ(rollback.error().code, ErrorCode::kDenied);
  EXPECT_EQ(rollback.error().message, "card of version 6 of " + FingerprintFrom(kIdentity) +
                                          ": a rollback, version 7 was accepted before");
  NodeCard other = kept.card;
  other.name = "node A";
  const auto conflict = AcceptanceOf(Opened(other), before);
  ASSERT_FALSE(conflict);
  EXPECT_EQ(conflict.error().code, ErrorCode::kConflict);
  const auto same = AcceptanceOf(kept, before);
  ASSERT_TRUE(same);
  EXPECT_EQ(*same, CardStanding::kSameAgain);
}

}  // namespace
}  // namespace plasm::trust
