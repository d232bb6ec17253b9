// The card that a node issues about itself: what to write on it, and when (spec/trust.md
// sections 3 and 4).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "base/utc_time.h"
#include "crypto/ed25519.h"
#include "node/node_keys.h"
#include "trust/node_card.h"

namespace plasm::node {

// Whose word counts for name, endpoints and labels.
enum class FactsFrom {
  kConfiguration,  // of a process that serves others
  kLastCard,       // where there is one: a process that only signs changes nothing of it
};

// What a node says of itself besides its keys.
struct CardFacts {
  std::string name;
  std::vector<std::string> endpoints;
  trust::Capabilities capabilities;
  FactsFrom from = FactsFrom::kConfiguration;
};

// Those of a node that nobody has configured: no endpoints, and a name made of its identity, so
// that the name of the machine stays private; the last card's where there is one.
// `engine_version` as in "48.0.8".
CardFacts PlainFacts(const crypto::PublicKey& identity, std::string_view engine_version);

// The keys that a node uses now.
struct CurrentKeys {
  crypto::PublicKey identity;
  crypto::PublicKey receipt;
  crypto::PublicKey log;
  std::optional<crypto::PublicKey> tls{};
};

// The origin of a node's n-th log, counted from 1 (spec/log.md section 1).
std::string LogOrigin(const crypto::PublicKey& identity, std::size_t number);

// The card after `last`, or nothing when `last` still says everything: lists the current keys,
// ends those that are not current any more, and lasts long enough. Pure.
std::optional<trust::NodeCard> NextCard(const std::optional<trust::NodeCard>& last,
                                        const CurrentKeys& keys, const CardFacts& facts,
                                        UtcTime now);

// Whether the node may sign with these keys: kConflict, naming the remedy, when the card has
// ended or revoked one of them, as when an old key file was put back. Pure.
Result<void> CheckKeysInUse(const trust::NodeCard& card, const CurrentKeys& keys);

// `last` with a key revoked from `at` on, as the next version. kNotFound when the card does not
// list the key, kConflict when it is revoked already. Pure.
struct Revocation {
  std::string fingerprint;
  UtcTime at;
  // Receipts below this index of the log that the node had then count on.
  std::optional<std::uint64_t> log_size{};
};
Result<trust::NodeCard> CardRevoking(const trust::NodeCard& last, const Revocation& revocation,
                                     UtcTime now);

// Which of the node's logs a key signs, counted from 1 in the order of the card; 0 when the card
// does not list the key.
std::size_t LogNumberOf(const trust::NodeCard& card, const crypto::PublicKey& log_key);

struct IssuedCard {
  trust::NodeCard card;
  std::string envelope;  // as others get it
};

// The cards that a node has issued: the last one, in `card.json` of the data folder. Several
// processes may use it at a time. The references must outlive it.
//
// Every call fails with kCorrupt when that file is damaged, since a node that forgets its
// versions is not believed again; and those that write with kUnavailable when another process
// has replaced the keys since they were loaded.
class OwnCard {
 public:
  OwnCard(std::filesystem::path data_folder, const NodeKeys& keys, CardFacts facts, Clock& clock)
      : folder_(std::move(data_folder)), keys_(keys), facts_(std::move(facts)), clock_(clock) {}

  // As it was issued; nothing when there is none.
  Result<std::optional<IssuedCard>> Last() const;

  // The card that is valid now, issued first when there is none or the last one will not do.
  // Durable on return. Errors as CheckKeysInUse.
  Result<IssuedCard> Current() const;

  // The number that the next card gives to the log of the current log key; 0 when a card lists
  // that key already, so that its log must be there.
  Result<std::size_t> NumberOfNewLog() const;

  // Issues a card with a key revoked; the errors are those of CardRevoking. Durable on return.
  Result<IssuedCard> Revoke(const Revocation& revocation) const;

  // PutInPlace for the key that `key_file` has, if the next card can list `after`, the keys that
  // the node has then. The card itself is issued by Current, of an object with those keys.
  Result<void> ReplaceKey(const std::filesystem::path& key_file, const crypto::PublicKey& old_key,
                          const CurrentKeys& after) const;

  CurrentKeys PublicKeys() const;
  std::filesystem::path path() const { return folder_ / "card.json"; }

 private:
  Result<UniqueFd> LockToWrite() const;
  Result<IssuedCard> Issue(trust::NodeCard card) const;
  UtcTime Now() const { return UtcTime::FromNanoseconds(clock_.RealtimeNs()); }

  std::filesystem::path folder_;
  const NodeKeys& keys_;
  CardFacts facts_;
  Clock& clock_;
};

}  // namespace plasm::node
