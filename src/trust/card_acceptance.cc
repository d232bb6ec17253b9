#include "trust/card_acceptance.h"

#include <algorithm>

#include "crypto/public_key_text.h"

namespace plasm::trust {
namespace {

// 0 when there was none: versions start at 1.
std::uint64_t LargestVersion(const AcceptedBefore& before) {
  const std::uint64_t kept = before.card == nullptr ? 0 : before.card->card.version;
  return std::max(before.version.value_or(0), kept);
}

}  // namespace

CardStanding StandingOf(const OpenedCard& offered, const AcceptedBefore& before) {
  if (offered.card.identity != before.identity) return CardStanding::kOtherIdentity;
  const std::uint64_t largest = LargestVersion(before);
  if (largest == 0) return CardStanding::kFirst;
  if (offered.card.version > largest) return CardStanding::kNewer;
  if (offered.card.version < largest) return CardStanding::kRollback;
  if (before.card == nullptr || before.card->card.version != largest) {
    return CardStanding::kKeptAgain;
  }
  return offered.payload_digest == before.card->payload_digest ? CardStanding::kSameAgain
                                                               : CardStanding::kConflict;
}

Result<CardStanding> AcceptanceOf(const OpenedCard& offered, const AcceptedBefore& before) {
  const CardStanding standing = StandingOf(offered, before);
  const std::string version = "card of version " + std::to_string(offered.card.version) + " of " +
                              crypto::Fingerprint(offered.card.identity);
  switch (standing) {
    case CardStanding::kRollback:
      return Error{ErrorCode::kDenied, version + ": a rollback, version " +
                                           std::to_string(LargestVersion(before)) +
                                           " was accepted before"};
    case CardStanding::kConflict:
      return Error{ErrorCode::kConflict,
                   version +
                       ": another card of this version was accepted before. A node that "
                       "signs two is broken, or its identity key is in other hands"};
    case CardStanding::kOtherIdentity:
      return Error{ErrorCode::kDenied,
                   version + ": expected a card of " + crypto::Fingerprint(before.identity)};
    case CardStanding::kFirst:
    case CardStanding::kNewer:
    case CardStanding::kSameAgain:
    case CardStanding::kKeptAgain:
      break;
  }
  return standing;
}

}  // namespace plasm::trust
