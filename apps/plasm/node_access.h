// From a node's name on the command line to a connection.
#pragma once

#include <CLI/App.hpp>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "cli/data_folder.h"
#include "client/node_connection.h"
#include "client/node_list.h"
#include "crypto/ed25519.h"
#include "net/tls_identity.h"
#include "trust/trust_store.h"

namespace plasm::app {

struct NodeFlags {
  std::string data_dir;
  std::string node;
  bool json = false;
};

// --node, --json, --data-dir.
void AddNodeFlags(CLI::App& verb, NodeFlags& flags);

// As client::ChooseNode, with $PLASM_NODE.
Result<std::optional<client::KnownNode>> ChosenNode(const DataFolder& data,
                                                    const std::string& flag);

// A connection with all that it refers to. One thread at a time.
class NodeAccess {
 public:
  // Presents the token that is kept here for the node, and nothing else; where there is none the
  // client's certificate, whose key is made on first use. `interrupt_fd` as in
  // client::SessionSettings. Clock and entropy outlive it. Nothing is sent yet.
  static Result<std::unique_ptr<NodeAccess>> Open(const DataFolder& data,
                                                  const client::KnownNode& node, Clock& clock,
                                                  Entropy& entropy, int interrupt_fd = -1);

  // To the node that has a job: that of the flag, else the one that it was submitted to from here,
  // else as ChosenNode. kInvalid when that is this machine, where jobs end with their command.
  static Result<std::unique_ptr<NodeAccess>> ToJob(const DataFolder& data, const std::string& flag,
                                                   const std::string& job_id, Clock& clock,
                                                   Entropy& entropy, int interrupt_fd = -1);

  const std::string& name() const { return name_; }
  client::NodeConnection& node() { return connection_; }
  client::NodeSession& session() { return connection_.session(); }

 private:
  NodeAccess(const DataFolder& data, const client::KnownNode& node,
             std::optional<net::TlsIdentity> identity, std::optional<std::string> token,
             Clock& clock, Entropy& entropy, int interrupt_fd);

  std::string name_;
  trust::TrustStore store_;
  std::optional<net::TlsIdentity> identity_;
  client::NodeConnection connection_;
};

}  // namespace plasm::app
