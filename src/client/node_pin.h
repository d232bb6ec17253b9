// Which TLS key a node must have: what its newest accepted card lists (spec/trust.md), or for a
// node that is not trusted the one card that it has shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/utc_time.h"
#include "crypto/ed25519.h"
#include "net/endpoint.h"
#include "trust/tls_keys.h"
#include "trust/trust_state.h"
#include "trust/trust_store.h"

namespace plasm::client {

// The TLS keys of a trusted node that are valid at `now` and not revoked, the one that became
// valid last first. kNotFound when the node is not trusted or has no card here, kDenied when it
// is blocked or its card lists no such key. Pure.
Result<std::vector<crypto::PublicKey>> TlsKeysOf(const trust::TrustState& trusted,
                                                 std::string_view node, UtcTime now);

using trust::CheckListsTlsKey;

// The card that the server at `endpoint` shows, once its signature has been checked; over TLS
// the server must have `server_key`. Whether its identity is to be trusted is another question.
struct OfferedCard {
  Bytes envelope;
  trust::OpenedCard opened;
};
Result<OfferedCard> FetchCard(Clock& clock, const net::Endpoint& endpoint,
                              const std::optional<crypto::PublicKey>& server_key);

// One thread at a time. Store and clock outlive it.
class NodePin {
 public:
  NodePin(const trust::TrustStore& store, std::string node, Clock& clock,
          std::optional<trust::OpenedCard> shown = {})
      : store_(store), node_(std::move(node)), clock_(clock), shown_(std::move(shown)) {}

  const std::string& node() const { return node_; }

  // As TlsKeysOf; of a card that was shown, those that it lists, or kDenied.
  Result<std::vector<crypto::PublicKey>> Keys() const;

  // The server at the endpoint was found to have another key than the expected one. Gives the
  // key that it has when the card known here lists that too, or a newer card does, which is then
  // accepted (trust/card_acceptance.h); kDenied, naming both keys, otherwise. kUnavailable when
  // the server can't be asked. For a node that has shown its card no other one counts.
  Result<crypto::PublicKey> KeyInstead(const net::Endpoint& endpoint,
                                       const crypto::PublicKey& expected) const;

 private:
  UtcTime Now() const { return UtcTime::FromNanoseconds(clock_.RealtimeNs()); }

  const trust::TrustStore& store_;
  std::string node_;
  Clock& clock_;
  std::optional<trust::OpenedCard> shown_;
};

}  // namespace plasm::client
