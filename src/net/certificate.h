// Self-signed Ed25519 certificates. They carry a key and nothing that anybody should believe:
// peers are known by their keys alone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/ed25519.h"

typedef struct x509_st X509;

namespace plasm::net {

struct CertificateNames {
  std::string common_name;                // 1 to 64 bytes of plain text
  std::vector<std::string> dns_names;     // "node.example", "localhost"
  std::vector<std::string> ip_addresses;  // "127.0.0.1", "::1"
};

// Seconds since the Unix epoch. Nothing of ours looks at them; other programs do.
struct CertificateValidity {
  std::int64_t not_before = 0;            // 1970-01-01
  std::int64_t not_after = 253402300799;  // 9999-12-31T23:59:59Z: "no expiration" (RFC 5280)
};

struct FreeX509 {
  void operator()(X509* certificate) const;
};
using X509Ptr = std::unique_ptr<X509, FreeX509>;

// The same key, names and validity give the same bytes. kInvalid for names that a certificate
// can't carry.
Result<X509Ptr> MakeCertificate(const crypto::SigningKey& key, const CertificateNames& names,
                                const CertificateValidity& validity = {});

// "-----BEGIN CERTIFICATE-----…", as curl's --cert takes it.
std::string CertificatePem(const X509& certificate);

// The key of a certificate. kDenied unless it is an Ed25519 key of prime order: under others
// OpenSSL takes signatures that nobody made.
Result<crypto::PublicKey> KeyOf(const X509& certificate);

}  // namespace plasm::net
