// New connections of one listener, as they come.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/unique_fd.h"
#include "net/event_target.h"
#include "net/listener.h"
#include "net/peer.h"

namespace plasm::net {

struct AcceptedSocket {
  UniqueFd fd;
  Listener::Kind kind = Listener::Kind::kTls;
  Peer peer;
  std::string peer_group;
};

// One thread at a time.
class AcceptQueue final : public EventTarget {
 public:
  // Tells of each new connection, and, once, that the process has no descriptors or memory left:
  // then nothing more is accepted until Resume.
  using OnSocket = std::function<void(AcceptedSocket)>;
  using OnExhausted = std::function<void()>;
  AcceptQueue(Listener listener, int epoll, OnSocket on_socket, OnExhausted on_exhausted);

  // Before the socket is closed, and the epoll instance: see Server::Loop::RemoveClosed.
  ~AcceptQueue() override;

  Result<void> Watch();
  void OnEvents(std::uint32_t events) override;
  void Resume();

  const Listener& listener() const { return listener_; }

 private:
  void Pause();

  Listener listener_;
  int epoll_;
  OnSocket on_socket_;
  OnExhausted on_exhausted_;
  bool paused_ = false;
};

}  // namespace plasm::net
