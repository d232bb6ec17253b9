#include "node_access.h"

#include <cstdlib>
#include <utility>

#include "base/file.h"
#include "base/quote.h"
#include "client/client_identity.h"
#include "client/node_pin.h"
#include "client/node_tokens.h"
#include "job_files.h"
#include "verbs.h"

namespace plasm::app {

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

namespace {

Result<client::KnownNode> NodeOfJob(const DataFolder& data, const std::string& flag,
                                    const std::string& job_id) {
  std::string name = flag;
  if (name.empty()) {
    PLASM_TRY(const std::optional<std::string> submitted_to, JobFiles(data, job_id).Node());
    name = submitted_to.value_or("");
  }
  PLASM_TRY(const std::optional<client::KnownNode> node, ChosenNode(data, name));
  if (node) return *node;
  return Error{ErrorCode::kInvalid,
               "this needs a node: jobs that run on this machine end with their command (plasm "
               "node add URL)"};
}

}  // namespace

NodeAccess::NodeAccess(const DataFolder& data, const client::KnownNode& node,
                       std::optional<net::TlsIdentity> identity, std::optional<std::string> token,
                       Clock& clock, Entropy& entropy, int interrupt_fd)
    : name_(node.name),
      store_(data.root()),
      identity_(std::move(identity)),
      connection_(client::NodeSession(
          clock, entropy, node.endpoint, client::NodePin(store_, node.name, clock),
          {.identity = identity_ ? &*identity_ : nullptr, .bearer_token = std::move(token)},
          {.interrupt_fd = interrupt_fd})) {}

Result<std::unique_ptr<NodeAccess>> NodeAccess::Open(const DataFolder& data,
                                                     const client::KnownNode& node, Clock& clock,
                                                     Entropy& entropy, int interrupt_fd) {
  PLASM_TRY(const client::NodeTokens tokens, client::NodeTokenFile(data.root()).Load());
  std::optional<std::string> token = tokens.Find(node.name);
  std::optional<net::TlsIdentity> identity;
  if (!token) {
    PLASM_TRY(const crypto::SigningKey key, client::LoadOrCreateClientKey(data.root(), entropy));
    PLASM_TRY(identity, client::IdentityOf(key));
  }
  return std::unique_ptr<NodeAccess>(new NodeAccess(
      data, node, std::move(identity), std::move(token), clock, entropy, interrupt_fd));
}

Result<std::unique_ptr<NodeAccess>> NodeAccess::ToJob(const DataFolder& data,
                                                      const std::string& flag,
                                                      const std::string& job_id, Clock& clock,
                                                      Entropy& entropy, int interrupt_fd) {
  PLASM_TRY(const client::KnownNode node, NodeOfJob(data, flag, job_id));
  return Open(data, node, clock, entropy, interrupt_fd);
}

}  // namespace plasm::app
