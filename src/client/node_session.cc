#include "client/node_session.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/decimal.h"
#include "client/problem_document.h"
#include "crypto/public_key_text.h"

namespace plasm::client {
namespace {

constexpr int kFirstErrorStatus = 400;
constexpr int kUnauthorized = 401;

std::optional<std::chrono::seconds> RetryAfter(const net::ResponseHead& head) {
  constexpr std::uint64_t kMost = 86'400;
  const auto text = head.Header("retry-after");
  if (!text) return std::nullopt;
  const auto seconds = ParseDecimal(*text);
  if (!seconds) return std::nullopt;  // a date: nobody of ours sends one
  return std::chrono::seconds(std::min(*seconds, kMost));
}

bool SaysLater(int status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

}  // namespace

Error ErrorOf(const net::WholeResponse& answer, const NodeSession& session) {
  Error error = ReadProblem(answer.head.status, answer.body).error;
  error.message = session.pin().node() + ": " + error.message;
  if (answer.head.status == kUnauthorized) {
    error.message +=
        session.presents_token()
            ? " (the node does not take the token that is kept here for it: whoever runs it makes "
              "one with plasmd token create, and plasm node token keeps that)"
            : " (the node has to know this client: whoever runs it adds the key that plasm key "
              "shows, with plasmd client add)";
  }
  return error;
}

NodeSession::NodeSession(Clock& clock, Entropy& entropy, net::Endpoint endpoint, NodePin pin,
                         Credentials credentials, SessionSettings settings)
    : clock_(clock),
      entropy_(entropy),
      endpoint_(std::move(endpoint)),
      pin_(std::move(pin)),
      credentials_(std::move(credentials)),
      authorization_("Bearer " + credentials_.bearer_token.value_or("")),
      settings_(settings) {}

Patience NodeSession::NewPatience() const {
  return {settings_.retry, clock_, entropy_, settings_.interrupt_fd};
}

Result<net::Client*> NodeSession::Connect() {
  if (client_) return &*client_;
  const bool tls = endpoint_.kind == net::Endpoint::Kind::kTls;
  if (tls && !key_) {
    PLASM_TRY(const std::vector<crypto::PublicKey> keys, pin_.Keys());
    key_ = keys.front();
  }
  client_.emplace(clock_, endpoint_, key_, tls ? credentials_.identity : nullptr, settings_.limits);
  if (settings_.interrupt_fd >= 0) client_->InterruptBy(settings_.interrupt_fd);
  return &*client_;
}

Result<net::ResponseHead> NodeSession::Send(const net::OutgoingRequest& request) {
  retry_after_.reset();
  PLASM_TRY(net::ResponseHead head,
            presents_token() ? SendToPinned(WithToken(request)) : SendToPinned(request));
  if (SaysLater(head.status)) retry_after_ = RetryAfter(head);
  return head;
}

net::OutgoingRequest NodeSession::WithToken(net::OutgoingRequest request) const {
  request.headers.push_back({"Authorization", authorization_});
  return request;
}

Result<net::ResponseHead> NodeSession::SendToPinned(const net::OutgoingRequest& request) {
  PLASM_TRY(net::Client * client, Connect());
  auto head = client->Send(request);
  if (head || head.error().code != ErrorCode::kDenied || !key_) return head;
  // Another key than the expected one, or the server wants no such client.
  PLASM_TRY(const crypto::PublicKey instead, pin_.KeyInstead(endpoint_, *key_));
  if (instead == *key_) return head;
  key_ = instead;
  client_.reset();
  PLASM_TRY(client, Connect());
  return client->Send(request);
}

Result<net::WholeResponse> NodeSession::AskOnce(const net::OutgoingRequest& request,
                                                std::size_t limit) {
  PLASM_TRY(net::ResponseHead head, Send(request));
  const bool refused = head.status >= kFirstErrorStatus;
  PLASM_TRY(Bytes body,
            client_->ReadWholeBody(refused ? std::max(limit, kMaxProblemBytes) : limit));
  net::WholeResponse answer{std::move(head), std::move(body)};
  if (SaysLater(answer.head.status)) return ErrorOf(answer, *this);
  return answer;
}

Result<net::WholeResponse> NodeSession::Ask(const net::OutgoingRequest& request,
                                            std::size_t limit) {
  Patience patience = NewPatience();
  while (true) {
    auto answer = AskOnce(request, limit);
    if (answer) return answer;
    PLASM_TRY_VOID(patience.PauseAfter(answer.error(), retry_after_));
  }
}

Result<net::ResponseHead> NodeSession::Open(const net::OutgoingRequest& request) {
  PLASM_TRY(net::ResponseHead head, Send(request));
  if (head.status < kFirstErrorStatus) return head;
  PLASM_TRY(Bytes body, client_->ReadWholeBody(kMaxProblemBytes));
  return ErrorOf({std::move(head), std::move(body)}, *this);
}

Result<std::size_t> NodeSession::ReadBody(std::span<std::byte> out) {
  return client_->ReadBody(out);
}

}  // namespace plasm::client
