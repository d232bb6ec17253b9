#include "node_access.h"

#include <cstdlib>
#include <utility>

#include "home/job_files.h"
#include "verbs.h"

namespace plasm::app {
namespace {

Result<client::KnownNode> NodeOfJob(const DataFolder& data, const std::string& flag,
                                    const std::string& job_id) {
  std::string name = flag;
  if (name.empty()) {
    PLASM_TRY(const std::optional<std::string> submitted_to, home::JobFiles(data, job_id).Node());
    name = submitted_to.value_or("");
  }
  PLASM_TRY(const std::optional<client::KnownNode> node, ChosenNode(data, name));
  if (node) return *node;
  return Error{ErrorCode::kInvalid,
               "this needs a node: jobs that run on this machine end with their command (plasm "
               "node add URL)"};
}

}  // namespace

void AddNodeFlags(CLI::App& verb, NodeFlags& flags) {
  verb.add_option("--node", flags.node,
                  "Which node [$PLASM_NODE, or the only one that is known here]")
      ->type_name("NAME");
  verb.add_flag("--json", flags.json, "As JSON");
  AddDataDirFlag(verb, flags.data_dir);
}

Result<std::optional<client::KnownNode>> ChosenNode(const DataFolder& data,
                                                    const std::string& flag) {
  PLASM_TRY(const client::NodeList list, client::NodeListFile(data.root()).Load());
  const char* environment = std::getenv("PLASM_NODE");
  return client::ChooseNode(list, flag, environment == nullptr ? "" : environment);
}

Result<std::unique_ptr<NodeAccess>> AccessToJob(const DataFolder& data, const std::string& flag,
                                                const std::string& job_id, Clock& clock,
                                                Entropy& entropy, int interrupt_fd) {
  PLASM_TRY(const client::KnownNode node, NodeOfJob(data, flag, job_id));
  return NodeAccess::Open(data, node, clock, entropy, {.interrupt_fd = interrupt_fd});
}

}  // namespace plasm::app
