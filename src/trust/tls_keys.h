// The TLS keys that a card lists (spec/trust.md section 3). Pure.
#pragma once

#include <vector>

#include "base/result.h"
#include "base/utc_time.h"
#include "crypto/ed25519.h"
#include "trust/node_card.h"

namespace plasm::trust {

// Those that are valid at `now` and that the card has not revoked: the newest first, those of one
// time in the order of the card.
std::vector<NodeKey> ValidTlsKeys(const NodeCard& card, UtcTime now);

// Whether a card that was got from a server answers for the key of that server: kDenied, naming
// both, unless the card lists it for TLS and it is valid at `now`.
Result<void> CheckListsTlsKey(const NodeCard& card, const crypto::PublicKey& server, UtcTime now);

}  // namespace plasm::trust
