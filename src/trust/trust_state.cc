#include "trust/trust_state.h"

#include <utility>

#include "crypto/public_key_text.h"

namespace plasm::trust {

Result<CardStanding> TrustState::TakeCard(OpenedCard card) {
  const crypto::PublicKey identity = card.card.identity;
  const TrustedNode* node = file_.FindByIdentity(identity);
  if (node == nullptr) {
    return Error{ErrorCode::kNotFound,
                 "card of " + crypto::Fingerprint(identity) + ": this node is not trusted"};
  }
  PLASM_TRY(const CardStanding standing, AcceptanceOf(card, {.identity = identity,
                                                             .version = node->card_version,
                                                             .card = CardOf(identity)}));
  cards_.insert_or_assign(identity, std::move(card));
  return standing;
}

const OpenedCard* TrustState::CardOf(const crypto::PublicKey& identity) const {
  const auto found = cards_.find(identity);
  return found == cards_.end() ? nullptr : &found->second;
}

}  // namespace plasm::trust
