// The server's thread: what happens in which order.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "net/accept_queue.h"
#include "net/connection.h"
#include "net/server.h"
#include "net/server_context.h"
#include "net/tls_context.h"

namespace plasm::net {

class Server::Loop {
 public:
  Loop(Clock& clock, Handler& handler, const TlsIdentity* identity, const ServerLimits& limits);
  ~Loop();

  Result<void> Start(std::vector<Listener> listeners);
  Result<void> Run();
  void BeginDrain(std::chrono::nanoseconds drain);

  ServerContext& context() { return context_; }

 private:
  void Accept(AcceptedSocket socket);
  bool MayConnect(const std::string& peer_group) const;
  void AddConnection(AcceptedSocket socket);
  void TakeWakes();
  void GiveTurns();
  void CheckDeadlines();
  void RemoveClosed();
  void ResumeAccepting();
  int EpollTimeoutMs();

  ServerContext context_;
  const TlsIdentity* identity_;
  std::optional<TlsContext> tls_;
  UniqueFd epoll_;
  std::vector<std::unique_ptr<AcceptQueue>> queues_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::unordered_map<std::string, std::size_t> peers_;
  std::uint64_t accept_again_ns_ = kNever;
  std::uint64_t cut_at_ns_ = kNever;
  WakeQueue::Batch batch_;
  std::vector<Connection*> turns_;
};

}  // namespace plasm::net
