// A connection through TLS.
#pragma once

#include <string>

#include "net/tls_context.h"
#include "net/transport.h"

namespace plasm::net {

class TlsTransport final : public Transport {
 public:
  enum class Side { kServer, kClient };
  // `server_name` is sent as SNI when it is a name.
  TlsTransport(UniqueFd fd, SslPtr ssl, Side side, const std::string& server_name = {});
  ~TlsTransport() override;

  IoStatus Handshake() override;
  IoResult Read(std::span<std::byte> out) override;
  IoResult Write(ByteView bytes) override;
  void Shutdown() override;

  // After the handshake: the key that the other side has proven to hold, if it showed one.
  std::optional<crypto::PublicKey> PeerKey() const;
  // Why the last call was kFailed, for people.
  const std::string& failure() const { return failure_; }

 private:
  IoStatus StatusOf(int result);

  SslPtr ssl_;
  std::string failure_;
};

}  // namespace plasm::net
