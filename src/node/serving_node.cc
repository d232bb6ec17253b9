#include "node/serving_node.h"

#include <utility>

namespace plasm::node {

Result<std::unique_ptr<ServingNode>> ServingNode::Open(const std::filesystem::path& data_folder,
                                                       std::string_view engine_version,
                                                       receipt::Signing signing, Clock& clock,
                                                       Entropy& entropy) {
  return Open(
      data_folder,
      [&](const crypto::PublicKey& identity) { return PlainFacts(identity, engine_version); },
      signing, clock, entropy);
}

Result<std::unique_ptr<ServingNode>> ServingNode::Open(const std::filesystem::path& data_folder,
                                                       const LocalNode::FactsOf& facts,
                                                       receipt::Signing signing, Clock& clock,
                                                       Entropy& entropy) {
  PLASM_TRY(LocalNode node, LocalNode::Open(data_folder, facts, signing, clock, entropy));
  PLASM_TRY(NodeLog log, node.OpenLog());
  CardFacts said = facts(node.keys().identity.public_key());
  return std::unique_ptr<ServingNode>(
      new ServingNode(data_folder, std::move(node), std::move(said), std::move(log), clock));
}

ServingNode::ServingNode(const std::filesystem::path& data_folder, LocalNode node, CardFacts facts,
                         NodeLog log, Clock& clock)
    : node_(std::move(node)),
      card_(data_folder, node_.keys(), std::move(facts), clock, node_.card()),
      commit_(std::move(log)) {}

Result<void> ServingNode::Issue(const EndedJob& job, GroupCommit::Done done,
                                std::size_t under_way) {
  PLASM_TRY(IssuedReceipt issued, node_.issuer().Issue(job));
  return commit_.Submit(std::move(issued), std::move(done), under_way);
}

}  // namespace plasm::node
