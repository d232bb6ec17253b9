// Whether a card takes the place of the last one that was accepted (spec/trust.md section 3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "trust/node_card.h"

namespace plasm::trust {

// What a verifier remembers of the cards of one identity.
struct AcceptedBefore {
  crypto::PublicKey identity;
  std::optional<std::uint64_t> version;  // `card=` of the trust file
  const OpenedCard* card = nullptr;      // the one that is kept, if any
};

enum class CardStanding {
  kFirst,          // nothing was accepted before
  kNewer,          // replaces what was accepted
  kSameAgain,      // it is the one that is kept
  kKeptAgain,      // of the version that was accepted last, and no card of that version is kept
  kRollback,       // of a smaller version than one that was accepted
  kConflict,       // of the same version as the one that is kept, and another
  kOtherIdentity,  // of another node
};

// Cards are told from each other by what was signed, not by how the envelope is written.
CardStanding StandingOf(const OpenedCard& offered, const AcceptedBefore& before);

// The standing, unless it is one of the last three: then kDenied (another identity, rollback)
// or kConflict, saying which.
Result<CardStanding> AcceptanceOf(const OpenedCard& offered, const AcceptedBefore& before);

}  // namespace plasm::trust
