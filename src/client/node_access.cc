#include "client/node_access.h"

#include <utility>

#include "client/client_identity.h"
#include "client/node_pin.h"

namespace plasm::client {

NodeAccess::NodeAccess(const home::DataFolder& data, const KnownNode& node,
                       net::TlsIdentity identity, Clock& clock, Entropy& entropy,
                       SessionSettings settings)
    : name_(node.name),
      store_(data.root()),
      identity_(std::move(identity)),
      connection_(NodeSession(clock, entropy, node.endpoint, NodePin(store_, node.name, clock),
                              &identity_, settings)) {}

Result<std::unique_ptr<NodeAccess>> NodeAccess::Open(const home::DataFolder& data,
                                                     const KnownNode& node, Clock& clock,
                                                     Entropy& entropy, SessionSettings settings) {
  PLASM_TRY(const crypto::SigningKey key, LoadOrCreateClientKey(data.root(), entropy));
  PLASM_TRY(net::TlsIdentity identity, IdentityOf(key));
  return std::unique_ptr<NodeAccess>(
      new NodeAccess(data, node, std::move(identity), clock, entropy, settings));
}

}  // namespace plasm::client
