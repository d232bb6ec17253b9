#include "trust/tls_keys.h"

#include <algorithm>
#include <functional>
#include <string>

#include "crypto/public_key_text.h"

namespace plasm::trust {
namespace {

bool IsValid(const NodeCard& card, const NodeKey& key, UtcTime now) {
  if (key.use != KeyUse::kTls || now < key.from || now > key.to) return false;
  return std::ranges::none_of(card.revoked, [&](const RevokedKey& revoked) {
    return revoked.key == key.key && revoked.at <= now;
  });
}

}  // namespace

std::vector<NodeKey> ValidTlsKeys(const NodeCard& card, UtcTime now) {
  std::vector<NodeKey> keys;
  for (const NodeKey& key : card.keys) {
    if (!IsValid(card, key, now)) continue;
    keys.insert(std::ranges::upper_bound(keys, key.from, std::greater<>(), &NodeKey::from), key);
  }
  return keys;
}

Result<void> CheckListsTlsKey(const NodeCard& card, const crypto::PublicKey& server, UtcTime now) {
  const std::vector<NodeKey> keys = ValidTlsKeys(card, now);
  if (std::ranges::any_of(keys, [&](const auto& key) { return key.key == server; })) return {};
  std::string listed;
  for (const auto& key : keys)
    listed += (listed.empty() ? "" : ", ") + crypto::Fingerprint(key.key);
  return Error{ErrorCode::kDenied, "the server has the TLS key " + crypto::Fingerprint(server) +
                                       ", but the card that it shows lists " +
                                       (listed.empty() ? "none" : listed) +
                                       ": this may be another machine than the node"};
}

}  // namespace plasm::trust
