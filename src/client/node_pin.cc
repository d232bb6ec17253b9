#include "client/node_pin.h"

#include <algorithm>
#include <utility>

#include "base/quote.h"
#include "client/problem_document.h"
#include "crypto/public_key_text.h"
#include "net/client.h"

namespace plasm::client {
Result<std::vector<crypto::PublicKey>> TlsKeysOf(const trust::TrustState& trusted,
                                                 std::string_view name, UtcTime now) {
  const trust::TrustedNode* node = trusted.file().FindByName(name);
  if (node == nullptr) {
    return Error{ErrorCode::kNotFound,
                 "no node " + Quote(name) + " is trusted here: add it with plasm node add URL"};
  }
  if (node->level == trust::TrustLevel::kBlocked) {
    return Error{ErrorCode::kDenied,
                 "the node " + Quote(name) + " is blocked here: plasm trust level changes that"};
  }
  const trust::OpenedCard* card = trusted.CardOf(node->identity);
  if (card == nullptr) {
    return Error{ErrorCode::kNotFound, "no card of the node " + Quote(name) +
                                           " is kept here: get it with plasm node add URL"};
  }
  std::vector<crypto::PublicKey> keys;
  for (const trust::NodeKey& key : trust::ValidTlsKeys(card->card, now)) {
    const std::string fingerprint = crypto::Fingerprint(key.key);
    const bool revoked_here = std::ranges::any_of(
        node->revoked, [&](const auto& revoked) { return revoked.fingerprint == fingerprint; });
    if (!revoked_here) keys.push_back(key.key);
  }
  if (!keys.empty()) return keys;
  return Error{ErrorCode::kDenied, "the card of the node " + Quote(name) +
                                       " lists no TLS key that is valid now: found " +
                                       std::to_string(card->card.keys.size()) +
                                       " keys, expected one of the use tls"};
}

Result<OfferedCard> FetchCard(Clock& clock, const net::Endpoint& endpoint,
                              const std::optional<crypto::PublicKey>& server_key) {
  net::Client client(clock, endpoint, server_key, nullptr);
  PLASM_TRY(net::WholeResponse response,
            client.Fetch({.target = "/v1/node"}, trust::kMaxCardBytes));
  if (response.head.status != 200) return ReadProblem(response.head.status, response.body).error;
  auto opened = trust::OpenNodeCard(response.body);
  if (!opened) {
    return Error{opened.error().code,
                 endpoint.ToString() + ": the node's card: " + opened.error().message};
  }
  return OfferedCard{std::move(response.body), *std::move(opened)};
}

Result<std::vector<crypto::PublicKey>> NodePin::Keys() const {
  if (shown_) {
    std::vector<crypto::PublicKey> keys;
    for (const auto& key : trust::ValidTlsKeys(shown_->card, Now())) keys.push_back(key.key);
    if (!keys.empty()) return keys;
    return Error{ErrorCode::kDenied,
                 "the card that " + node_ + " has shown lists no TLS key that is valid now"};
  }
  PLASM_TRY(const trust::LoadedTrust loaded, store_.Load());
  return TlsKeysOf(loaded.state, node_, Now());
}

Result<crypto::PublicKey> NodePin::KeyInstead(const net::Endpoint& endpoint,
                                              const crypto::PublicKey& expected) const {
  PLASM_TRY(const crypto::PublicKey found, net::FetchServerKey(clock_, endpoint));
  const auto is_listed = [&]() -> Result<bool> {
    PLASM_TRY(const std::vector<crypto::PublicKey> keys, Keys());
    return std::ranges::find(keys, found) != keys.end();
  };
  PLASM_TRY(const bool listed_already, is_listed());
  if (listed_already) return found;

  const auto refused = [&](const std::string& why) {
    return Error{ErrorCode::kDenied, endpoint.ToString() + " has the TLS key " +
                                         crypto::Fingerprint(found) + ", expected " +
                                         crypto::Fingerprint(expected) + " of the node " +
                                         Quote(node_) + ": " + why};
  };
  if (shown_) return refused("the card that it has shown does not list that key");
  PLASM_TRY(const OfferedCard offered, FetchCard(clock_, endpoint, found));
  PLASM_TRY(const trust::LoadedTrust loaded, store_.Load());
  const trust::TrustedNode* node = loaded.state.file().FindByName(node_);
  if (node == nullptr || offered.opened.card.identity != node->identity) {
    return refused("it shows the card of another node, " +
                   crypto::Fingerprint(offered.opened.card.identity));
  }
  if (const auto lists = CheckListsTlsKey(offered.opened.card, found, Now()); !lists) {
    return refused(lists.error().message);
  }
  if (const auto accepted = store_.AcceptCard(offered.envelope); !accepted) {
    return refused(accepted.error().message);
  }
  PLASM_TRY(const bool listed_now, is_listed());
  if (!listed_now) return refused("that key is revoked here");
  return found;
}

}  // namespace plasm::client
