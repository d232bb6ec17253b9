// For tests: a server on a thread of its own, on loopback and on a Unix socket.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/testing/fixed_entropy.h"
#include "base/testing/temp_folder.h"
#include "net/client.h"
#include "net/server.h"

namespace plasm::net::testing {

// Keys that differ by their first byte.
inline crypto::SigningKey KeyNumber(unsigned char number) {
  plasm::testing::FixedEntropy entropy(number);
  return crypto::SigningKey::Generate(entropy);
}

inline TlsIdentity IdentityOf(const crypto::SigningKey& key) {
  auto identity = TlsIdentity::Make(key, {"node", {"localhost"}, {"127.0.0.1", "::1"}});
  if (!identity) throw std::runtime_error(identity.error().message);
  return *std::move(identity);
}

class RunningServer final : private Handler {
 public:
  using Serving = std::function<void(Exchange&)>;

  explicit RunningServer(Serving serving, const ServerLimits& limits = {})
      : serving_(std::move(serving)),
        key_(KeyNumber(1)),
        identity_(IdentityOf(key_)),
        server_(clock_, *this, &identity_, limits) {
    std::vector<Listener> listeners;
    listeners.push_back(Opened(Listener::OnTcp("127.0.0.1:0")));
    listeners.push_back(Opened(Listener::OnUnix(folder_ / "socket")));
    tls_ = Endpoint{.host = "127.0.0.1", .port = listeners.front().port()};
    unix_ = Endpoint{.kind = Endpoint::Kind::kUnix, .port = 0, .path = folder_ / "socket"};
    if (auto started = server_.Start(std::move(listeners)); !started) {
      throw std::runtime_error(started.error().message);
    }
    thread_ = std::thread([this] { (void)server_.Run(); });
  }
  ~RunningServer() override { Stop(std::chrono::seconds(0)); }

  void Stop(std::chrono::nanoseconds drain) {
    server_.Stop(drain);
    if (thread_.joinable()) thread_.join();
  }

  Server& server() { return server_; }
  SystemClock& clock() { return clock_; }
  const Endpoint& tls() const { return tls_; }
  const Endpoint& unix_socket() const { return unix_; }
  const crypto::SigningKey& key() const { return key_; }

  Client TlsClient(const TlsIdentity* identity = nullptr, const ClientLimits& limits = {}) {
    return Client(clock_, tls_, key_.public_key(), identity, limits);
  }
  Client UnixClient(const ClientLimits& limits = {}) {
    return Client(clock_, unix_, std::nullopt, nullptr, limits);
  }

  // Waits until the server's thread sees it so.
  void WaitUntil(const std::function<bool(const ServerCounters&)>& condition) {
    while (!condition(server_.counters())) std::this_thread::yield();
  }

 private:
  void Serve(Exchange& exchange) override { serving_(exchange); }

  static Listener Opened(Result<Listener> listener) {
    if (!listener) throw std::runtime_error(listener.error().message);
    return *std::move(listener);
  }

  plasm::testing::TempFolder folder_;
  SystemClock clock_;
  Serving serving_;
  crypto::SigningKey key_;
  TlsIdentity identity_;
  Endpoint tls_;
  Endpoint unix_;
  Server server_;
  std::thread thread_;
};

// What several tests serve: the body comes back.
inline void Echo(Exchange& exchange) {
  auto body = exchange.ReadWholeBody(64 << 10);
  if (!body) return (void)exchange.RespondError(body.error());
  (void)exchange.Respond(200, {{"Content-Type", "text/plain"}}, *body);
}

}  // namespace plasm::net::testing
