// How TLS is spoken here: 1.3 alone, no resumption, peers known by their keys.
#pragma once

#include <memory>
#include <optional>

#include "base/result.h"
#include "crypto/ed25519.h"
#include "net/tls_identity.h"

typedef struct ssl_ctx_st SSL_CTX;
typedef struct ssl_st SSL;

namespace plasm::net {

struct FreeSsl {
  void operator()(SSL* ssl) const;
};
using SslPtr = std::unique_ptr<SSL, FreeSsl>;

// Settings for many connections. No session is ever resumed: a resumed one would pass the check
// of the certificate by.
class TlsContext {
 public:
  // Asks clients for a certificate and takes those that have none. A certificate must have an
  // Ed25519 key; whose it is, is not asked here.
  static Result<TlsContext> ForServer(const TlsIdentity& identity);

  // `identity` null: no certificate is shown. The server must have an Ed25519 key; the caller
  // compares it, before it sends anything (PeerKey).
  static Result<TlsContext> ForClient(const TlsIdentity* identity);

  SslPtr NewConnection() const;

 private:
  struct FreeContext {
    void operator()(SSL_CTX* context) const;
  };
  static Result<TlsContext> Make(const TlsIdentity* identity);

  std::unique_ptr<SSL_CTX, FreeContext> context_;
};

}  // namespace plasm::net
