#include "client/node_introduction.h"

#include <optional>

#include "base/quote.h"
#include "client/node_list.h"
#include "crypto/public_key_text.h"
#include "net/client.h"
#include "trust/trust_store.h"

namespace plasm::client {

std::string Introduction::Fingerprint() const {
  return crypto::Fingerprint(offered.opened.card.identity);
}

Result<Introduction> MeetNode(Clock& clock, const net::Endpoint& endpoint) {
  std::optional<crypto::PublicKey> server;
  if (endpoint.kind == net::Endpoint::Kind::kTls) {
    PLASM_TRY(server, net::FetchServerKey(clock, endpoint));
  }
  PLASM_TRY(OfferedCard offered, FetchCard(clock, endpoint, server));
  if (server) {
    PLASM_TRY_VOID(CheckListsTlsKey(offered.opened.card, *server,
                                    UtcTime::FromNanoseconds(clock.RealtimeNs())));
  }
  return Introduction{endpoint, std::move(offered)};
}

Result<void> ExpectFingerprint(const Introduction& node, std::string_view fingerprint) {
  if (node.Fingerprint() == fingerprint) return {};
  return Error{ErrorCode::kDenied, node.endpoint.ToString() + " is the node " + node.Fingerprint() +
                                       ", expected " + Quote(fingerprint)};
}

Result<NodeName> NameFor(const Introduction& node, std::string_view wanted,
                         const trust::TrustFile& trusted) {
  const trust::NodeCard& card = node.offered.opened.card;
  NodeName name{std::string(wanted)};
  if (const trust::TrustedNode* known = trusted.FindByIdentity(card.identity)) {
    if (!wanted.empty() && wanted != known->name) {
      return Error{ErrorCode::kConflict,
                   "this node is trusted already, under the name " + Quote(known->name)};
    }
    name = {known->name, true};
  } else {
    if (name.name.empty()) {
      name.name = node.endpoint.kind == net::Endpoint::Kind::kTls ? node.endpoint.host : card.name;
    }
    if (trusted.FindByName(name.name) != nullptr) {
      return Error{ErrorCode::kConflict, "another node is trusted under the name " +
                                             Quote(name.name) + ": choose one with --name"};
    }
  }
  NodeList check;  // before anything is trusted
  PLASM_TRY_VOID(check.Put({name.name, node.endpoint}));
  return name;
}

Result<void> AdmitNode(const home::DataFolder& data, const Introduction& node,
                       const NodeName& name) {
  const trust::TrustStore store(data.root());
  if (!name.trusted) {
    PLASM_TRY_VOID(store.Add({.name = name.name,
                              .identity = node.offered.opened.card.identity,
                              .level = trust::TrustLevel::kLogged,
                              .card_version = {},
                              .revoked = {}}));
  }
  PLASM_TRY(const trust::CardStanding standing, store.AcceptCard(node.offered.envelope));
  static_cast<void>(standing);
  return NodeListFile(data.root()).Put({name.name, node.endpoint});
}

}  // namespace plasm::client
