#include "node/key_change.h"

#include <algorithm>
#include <utility>

#include "base/quote.h"
#include "crypto/public_key_text.h"
#include "node/local_node.h"
#include "tlog/folder.h"
#include "tlog/folder_storage.h"
#include "tlog/log_reader.h"

namespace plasm::node {
namespace {

Result<IssuedCard> CardOfNode(const KeyChangeSetting& setting) {
  PLASM_TRY(const LocalNode node,
            LocalNode::Open(setting.data_folder, setting.engine_version, receipt::Signing::kEach,
                            setting.clock, setting.entropy));
  return node.card();
}

OwnCard OwnCardOf(const KeyChangeSetting& setting, const NodeKeys& keys) {
  return OwnCard(setting.data_folder, keys,
                 PlainFacts(keys.identity.public_key(), setting.engine_version), setting.clock);
}

std::filesystem::path KeyFileOf(const KeyChangeSetting& setting, trust::KeyUse use) {
  switch (use) {
    case trust::KeyUse::kReceipt:
      return ReceiptKeyPath(setting.data_folder);
    case trust::KeyUse::kLog:
      return LogKeyPath(setting.data_folder);
    case trust::KeyUse::kTls:
      return TlsKeyPath(setting.data_folder);
  }
  return {};
}

Result<crypto::PublicKey*> KeyOf(CurrentKeys& keys, trust::KeyUse use) {
  switch (use) {
    case trust::KeyUse::kReceipt:
      return &keys.receipt;
    case trust::KeyUse::kLog:
      return &keys.log;
    case trust::KeyUse::kTls:
      if (keys.tls) return &*keys.tls;
  }
  return Error{ErrorCode::kNotFound,
               "this node has no TLS key yet: plasmd start makes it when it serves others"};
}

bool IsInUse(const NodeKeys& keys, const crypto::PublicKey& key) {
  return key == keys.receipt.public_key() || key == keys.log.public_key() ||
         (keys.tls && key == keys.tls->public_key());
}

UtcTime Now(const KeyChangeSetting& setting) {
  return UtcTime::FromNanoseconds(setting.clock.RealtimeNs());
}

const trust::NodeKey* FindListed(const trust::NodeCard& card, const std::string& fingerprint) {
  const auto key = std::ranges::find_if(card.keys, [&](const trust::NodeKey& listed) {
    return crypto::Fingerprint(listed.key) == fingerprint;
  });
  return key == card.keys.end() ? nullptr : &*key;
}

// The log that the node had at this time; a revoked one proves nothing.
const trust::NodeKey* LogAt(const trust::NodeCard& card, UtcTime at) {
  const auto key = std::ranges::find_if(card.keys, [&](const trust::NodeKey& listed) {
    return listed.use == trust::KeyUse::kLog && listed.from <= at && at <= listed.to &&
           std::ranges::find(card.revoked, listed.key, &trust::RevokedKey::key) ==
               card.revoked.end();
  });
  return key == card.keys.end() ? nullptr : &*key;
}

Result<std::uint64_t> SizeOf(const std::filesystem::path& folder, const trust::NodeKey& log) {
  PLASM_TRY(auto opened, tlog::SystemFolder::Open(folder, tlog::SystemFolder::Access::kRead));
  tlog::FolderStorage storage(opened);
  PLASM_TRY(const auto reader,
            tlog::LogReader::Open(storage, tlog::LogVerifierKey(log.origin, log.key)));
  return reader.size();
}

// How much of its log counts on when a receipt key is revoked.
Result<std::optional<std::uint64_t>> LogSizeFor(const KeyChangeSetting& setting,
                                                const trust::NodeCard& card, UtcTime at,
                                                const std::optional<std::uint64_t>& wanted) {
  const trust::NodeKey* const log = LogAt(card, at);
  if (log == nullptr) {
    if (!wanted) return std::optional<std::uint64_t>();
    return Error{ErrorCode::kInvalid,
                 "the node had no log at " + at.ToString() + ", of which a size could be named"};
  }
  PLASM_TRY(const std::uint64_t size,
            SizeOf(LogFolder(setting.data_folder, LogNumberOf(card, log->key)), *log));
  if (wanted && *wanted > size) {
    return Error{ErrorCode::kInvalid, "the log that the node had at " + at.ToString() +
                                          " has no more than " + std::to_string(size) + " entries"};
  }
  return std::optional(wanted.value_or(size));
}

}  // namespace

Result<ReplacedKey> ReplaceKey(const KeyChangeSetting& setting, trust::KeyUse use) {
  PLASM_TRY(const NodeKeys keys, LoadOrCreateNodeKeys(setting.data_folder, setting.entropy));
  const OwnCard own_card = OwnCardOf(setting, keys);
  PLASM_TRY(const auto last, own_card.Last());
  // A first card, so that it is known from when to when the old key was in use.
  if (!last) PLASM_TRY_VOID(CardOfNode(setting));

  CurrentKeys after = own_card.PublicKeys();
  PLASM_TRY(crypto::PublicKey* const changed, KeyOf(after, use));
  const auto file = KeyFileOf(setting, use);
  PLASM_TRY(const crypto::SigningKey next, PrepareNextKey(file, setting.entropy));
  const crypto::PublicKey before = std::exchange(*changed, next.public_key());
  PLASM_TRY_VOID(own_card.ReplaceKey(file, before, after));
  PLASM_TRY(IssuedCard card, CardOfNode(setting));
  return ReplacedKey{before, next.public_key(), std::move(card)};
}

Result<RevokedNodeKey> RevokeKey(const KeyChangeSetting& setting, const RevocationWish& wish) {
  const UtcTime at = wish.at.value_or(Now(setting));
  if (at > Now(setting)) {
    return Error{ErrorCode::kInvalid, at.ToString() + " is yet to come"};
  }
  PLASM_TRY(NodeKeys keys, LoadOrCreateNodeKeys(setting.data_folder, setting.entropy));
  PLASM_TRY(auto card, OwnCardOf(setting, keys).Last());
  if (!card) return Error{ErrorCode::kNotFound, "this node has issued no card yet"};
  // Before anything is changed: whether it can be revoked at all.
  PLASM_TRY_VOID(CardRevoking(card->card, {wish.fingerprint, at}, Now(setting)));
  const trust::NodeKey key = *FindListed(card->card, wish.fingerprint);
  const bool is_receipt_key = key.use == trust::KeyUse::kReceipt;
  if (wish.log_size && !is_receipt_key) {
    return Error{ErrorCode::kInvalid,
                 Quote(wish.fingerprint) + " is no receipt key: a log size says nothing about it"};
  }
  std::optional<std::uint64_t> log_size;
  if (is_receipt_key) {
    PLASM_TRY(log_size, LogSizeFor(setting, card->card, at, wish.log_size));
  }

  std::optional<ReplacedKey> replaced;
  if (IsInUse(keys, key.key)) {
    PLASM_TRY(ReplacedKey change, ReplaceKey(setting, key.use));
    replaced = std::move(change);
    PLASM_TRY(keys, LoadOrCreateNodeKeys(setting.data_folder, setting.entropy));
    // What the key has signed until now counts too.
    if (is_receipt_key) {
      PLASM_TRY(log_size, LogSizeFor(setting, replaced->card.card, at, wish.log_size));
    }
  }
  PLASM_TRY(IssuedCard issued, OwnCardOf(setting, keys).Revoke({wish.fingerprint, at, log_size}));
  return RevokedNodeKey{key, at, log_size, std::move(replaced), std::move(issued)};
}

}  // namespace plasm::node
