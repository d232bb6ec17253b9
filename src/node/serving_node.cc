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
  return std::unique_ptr<ServingNode>(new ServingNode(std::move(node), std::move(log)));
}

Result<void> ServingNode::Issue(const EndedJob& job, GroupCommit::Done done) {
  PLASM_TRY(IssuedReceipt issued, node_.issuer().Issue(job));
  return commit_.Submit(std::move(issued), std::move(done));
}

}  // namespace plasm::node
