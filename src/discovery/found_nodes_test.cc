#include "discovery/found_nodes.h"

#include <gtest/gtest.h>

#include "trust/testing/cards.h"

namespace plasm::discovery {
namespace {

using namespace trust::testing;

const UtcTime kNow = Time("2026-07-01T00:00:00Z");
const net::Endpoint kFirst{.host = "192.0.2.1"};
const net::Endpoint kSecond{.host = "192.0.2.2"};

ProbedNode Probed(const trust::NodeCard& card, std::uint64_t round_trip_ns = 1000) {
  const std::string envelope = Signed(card);
  const ByteView bytes = AsBytes(envelope);
  return {.card = *trust::OpenNodeCard(bytes),
          .envelope = Bytes(bytes.begin(), bytes.end()),
          .tls_key = PublicFrom(kTlsKey),
          .round_trip_ns = round_trip_ns};
}

trust::NodeCard WithVersion(std::uint64_t version) {
  trust::NodeCard card = ExampleCard();
  card.version = version;
  return card;
}

TEST(FoundNodesTest, ANodeIsOneHoweverManyEndpointsItHas) {
  FoundNodes found;
  ASSERT_TRUE(found.Take(kFirst, Probed(ExampleCard(), 2000), kNow));
  ASSERT_TRUE(found.Take(kSecond, Probed(ExampleCard(), 1000), kNow));
  ASSERT_TRUE(found.Take(kSecond, Probed(ExampleCard(), 500), kNow));
  ASSERT_EQ(found.Nodes().size(), 1u);
  EXPECT_EQ(found.Nodes()[0]->endpoints, (std::vector{kSecond, kFirst}));
  EXPECT_EQ(found.Nodes()[0]->round_trip_ns, 1000u);
}

TEST(FoundNodesTest, TheNewestCardCountsInWhateverOrderTheyCome) {
  FoundNodes found;
  ASSERT_TRUE(found.Take(kFirst, Probed(WithVersion(7)), kNow));
  ASSERT_TRUE(found.Take(kSecond, Probed(WithVersion(8)), kNow));
  const auto old = found.Take(kFirst, Probed(WithVersion(7)), kNow);
  ASSERT_FALSE(old);
  EXPECT_EQ(old.error().code, ErrorCode::kDenied);
  ASSERT_EQ(found.Nodes().size(), 1u);
  EXPECT_EQ(found.Nodes()[0]->card.card.version, 8u);
  EXPECT_EQ(found.Nodes()[0]->endpoints, std::vector{kSecond});
}

TEST(FoundNodesTest, ACardBelowWhatIsKnownIsARollback) {
  FoundNodes found;
  found.Require(PublicFrom(kIdentity), 8);
  EXPECT_FALSE(found.Take(kFirst, Probed(WithVersion(7)), kNow));
  EXPECT_TRUE(found.Take(kFirst, Probed(WithVersion(8)), kNow));
  found.Require(PublicFrom(kIdentity), 9);
  EXPECT_TRUE(found.Nodes().empty()) << "it has signed for a newer one";
}

TEST(FoundNodesTest, VersionsOutliveARound) {
  FoundNodes found;
  ASSERT_TRUE(found.Take(kFirst, Probed(WithVersion(8)), kNow));
  found.BeginRound();
  EXPECT_TRUE(found.Nodes().empty());
  EXPECT_FALSE(found.Take(kFirst, Probed(WithVersion(7)), kNow));
}

TEST(FoundNodesTest, ANodeThatHasSignedTwoCardsOfOneVersionDoesNotCount) {
  FoundNodes found;
  trust::NodeCard other = ExampleCard();
  other.name = "another";
  ASSERT_TRUE(found.Take(kFirst, Probed(ExampleCard()), kNow));
  const auto conflict = found.Take(kSecond, Probed(other), kNow);
  ASSERT_FALSE(conflict);
  EXPECT_EQ(conflict.error().code, ErrorCode::kConflict);
  EXPECT_TRUE(found.Nodes().empty());
  EXPECT_FALSE(found.Take(kFirst, Probed(ExampleCard()), kNow));
  EXPECT_TRUE(found.Take(kFirst, Probed(WithVersion(8)), kNow)) << "a newer card makes up for it";
}

TEST(FoundNodesTest, ACardThatDoesNotSpeakForTheServerDoesNotCount) {
  FoundNodes found;
  ProbedNode copied = Probed(ExampleCard());
  copied.tls_key = PublicFrom(99);
  EXPECT_FALSE(found.Take(kFirst, copied, kNow));
  EXPECT_FALSE(found.Take(kFirst, Probed(ExampleCard()), Time("2027-01-01T00:00:00Z")))
      << "expired";
  EXPECT_FALSE(found.Take(kFirst, Probed(ExampleCard()), Time("2026-05-31T23:54:59Z")))
      << "to come";
  EXPECT_TRUE(found.Take(kFirst, Probed(ExampleCard()), Time("2026-05-31T23:55:00Z")));
  trust::NodeCard revoked = WithVersion(9);
  revoked.revoked = {{.key = PublicFrom(kTlsKey), .at = kNow, .log_size = {}}};
  EXPECT_FALSE(found.Take(kFirst, Probed(revoked), kNow));
}

}  // namespace
}  // namespace plasm::discovery
