#include "client/node_pin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "trust/testing/cards.h"

namespace plasm::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using trust::testing::ExampleCard;
using trust::testing::PublicFrom;
using trust::testing::Time;

const UtcTime kNow = Time("2026-07-01T00:00:00Z");
constexpr unsigned char kNewTlsKey = 77;

trust::TrustState Trusting(const trust::NodeCard& card,
                           trust::TrustLevel level = trust::TrustLevel::kLogged,
                           std::vector<trust::OwnRevocation> revoked = {}) {
  trust::TrustFile file;
  EXPECT_TRUE(file.Add({.name = "a",
                        .identity = card.identity,
                        .level = level,
                        .card_version = {},
                        .revoked = std::move(revoked)}));
  trust::TrustState state(std::move(file));
  const auto envelope =
      trust::SignNodeCard(card, trust::testing::KeyFrom(trust::testing::kIdentity));
  EXPECT_TRUE(envelope);
  EXPECT_TRUE(state.TakeCard(*trust::OpenNodeCard(AsBytes(*envelope))));
  return state;
}

trust::NodeCard WithSecondTlsKey(const char* from) {
  trust::NodeCard card = ExampleCard();
  card.keys.push_back({.use = trust::KeyUse::kTls,
                       .key = PublicFrom(kNewTlsKey),
                       .from = Time(from),
                       .to = Time("2027-12-31T23:59:59.999Z"),
                       .origin = {}});
  return card;
}

TEST(TlsKeysTest, AreThoseOfTheCardTheNewestFirst) {
  EXPECT_THAT(*TlsKeysOf(Trusting(ExampleCard()), "a", kNow),
              ElementsAre(PublicFrom(trust::testing::kTlsKey)));
  EXPECT_THAT(*TlsKeysOf(Trusting(WithSecondTlsKey("2026-06-15T00:00:00Z")), "a", kNow),
              ElementsAre(PublicFrom(kNewTlsKey), PublicFrom(trust::testing::kTlsKey)));
}

TEST(TlsKeysTest, OneThatIsNotYetValidDoesNotCount) {
  EXPECT_THAT(*TlsKeysOf(Trusting(WithSecondTlsKey("2026-09-01T00:00:00Z")), "a", kNow),
              ElementsAre(PublicFrom(trust::testing::kTlsKey)));
}

TEST(TlsKeysTest, ARevokedOneDoesNotCountWhoeverRevokedIt) {
  trust::NodeCard card = ExampleCard();
  card.revoked.push_back({PublicFrom(trust::testing::kTlsKey), Time("2026-06-20T00:00:00Z"), {}});
  EXPECT_EQ(TlsKeysOf(Trusting(card), "a", kNow).error().code, ErrorCode::kDenied);
  const auto mine = Trusting(
      ExampleCard(), trust::TrustLevel::kLogged,
      {{trust::testing::FingerprintFrom(trust::testing::kTlsKey), Time("2026-06-20T00:00:00Z")}});
  EXPECT_EQ(TlsKeysOf(mine, "a", kNow).error().code, ErrorCode::kDenied);
}

TEST(TlsKeysTest, ABlockedOrUnknownNodeHasNone) {
  EXPECT_EQ(TlsKeysOf(Trusting(ExampleCard(), trust::TrustLevel::kBlocked), "a", kNow).error().code,
            ErrorCode::kDenied);
  EXPECT_EQ(TlsKeysOf(Trusting(ExampleCard()), "b", kNow).error().code, ErrorCode::kNotFound);
}

TEST(ServerKeyTest, MustStandOnTheCardThatTheServerShows) {
  EXPECT_TRUE(CheckListsTlsKey(ExampleCard(), PublicFrom(trust::testing::kTlsKey), kNow));
  const auto other = CheckListsTlsKey(ExampleCard(), PublicFrom(kNewTlsKey), kNow);
  EXPECT_EQ(other.error().code, ErrorCode::kDenied);
  EXPECT_THAT(other.error().message, HasSubstr(trust::testing::FingerprintFrom(kNewTlsKey)));
  EXPECT_THAT(other.error().message,
              HasSubstr(trust::testing::FingerprintFrom(trust::testing::kTlsKey)));
  // A receipt key is no TLS key.
  EXPECT_FALSE(CheckListsTlsKey(ExampleCard(), PublicFrom(trust::testing::kReceiptKey), kNow));
}

}  // namespace
}  // namespace plasm::client
