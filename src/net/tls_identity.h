// What a program shows of itself in a TLS handshake.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "crypto/ed25519.h"
#include "net/certificate.h"

typedef struct evp_pkey_st EVP_PKEY;

namespace plasm::net {

struct FreeEvpKey {
  void operator()(EVP_PKEY* key) const;
};

// A key and a certificate for it. Immutable. OpenSSL keeps a copy of the secret as long as this
// lives, or a server or client that was made with it.
class TlsIdentity {
 public:
  static Result<TlsIdentity> Make(const crypto::SigningKey& key, const CertificateNames& names,
                                  const CertificateValidity& validity = {});

  const crypto::PublicKey& public_key() const { return public_key_; }
  std::string certificate_pem() const { return CertificatePem(*certificate_); }

 private:
  friend class TlsContext;
  TlsIdentity() = default;

  crypto::PublicKey public_key_;
  X509Ptr certificate_;
  std::unique_ptr<EVP_PKEY, FreeEvpKey> key_;
};

}  // namespace plasm::net
