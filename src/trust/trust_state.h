// What a verifier has to go by: its trusted nodes, and of each the last card that it accepted.
#pragma once

#include <map>
#include <string_view>

#include "base/result.h"
#include "trust/card_acceptance.h"
#include "trust/node_card.h"
#include "trust/trust_file.h"

namespace plasm::trust {

// Pure. Pointers are valid until the object changes or ends.
class TrustState {
 public:
  TrustState() = default;
  explicit TrustState(TrustFile file) : file_(std::move(file)) {}

  // Takes a card as an accepted one, by the rules of card_acceptance.h against `card=` and the
  // cards taken before. kNotFound when its node is not in the file, otherwise the errors of
  // AcceptanceOf; the card is then as if it were not there. The file is not changed.
  Result<CardStanding> TakeCard(OpenedCard card);

  const TrustFile& file() const { return file_; }
  const OpenedCard* CardOf(const crypto::PublicKey& identity) const;

 private:
  TrustFile file_;
  std::map<crypto::PublicKey, OpenedCard> cards_;  // by identity
};

}  // namespace plasm::trust
