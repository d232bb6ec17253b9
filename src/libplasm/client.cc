#include <plasm/client.h>

#include <utility>

#include "base/quote.h"
#include "client/client_identity.h"
#include "client/node_introduction.h"
#include "client/node_list.h"
#include "crypto/public_key_text.h"
#include "libplasm/failure.h"
#include "libplasm/node_state.h"
#include "libplasm/receipt_checks.h"
#include "libplasm/task_thread.h"
#include "trust/trust_store.h"

namespace plasm::v0 {
namespace {

using libplasm::ValueOf;

crypto::PublicKey KeyOf(Client::State& state) {
  return ValueOf(client::LoadOrCreateClientKey(state.data.root(), state.entropy)).public_key();
}

client::Introduction Meet(Client::State& state, const std::string& url) {
  return ValueOf(client::MeetNode(state.clock, ValueOf(net::Endpoint::Parse(url))));
}

client::KnownNode Find(const client::NodeList& list, const std::string& name) {
  if (!name.empty()) {
    if (auto found = list.Find(name)) return *std::move(found);
    throw Error(ErrorCode::kNotFound,
                "no node " + Quote(name) + " is known here: get to know it with AddNode");
  }
  const std::vector<client::KnownNode> nodes = list.Nodes();
  if (nodes.size() == 1) return nodes.front();
  if (nodes.empty()) {
    throw Error(ErrorCode::kNotFound, "no node is known here: get to know one with AddNode");
  }
  throw Error(ErrorCode::kInvalid,
              std::to_string(nodes.size()) + " nodes are known here: name one of them");
}

}  // namespace

Client::Client(ClientSettings settings)
    : state_(
          std::make_shared<State>(ValueOf(home::DataFolder::Locate(settings.data_folder.string())),
                                  std::move(settings.worker_program))) {}
Client::Client(const Client&) noexcept = default;
Client& Client::operator=(const Client&) noexcept = default;
Client::~Client() = default;

const std::filesystem::path& Client::data_folder() const noexcept { return state_->data.root(); }

std::string Client::PublicKey() const { return crypto::ToOpenSsh(KeyOf(*state_)); }

std::string Client::Fingerprint() const { return crypto::Fingerprint(KeyOf(*state_)); }

std::string Client::FingerprintOf(const std::string& url) const {
  return Meet(*state_, url).Fingerprint();
}

KnownNode Client::AddNode(const std::string& url, const std::string& fingerprint,
                          const std::string& name) const {
  const client::Introduction node = Meet(*state_, url);
  ValueOf(client::ExpectFingerprint(node, fingerprint));
  const trust::LoadedTrust trusted = ValueOf(trust::TrustStore(state_->data.root()).Load());
  const client::NodeName chosen = ValueOf(client::NameFor(node, name, trusted.state.file()));
  ValueOf(client::AdmitNode(state_->data, node, chosen));
  return {chosen.name, node.endpoint.ToString(), fingerprint};
}

std::vector<KnownNode> Client::Nodes() const {
  const client::NodeList list = ValueOf(client::NodeListFile(state_->data.root()).Load());
  const trust::LoadedTrust trusted = ValueOf(trust::TrustStore(state_->data.root()).Load());
  std::vector<KnownNode> nodes;
  for (const client::KnownNode& node : list.Nodes()) {
    const trust::TrustedNode* known = trusted.state.file().FindByName(node.name);
    nodes.push_back({node.name, node.endpoint.ToString(),
                     known == nullptr ? "" : crypto::Fingerprint(known->identity)});
  }
  return nodes;
}

void Client::ForgetNode(const std::string& name) const {
  ValueOf(client::NodeListFile(state_->data.root()).Remove(name));
}

Node Client::Connect(const std::string& name) const {
  const client::NodeList list = ValueOf(client::NodeListFile(state_->data.root()).Load());
  return Node(std::make_shared<Node::State>(state_, Find(list, name)));
}

Verification Client::Verify(const Receipt& receipt, const VerifyOptions& options) const {
  return ValueOf(libplasm::Verify(*state_, receipt, options));
}

Verification Client::Replay(const Receipt& receipt, const ReplayOptions& replay,
                            const VerifyOptions& options) const {
  return ValueOf(libplasm::Replay(*state_, receipt, replay, options, nullptr));
}

Task<Verification> Client::ReplayAsync(Receipt receipt, ReplayOptions replay,
                                       VerifyOptions options) const {
  return libplasm::StartTask<Verification>(
      [state = state_, receipt = std::move(receipt), replay = std::move(replay),
       options = std::move(options)](libplasm::StopSlot& stop) {
        return ValueOf(libplasm::Replay(*state, receipt, replay, options, &stop));
      });
}

}  // namespace plasm::v0
