// Requests to one node whose key is known, made again as long as that helps.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "client/node_pin.h"
#include "client/patience.h"
#include "client/retry.h"
#include "net/client.h"
#include "net/endpoint.h"
#include "net/tls_identity.h"

namespace plasm::client {

struct SessionSettings {
  RetryPolicy retry{};
  // The head of an answer may take a long poll and what a slow node needs besides.
  net::ClientLimits limits{.head = std::chrono::seconds(90), .stall = std::chrono::seconds(45)};
  int interrupt_fd = -1;  // while it is readable, every call fails with kUnavailable
};

// For requests to a node that may be gone: each is made once, and awaited for so long.
constexpr SessionSettings OnceWithin(std::chrono::seconds answer, int interrupt_fd = -1) {
  return {.retry = {.calls = 1},
          .limits = {.connect = std::chrono::seconds(2),
                     .handshake = std::chrono::seconds(2),
                     .head = answer,
                     .stall = answer},
          .interrupt_fd = interrupt_fd};
}

// How a client says who it is.
struct Credentials {
  const net::TlsIdentity* identity = nullptr;  // a certificate, in the handshake of TLS
  // A token's secret, with every request, and to nobody but the pinned node.
  std::optional<std::string> bearer_token;
};

// One thread at a time. Clock, entropy and identity outlive it.
class NodeSession {
 public:
  NodeSession(Clock& clock, Entropy& entropy, net::Endpoint endpoint, NodePin pin,
              Credentials credentials, SessionSettings settings = {});

  // The node's whole answer, whatever its status, unless that says "later": then, and when the
  // node can't be reached, the request is made again, until patience ends. So only for requests
  // that may come twice. kLimitExceeded for a body beyond `limit`.
  Result<net::WholeResponse> Ask(const net::OutgoingRequest& request, std::size_t limit);
  // The same, tried once: that the node says "later" is an error.
  Result<net::WholeResponse> AskOnce(const net::OutgoingRequest& request, std::size_t limit);

  // The head of an answer whose body is then read. Tried once; a status from 400 on is an error.
  Result<net::ResponseHead> Open(const net::OutgoingRequest& request);
  Result<std::size_t> ReadBody(std::span<std::byte> out);

  // For calls that are made of several requests: what was tried once is tried again after a
  // pause, with what the node asked for when it said "later".
  Patience NewPatience() const;
  std::optional<std::chrono::seconds> retry_after() const { return retry_after_; }
  bool interrupted() const { return IsInterrupted(settings_.interrupt_fd); }

  const net::Endpoint& endpoint() const { return endpoint_; }
  const NodePin& pin() const { return pin_; }
  bool presents_token() const { return credentials_.bearer_token.has_value(); }

 private:
  Result<net::Client*> Connect();
  Result<net::ResponseHead> Send(const net::OutgoingRequest& request);
  Result<net::ResponseHead> SendToPinned(const net::OutgoingRequest& request);
  net::OutgoingRequest WithToken(net::OutgoingRequest request) const;

  Clock& clock_;
  Entropy& entropy_;
  net::Endpoint endpoint_;
  NodePin pin_;
  Credentials credentials_;
  std::string authorization_;  // the header's value, which requests only refer to
  SessionSettings settings_;
  std::optional<crypto::PublicKey> key_;  // expected of the server
  std::optional<net::Client> client_;
  std::optional<std::chrono::seconds> retry_after_;  // of the last answer
};

// What a status from 400 on means, as an error with the node's name before its text. A refusal
// names the remedy.
Error ErrorOf(const net::WholeResponse& answer, const NodeSession& session);

}  // namespace plasm::client
