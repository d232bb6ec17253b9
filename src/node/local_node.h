// A node as far as it signs: its keys, its card and its log in one data folder.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "node/node_keys.h"
#include "node/node_log.h"
#include "node/own_card.h"
#include "node/receipt_issuer.h"
#include "receipt/statement.h"

namespace plasm::node {

// Several processes may open one data folder at a time: each has a boot of its own, and the
// log is held only while something is appended. Not thread-safe.
class LocalNode {
 public:
  // Makes keys, log and card where there are none yet. `engine_version` as in "48.0.8". The
  // clock must outlive it. Errors name the remedy: kConflict for a key that the card has ended
  // or revoked, kCorrupt or kNotFound for a card that is damaged or lost, kUnavailable when
  // another process replaces keys at this moment or has the log for long.
  static Result<LocalNode> Open(const std::filesystem::path& data_folder,
                                std::string_view engine_version, receipt::Signing signing,
                                Clock& clock, Entropy& entropy);
  // The same for a node that says of itself what its configuration says: `facts` is asked with
  // the identity.
  using FactsOf = std::function<CardFacts(const crypto::PublicKey& identity)>;
  static Result<LocalNode> Open(const std::filesystem::path& data_folder, const FactsOf& facts,
                                receipt::Signing signing, Clock& clock, Entropy& entropy);

  const IssuedCard& card() const { return card_; }

  // Durable on return: the receipt is in the log, and the proof says so. kNotFound when the log
  // is lost; otherwise as ReceiptIssuer::Issue and NodeLog.
  Result<LoggedReceipt> Issue(const EndedJob& job);

  // For a node that keeps its log open (serving_node.h). The log must not outlive this object,
  // which may be moved meanwhile.
  Result<NodeLog> OpenLog() const;
  ReceiptIssuer& issuer() { return issuer_; }
  std::string log_origin() const;
  std::filesystem::path log_folder() const;
  const crypto::PublicKey& log_key() const { return keys_->log.public_key(); }
  const NodeKeys& keys() const { return *keys_; }

 private:
  LocalNode(std::filesystem::path data_folder, std::unique_ptr<NodeKeys> keys, IssuedCard card,
            std::size_t log_number, ReceiptIssuer issuer, Clock& clock)
      : folder_(std::move(data_folder)),
        keys_(std::move(keys)),
        card_(std::move(card)),
        log_number_(log_number),
        issuer_(std::move(issuer)),
        clock_(&clock) {}

  std::filesystem::path folder_;
  std::unique_ptr<NodeKeys> keys_;  // the issuer refers to them
  IssuedCard card_;
  std::size_t log_number_;
  ReceiptIssuer issuer_;
  Clock* clock_;
};

// Of the n-th log, counted from 1.
std::filesystem::path LogFolder(const std::filesystem::path& data_folder, std::size_t number);

}  // namespace plasm::node
