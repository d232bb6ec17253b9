#include <gtest/gtest.h>

#include "case_runners.h"
#include "trust/card_acceptance.h"
#include "trust/trust_state.h"

namespace plasm::vectors {
namespace {

using trust::OpenedCard;

std::string OutcomeOf(trust::CardStanding standing) {
  switch (standing) {
    case trust::CardStanding::kFirst:
    case trust::CardStanding::kNewer:
    case trust::CardStanding::kSameAgain:
    case trust::CardStanding::kKeptAgain:
      return "accepted";
    case trust::CardStanding::kRollback:
      return "rollback";
    case trust::CardStanding::kConflict:
      return "conflict";
    case trust::CardStanding::kOtherIdentity:
      return "of another node";
  }
  return "unknown";
}

std::string OutcomeOf(const Bytes& card, const std::optional<OpenedCard>& previous,
                      std::optional<std::uint64_t> known_version) {
  const auto offered = trust::OpenNodeCard(card);
  if (!offered) {
    return offered.error().code == ErrorCode::kDenied ? "refused-signature" : "refused-malformed";
  }
  // A verifier keeps the cards of each node apart.
  const bool same_node = previous && previous->card.identity == offered->card.identity;
  const trust::AcceptedBefore before = {.identity = offered->card.identity,
                                        .version = known_version,
                                        .card = same_node ? &*previous : nullptr};
  const auto standing = trust::StandingOf(*offered, before);
  const std::string outcome = OutcomeOf(standing);
  EXPECT_EQ(trust::AcceptanceOf(*offered, before).has_value(), outcome == "accepted");
  return outcome;
}

// The same by way of a trust file with the node in it, which forgets nothing either. A previous
// card that is older than `card=` can't have come in this way.
void ExpectTrustStateAgrees(const Bytes& card, const std::optional<OpenedCard>& previous,
                            std::optional<std::uint64_t> known_version, bool accepted) {
  auto offered = trust::OpenNodeCard(card);
  if (!offered) return;
  const crypto::PublicKey identity = offered->card.identity;
  trust::TrustFile file;
  ASSERT_TRUE(file.Add({.name = "a",
                        .identity = identity,
                        .level = trust::TrustLevel::kSigned,
                        .card_version = known_version,
                        .revoked = {}}));
  trust::TrustState state(std::move(file));
  if (previous && previous->card.identity == identity && !state.TakeCard(*previous)) return;
  EXPECT_EQ(state.TakeCard(*std::move(offered)).has_value(), accepted);
}

}  // namespace

void RunCardCase(CaseFields& fields) {
  const Bytes card = fields.TextOrBase64("card");
  std::optional<OpenedCard> previous;
  if (const auto bytes = fields.OptionalBytes("previous")) {
    previous = Need(trust::OpenNodeCard(*bytes));
  }
  std::optional<std::uint64_t> known_version;
  if (fields.Has("known_version")) known_version = fields.Number("known_version");
  const std::string outcome = fields.Text("outcome");
  EXPECT_EQ(OutcomeOf(card, previous, known_version), outcome);
  ExpectTrustStateAgrees(card, previous, known_version, outcome == "accepted");
}

}  // namespace plasm::vectors
