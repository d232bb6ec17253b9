// Replacing and revoking a node's keys (spec/trust.md sections 3 and 4): the files, and the
// cards that say so.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "base/utc_time.h"
#include "crypto/ed25519.h"
#include "node/own_card.h"
#include "trust/node_card.h"

namespace plasm::node {

// What a change needs, for as long as it takes. `engine_version` as in "48.0.8".
struct KeyChangeSetting {
  std::filesystem::path data_folder;
  std::string engine_version;
  Clock& clock;
  Entropy& entropy;
};

struct ReplacedKey {
  crypto::PublicKey before;
  crypto::PublicKey now;
  IssuedCard card;
};

// Puts a new key in the place of the receipt, log or TLS key, and issues a card on which the
// old one has ended. A new log key begins another log, under another origin. What the node needs
// and does not have yet is made first. kLimitExceeded or kInvalid, and nothing has happened,
// when the card is full. Durable on return; after a crash or an error in between, the next call
// of LocalNode::Open issues the card.
Result<ReplacedKey> ReplaceKey(const KeyChangeSetting& setting, trust::KeyUse use);

struct RevocationWish {
  std::string fingerprint;
  std::optional<UtcTime> at;              // now
  std::optional<std::uint64_t> log_size;  // as much as is in the log that the node had then
};

struct RevokedNodeKey {
  trust::NodeKey key;
  UtcTime at;
  std::optional<std::uint64_t> log_size;  // nothing: no receipt counts on
  std::optional<ReplacedKey> replaced;    // when it was in use
  IssuedCard card;
};

// Issues a card that revokes a key which the last one lists. A key in use is replaced first. Of
// a receipt key's receipts, those that are in the log count on. kNotFound for a key that is not
// listed, kConflict for one that is revoked, kInvalid for a time to come and for a log_size
// that is larger than the log or has no log that it could be of.
Result<RevokedNodeKey> RevokeKey(const KeyChangeSetting& setting, const RevocationWish& wish);

}  // namespace plasm::node
