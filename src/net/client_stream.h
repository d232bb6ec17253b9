// A blocking stream to a server, with time limits.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/ed25519.h"
#include "net/client.h"
#include "net/endpoint.h"
#include "net/tls_transport.h"

namespace plasm::net {

// Connected from Open on, until it is destroyed. One thread at a time.
class ClientStream {
 public:
  // Connects and makes the handshake. `server_key` empty: any key is taken, for FetchServerKey.
  // `interrupt` is a descriptor or -1.
  static Result<std::unique_ptr<ClientStream>> Open(
      Clock& clock, const Endpoint& endpoint, const std::optional<crypto::PublicKey>& server_key,
      const TlsIdentity* identity, const ClientLimits& limits, int interrupt);

  const std::optional<crypto::PublicKey>& server_key() const { return server_key_; }

  // At least a byte; 0 at a proper end of the stream. `limit` for the whole call.
  Result<std::size_t> Read(std::span<std::byte> out, std::chrono::nanoseconds limit);

  enum class Written { kAll, kServerSpoke };
  // Stops early when the server says something, which Read gives then. `limit` for each step.
  Result<Written> Write(ByteView bytes, std::chrono::nanoseconds limit);

  void Shutdown() { transport_->Shutdown(); }

 private:
  ClientStream(Clock& clock, const Endpoint& endpoint, int interrupt)
      : clock_(clock), name_(endpoint.ToString()), interrupt_(interrupt) {}

  static Result<UniqueFd> Connect(ClientStream& stream, const Endpoint& endpoint,
                                  const ClientLimits& limits);
  static Result<UniqueFd> ConnectTcp(ClientStream& stream, const Endpoint& endpoint,
                                     const ClientLimits& limits);
  Result<void> ConnectSocket(int fd, const void* address, unsigned size,
                             std::chrono::nanoseconds limit);
  Result<void> MakeHandshake(std::chrono::nanoseconds limit);
  Result<void> CheckKey(const std::optional<crypto::PublicKey>& expected);
  // Waits for one of poll's events; 0 when the time has passed.
  Result<short> Poll(int fd, short events, std::uint64_t deadline_ns, const char* phase);
  Result<void> Wait(IoStatus status, std::uint64_t deadline_ns, const char* phase);
  std::uint64_t DeadlineIn(std::chrono::nanoseconds limit);
  Error Unavailable(std::string why) const;
  Error Broken() const;

  Clock& clock_;
  std::string name_;
  int interrupt_;
  std::unique_ptr<Transport> transport_;
  TlsTransport* tls_ = nullptr;
  std::optional<crypto::PublicKey> server_key_;
};

}  // namespace plasm::net
