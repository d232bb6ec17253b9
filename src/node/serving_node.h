// A node that goes on signing: its keys and card, and its log, held open and appended to in
// groups.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "node/group_commit.h"
#include "node/live_card.h"
#include "node/local_node.h"
#include "node/receipt_issuer.h"
#include "receipt/statement.h"

namespace plasm::node {

// As long as it lives no other process appends to the log.
class ServingNode {
 public:
  // As LocalNode::Open. The clock must outlive it.
  static Result<std::unique_ptr<ServingNode>> Open(const std::filesystem::path& data_folder,
                                                   std::string_view engine_version,
                                                   receipt::Signing signing, Clock& clock,
                                                   Entropy& entropy);
  static Result<std::unique_ptr<ServingNode>> Open(const std::filesystem::path& data_folder,
                                                   const LocalNode::FactsOf& facts,
                                                   receipt::Signing signing, Clock& clock,
                                                   Entropy& entropy);

  // One thread at a time. As ReceiptIssuer::Issue; `done` and `under_way` are
  // GroupCommit's; `done` is called if and only if this gives no error.
  Result<void> Issue(const EndedJob& job, GroupCommit::Done done, std::size_t under_way);

  // Any thread may call both (live_card.h).
  std::shared_ptr<const IssuedCard> card() const { return card_.Get(); }
  Result<CardNews> RenewCard() { return card_.Renew(); }

  std::string log_origin() const { return node_.log_origin(); }
  std::filesystem::path log_folder() const { return node_.log_folder(); }
  crypto::PublicKey log_key() const { return node_.log_key(); }
  const NodeKeys& keys() const { return node_.keys(); }

  // Every `done` has been called on return. Once, after the last Issue.
  void Stop() { commit_.Stop(); }

 private:
  ServingNode(const std::filesystem::path& data_folder, LocalNode node, CardFacts facts,
              NodeLog log, Clock& clock);

  LocalNode node_;
  LiveCard card_;
  GroupCommit commit_;
};

}  // namespace plasm::node
