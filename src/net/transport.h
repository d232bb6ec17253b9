// Bytes to and from a peer, plain or through TLS.
#pragma once

#include <span>

#include "base/bytes.h"
#include "net/socket_io.h"

namespace plasm::net {

// One thread at a time. After kFailed only Shutdown and the destructor may be called.
class Transport {
 public:
  explicit Transport(UniqueFd fd) : socket_(std::move(fd)) {}
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;

  // To be called until it is kDone, before anything else.
  virtual IoStatus Handshake() = 0;
  virtual IoResult Read(std::span<std::byte> out) = 0;
  virtual IoResult Write(ByteView bytes) = 0;
  // Tells the other side that nothing will follow; does not wait.
  virtual void Shutdown() = 0;

  SocketIo& socket() { return socket_; }
  const SocketIo& socket() const { return socket_; }

 protected:
  SocketIo socket_;
};

class PlainTransport final : public Transport {
 public:
  using Transport::Transport;
  IoStatus Handshake() override { return IoStatus::kDone; }
  IoResult Read(std::span<std::byte> out) override { return socket_.Receive(out); }
  IoResult Write(ByteView bytes) override { return socket_.Send(bytes); }
  void Shutdown() override;
};

}  // namespace plasm::net
