#include "trust/key_decision.h"

#include <algorithm>
#include <string>

#include "base/quote.h"
#include "crypto/public_key_text.h"

namespace plasm::trust {
namespace {

Error Unknown(std::string message) { return {ErrorCode::kNotFound, std::move(message)}; }

bool RevokedByVerifier(const TrustedNode& node, const crypto::PublicKey& key) {
  if (node.revoked.empty()) return false;
  const std::string fingerprint = crypto::Fingerprint(key);
  return std::ranges::any_of(node.revoked, [&](const OwnRevocation& revocation) {
    return revocation.fingerprint == fingerprint;
  });
}

const RevokedKey* RevokedByCard(const NodeCard& card, const crypto::PublicKey& key) {
  const auto found = std::ranges::find(card.revoked, key, &RevokedKey::key);
  return found == card.revoked.end() ? nullptr : &*found;
}

// Without any exception.
KeyRevocation PlainRevocationOf(const FoundKey& found, const crypto::PublicKey& key) {
  if (RevokedByVerifier(*found.node, key)) return KeyRevocation::kByVerifier;
  return RevokedByCard(*found.card, key) == nullptr ? KeyRevocation::kNone : KeyRevocation::kByCard;
}

// Whether the entry is one of those that the node says were logged before.
bool WasLoggedBefore(const FoundKey& found, const RevokedKey& revoked, const ProvenEntry& entry) {
  if (!revoked.log_size || entry.index >= *revoked.log_size) return false;
  if (PlainRevocationOf(found, entry.log_key) != KeyRevocation::kNone) return false;
  return std::ranges::any_of(found.card->keys, [&](const NodeKey& key) {
    return key.use == KeyUse::kLog && key.key == entry.log_key && key.from <= revoked.at &&
           revoked.at <= key.to;
  });
}

}  // namespace

Result<FoundKey> FindKey(const TrustState& state, std::string_view identity, std::string_view key,
                         KeyUse use) {
  const TrustedNode* node = state.file().FindByFingerprint(identity);
  if (node == nullptr) {
    return Unknown("no trusted node has the identity key " + Quote(identity));
  }
  const OpenedCard* opened = state.CardOf(node->identity);
  if (opened == nullptr) {
    return Unknown("no card of the trusted node " + Quote(node->name) + " was accepted");
  }
  for (const NodeKey& listed : opened->card.keys) {
    if (listed.use == use && crypto::Fingerprint(listed.key) == key) {
      return FoundKey{node, &opened->card, &listed};
    }
  }
  return Unknown("version " + std::to_string(opened->card.version) + " of the card of node " +
                 Quote(node->name) + " lists no " + std::string(KeyUseName(use)) + " key " +
                 Quote(key));
}

bool IsBlocked(const FoundKey& found) { return found.node->level == TrustLevel::kBlocked; }

KeyValidity ValidityAt(const FoundKey& found, UtcTime end) {
  if (end < found.key->from) return KeyValidity::kNotYet;
  if (end > found.key->to) return KeyValidity::kEnded;
  return end > found.card->expires ? KeyValidity::kCardExpired : KeyValidity::kValid;
}

KeyRevocation RevocationOf(const FoundKey& found, const std::optional<ProvenEntry>& entry) {
  const KeyRevocation plain = PlainRevocationOf(found, found.key->key);
  if (plain != KeyRevocation::kByCard || found.key->use != KeyUse::kReceipt || !entry) {
    return plain;
  }
  const RevokedKey& revoked = *RevokedByCard(*found.card, found.key->key);
  return WasLoggedBefore(found, revoked, *entry) ? KeyRevocation::kLoggedBefore : plain;
}

std::vector<LogKey> LogKeysOf(const FoundKey& found, std::string_view origin) {
  std::vector<LogKey> log_keys;
  for (const NodeKey& key : found.card->keys) {
    if (key.use == KeyUse::kLog && key.origin == origin) {
      log_keys.push_back({&key, PlainRevocationOf(found, key.key)});
    }
  }
  return log_keys;
}

}  // namespace plasm::trust
