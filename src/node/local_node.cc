#include "node/local_node.h"

#include <string>
#include <utility>

#include "base/uuid.h"
#include "crypto/public_key_text.h"

namespace plasm::node {

namespace fs = std::filesystem;

fs::path LogFolder(const fs::path& data_folder, std::size_t number) {
  return data_folder / (number <= 1 ? "log" : "log-" + std::to_string(number));
}

Result<LocalNode> LocalNode::Open(const fs::path& data_folder, std::string_view engine_version,
                                  receipt::Signing signing, Clock& clock, Entropy& entropy) {
  return Open(
      data_folder,
      [&](const crypto::PublicKey& identity) { return PlainFacts(identity, engine_version); },
      signing, clock, entropy);
}

Result<LocalNode> LocalNode::Open(const fs::path& data_folder, const FactsOf& facts,
                                  receipt::Signing signing, Clock& clock, Entropy& entropy) {
  PLASM_TRY(NodeKeys loaded, LoadOrCreateNodeKeys(data_folder, entropy));
  auto keys = std::make_unique<NodeKeys>(std::move(loaded));
  const OwnCard own_card(data_folder, *keys, facts(keys->identity.public_key()), clock);
  // The log comes first: a card that names a log whose folder is not there says that it is lost.
  PLASM_TRY(const std::size_t new_log, own_card.NumberOfNewLog());
  if (new_log != 0) {
    PLASM_TRY(const NodeLog log, NodeLog::Open(LogFolder(data_folder, new_log),
                                               LogOrigin(keys->identity.public_key(), new_log),
                                               keys->log, IfMissing::kCreate, clock));
    // Another process may have begun both meanwhile: whoever appends has issued the card before.
    PLASM_TRY(const std::size_t still_new, own_card.NumberOfNewLog());
    if (log.size() > 0 && still_new != 0) {
      return Error{ErrorCode::kNotFound,
                   own_card.path().string() +
                       " is gone: no card is there for a log that has receipts. Restore it: one "
                       "with a smaller version is not believed. Whoever trusts this node has a "
                       "copy in the folder cards"};
    }
  }
  PLASM_TRY(IssuedCard card, own_card.Current());
  const std::size_t log_number = LogNumberOf(card.card, keys->log.public_key());
  const crypto::SigningKey& key = signing == receipt::Signing::kBatch ? keys->log : keys->receipt;
  ReceiptIssuer issuer({.identity = crypto::Fingerprint(keys->identity.public_key()),
                        .signing = signing,
                        .origin = LogOrigin(keys->identity.public_key(), log_number),
                        .boot = RandomUuid(entropy)},
                       key);
  return LocalNode(data_folder, std::move(keys), std::move(card), log_number, std::move(issuer),
                   clock);
}

Result<LoggedReceipt> LocalNode::Issue(const EndedJob& job) {
  PLASM_TRY(IssuedReceipt issued, issuer_.Issue(job));
  PLASM_TRY(NodeLog log, OpenLog());
  const ByteView entry = AsBytes(issued.log_entry);
  PLASM_TRY(const std::uint64_t index, log.Append({&entry, 1}));
  PLASM_TRY(std::string proof, log.Proof(index));
  return LoggedReceipt{std::move(issued.envelope), index, std::move(proof), issued.result_digest};
}

Result<NodeLog> LocalNode::OpenLog() const {
  return NodeLog::Open(log_folder(), log_origin(), keys_->log, IfMissing::kRefuse, *clock_);
}

std::string LocalNode::log_origin() const {
  return LogOrigin(keys_->identity.public_key(), log_number_);
}

fs::path LocalNode::log_folder() const { return LogFolder(folder_, log_number_); }

}  // namespace plasm::node
