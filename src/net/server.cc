#include "net/server.h"

#include "net/server_loop.h"

namespace plasm::net {

Server::Server(Clock& clock, Handler& handler, const TlsIdentity* identity, ServerLimits limits)
    : loop_(std::make_unique<Loop>(clock, handler, identity, limits)) {}

Server::~Server() = default;

Result<void> Server::Start(std::vector<Listener> listeners) {
  return loop_->Start(std::move(listeners));
}

Result<void> Server::Run() { return loop_->Run(); }

void Server::Stop(std::chrono::nanoseconds drain) {
  Post([loop = loop_.get(), drain] { loop->BeginDrain(drain); });
}

void Server::Post(std::function<void()> function) {
  loop_->context().wakes->Post(std::move(function));
}

ServerCounters Server::counters() const {
  const AtomicServerCounters& now = loop_->context().counters;
  return {.connections = now.connections,
          .accepted = now.accepted,
          .turned_away = now.turned_away,
          .failed_handshakes = now.failed_handshakes,
          .requests = now.requests,
          .refused_requests = now.refused_requests,
          .cut = now.cut};
}

}  // namespace plasm::net
