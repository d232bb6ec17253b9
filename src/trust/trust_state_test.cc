#include "trust/trust_state.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <utility>

#include "trust/testing/cards.h"

namespace plasm::trust {
namespace {

using namespace testing;  // NOLINT: the tests' own keys and cards

TrustState WithNodeA(std::optional<std::uint64_t> card_version) {
  TrustedNode node = NodeA();
  node.card_version = card_version;
  TrustFile file;
  EXPECT_TRUE(file.Add(std::move(node)));
  return TrustState(std::move(file));
}

TEST(TrustStateTest, ACardOfANodeThatIsNotTrustedIsNotTaken) {
  TrustState state;
  const auto taken = state.TakeCard(Opened(ExampleCard()));
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(state.CardOf(PublicFrom(kIdentity)), nullptr);
}

TEST(TrustStateTest, ARefusedCardLeavesTheOneThatWasTaken) {
  TrustState state = WithNodeA({});
  ASSERT_TRUE(state.TakeCard(Opened(ExampleCard())));
  NodeCard older = ExampleCard();
  older.version = 6;
  EXPECT_EQ(state.TakeCard(Opened(older)).error().code, ErrorCode::kDenied);
  NodeCard other = ExampleCard();
  other.name = "node A";
  EXPECT_EQ(state.TakeCard(Opened(other)).error().code, ErrorCode::kConflict);
  ASSERT_NE(state.CardOf(PublicFrom(kIdentity)), nullptr);
  EXPECT_EQ(state.CardOf(PublicFrom(kIdentity))->card, ExampleCard());
}

TEST(TrustStateTest, ACardBelowTheTrustFilesVersionIsNotTaken) {
  TrustState state = WithNodeA(8);
  EXPECT_EQ(state.TakeCard(Opened(ExampleCard())).error().code, ErrorCode::kDenied);
  EXPECT_EQ(state.CardOf(PublicFrom(kIdentity)), nullptr);
}

}  // namespace
}  // namespace plasm::trust
