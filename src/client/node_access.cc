#include "client/node_access.h"

#include <utility>

#include "client/client_identity.h"
#include "client/node_pin.h"
#include "client/node_tokens.h"

namespace plasm::client {

NodeAccess::NodeAccess(const home::DataFolder& data, const KnownNode& node,
                       std::optional<net::TlsIdentity> identity, std::optional<std::string> token,
                       Clock& clock, Entropy& entropy, SessionSettings settings)
    : node_(node),
      store_(data.root()),
      identity_(std::move(identity)),
      connection_(NodeSession(
          clock, entropy, node.endpoint, NodePin(store_, node.name, clock, node.shown),
          {.identity = identity_ ? &*identity_ : nullptr, .bearer_token = std::move(token)},
          settings)) {}

Result<std::unique_ptr<NodeAccess>> NodeAccess::Open(const home::DataFolder& data,
                                                     const KnownNode& node, Clock& clock,
                                                     Entropy& entropy, SessionSettings settings) {
  PLASM_TRY(const NodeTokens tokens, NodeTokenFile(data.root()).Load());
  std::optional<std::string> token;
  if (!node.shown) token = tokens.Find(node.name);
  std::optional<net::TlsIdentity> identity;
  if (!token) {
    PLASM_TRY(const crypto::SigningKey key, LoadOrCreateClientKey(data.root(), entropy));
    PLASM_TRY(identity, IdentityOf(key));
  }
  return std::unique_ptr<NodeAccess>(
      new NodeAccess(data, node, std::move(identity), std::move(token), clock, entropy, settings));
}

}  // namespace plasm::client
