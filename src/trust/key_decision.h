// What the trusted nodes and their cards say about a key (spec/trust.md section 6): one
// question a function, so that a verifier can ask them in the order of spec/receipt.md
// section 8. All pure and thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/utc_time.h"
#include "crypto/ed25519.h"
#include "trust/trust_state.h"

namespace plasm::trust {

// A key that a trusted node answers with. Pointers into the TrustState, never null.
struct FoundKey {
  const TrustedNode* node;  // also its name and level
  const NodeCard* card;
  const NodeKey* key;
};

// Step 2: the key with the fingerprint `key` on the card of the trusted node whose identity key
// has the fingerprint `identity`, listed for this use. Blocked, expired and revoked ones are
// found too. kNotFound, saying what is missing, is the verdict UNKNOWN_KEY.
//
// No other node's card is looked at: a card proves nothing about who holds the keys it lists.
Result<FoundKey> FindKey(const TrustState& state, std::string_view identity, std::string_view key,
                         KeyUse use);

// Step 3: NODE_BLOCKED.
bool IsBlocked(const FoundKey& found);

// Step 4: KEY_NOT_VALID unless it is kValid.
enum class KeyValidity {
  kValid,
  kNotYet,       // before the key's `from`
  kEnded,        // after its `to`
  kCardExpired,  // after the card's `expires`: a newer card may say otherwise
};
// `end`: observed.end of the receipt. The card's `issued` is no bound: a new card must not end
// what was signed under an old one.
KeyValidity ValidityAt(const FoundKey& found, UtcTime end);

// Where a receipt stands in a log, proven by a checkpoint under `log_key`.
struct ProvenEntry {
  crypto::PublicKey log_key;
  std::uint64_t index = 0;
};

// Step 5, KEY_REVOKED: who revoked the key.
enum class KeyRevocation {
  kNone,
  kLoggedBefore,  // revoked by the card, but this receipt was logged before: it counts
  kByCard,
  kByVerifier,  // `revoked=` in the trust file, which knows no exceptions
};
constexpr bool IsRevoked(KeyRevocation revocation) {
  return revocation == KeyRevocation::kByCard || revocation == KeyRevocation::kByVerifier;
}

// `entry`: the receipt's place, where a proof was checked. It makes an exception (section 4)
// for receipt keys only, and only when its log key stands on the same card, is not revoked,
// and was the node's log key at the time of the revocation: `logSize` counts in that log.
KeyRevocation RevocationOf(const FoundKey& found, const std::optional<ProvenEntry>& entry);

struct LogKey {
  const NodeKey* key;        // into the TrustState
  KeyRevocation revocation;  // kNone, kByCard or kByVerifier
};

// The log keys of the found key's node under this origin: those that a proof may be checked
// with, when the receipt is signed by itself. A revoked one signs nothing that counts, but its
// proofs are not wrong in form.
std::vector<LogKey> LogKeysOf(const FoundKey& found, std::string_view origin);

}  // namespace plasm::trust
