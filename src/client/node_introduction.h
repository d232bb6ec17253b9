// Getting to know a node: it shows its card, somebody says that it is the right one, and from
// then on it is known here by a name.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "client/node_pin.h"
#include "home/data_folder.h"
#include "net/endpoint.h"
#include "trust/trust_file.h"

namespace plasm::client {

// A node that has shown who it is. The card answers for the server's TLS key; whether this is
// the node that somebody means is for them to say.
struct Introduction {
  net::Endpoint endpoint;
  OfferedCard offered;

  std::string Fingerprint() const;  // of its identity
};

// Errors as net::FetchServerKey, FetchCard and CheckListsTlsKey.
Result<Introduction> MeetNode(Clock& clock, const net::Endpoint& endpoint);

// kDenied, naming both, unless the node has this identity. Pure.
Result<void> ExpectFingerprint(const Introduction& node, std::string_view fingerprint);

// The name that a node is to have here.
struct NodeName {
  std::string name;
  bool trusted = false;  // already
};
// That of a node which is trusted already, else `wanted`, else that of its host, or on a Unix
// socket its card's. kConflict when the node is trusted under another name, or another node under
// this one; kInvalid for a name that the list of nodes can't hold. Pure.
Result<NodeName> NameFor(const Introduction& node, std::string_view wanted,
                         const trust::TrustFile& trusted);

// Trusts the node on the level `logged`, if it is not trusted yet, accepts its card, and remembers
// where it is. Durable. Errors as trust::TrustStore and NodeListFile.
Result<void> AdmitNode(const home::DataFolder& data, const Introduction& node,
                       const NodeName& name);

}  // namespace plasm::client
