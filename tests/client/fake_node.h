// For tests: a server on loopback, with real TLS, that answers as the test says.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "net/server.h"
#include "net/tls_identity.h"

namespace plasm::testing {

class FakeNode final : public net::Handler {
 public:
  using Answer = std::function<void(net::Exchange&)>;

  // Runs until it is destroyed. `answer` is called on the server's thread, one request at a time.
  FakeNode(const crypto::SigningKey& tls_key, Answer answer) : answer_(std::move(answer)) {
    identity_.emplace(*net::TlsIdentity::Make(
        tls_key,
        {.common_name = "node", .dns_names = {"localhost"}, .ip_addresses = {"127.0.0.1"}}));
    auto listener = net::Listener::OnTcp("127.0.0.1:0");
    endpoint_ = {.kind = net::Endpoint::Kind::kTls,
                 .host = "127.0.0.1",
                 .port = listener->port(),
                 .path = {}};
    server_ = std::make_unique<net::Server>(clock_, *this, &*identity_);
    std::vector<net::Listener> listeners;
    listeners.push_back(*std::move(listener));
    started_ = server_->Start(std::move(listeners)).has_value();
    thread_ = std::thread([this] { static_cast<void>(server_->Run()); });
  }
  ~FakeNode() override {
    server_->Stop(std::chrono::nanoseconds(0));
    thread_.join();
  }
  FakeNode(const FakeNode&) = delete;
  FakeNode& operator=(const FakeNode&) = delete;

  void Serve(net::Exchange& exchange) override { answer_(exchange); }

  bool started() const { return started_; }
  const net::Endpoint& endpoint() const { return endpoint_; }

 private:
  SystemClock clock_;
  Answer answer_;
  std::optional<net::TlsIdentity> identity_;
  net::Endpoint endpoint_;
  std::unique_ptr<net::Server> server_;
  bool started_ = false;
  std::thread thread_;
};

}  // namespace plasm::testing
