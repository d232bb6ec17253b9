// A connection to a known node, with all that it refers to.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "client/node_connection.h"
#include "client/node_list.h"
#include "home/data_folder.h"
#include "net/tls_identity.h"
#include "trust/trust_store.h"

namespace plasm::client {

// One thread at a time.
class NodeAccess {
 public:
  // Presents the token that is kept here for the node, and nothing else; where there is none, and
  // to a node that is not trusted, the client's certificate, whose key is made on first use. Clock
  // and entropy outlive it. Nothing is sent yet.
  static Result<std::unique_ptr<NodeAccess>> Open(const home::DataFolder& data,
                                                  const KnownNode& node, Clock& clock,
                                                  Entropy& entropy, SessionSettings settings = {});

  const std::string& name() const { return node_.name; }
  const KnownNode& known() const { return node_; }
  NodeConnection& node() { return connection_; }
  NodeSession& session() { return connection_.session(); }

 private:
  NodeAccess(const home::DataFolder& data, const KnownNode& node,
             std::optional<net::TlsIdentity> identity, std::optional<std::string> token,
             Clock& clock, Entropy& entropy, SessionSettings settings);

  KnownNode node_;
  trust::TrustStore store_;
  std::optional<net::TlsIdentity> identity_;
  NodeConnection connection_;
};

}  // namespace plasm::client
