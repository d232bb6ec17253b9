// Private keys in the form that `openssl genpkey -algorithm ed25519` writes: PEM around
// PKCS#8 version 1 (RFC 5208, RFC 8410), unencrypted.
#pragma once

#include <cstddef>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/ed25519.h"
#include "crypto/secret_array.h"

namespace plasm::crypto {

// Every such file has this size: 48 bytes of DER are one line of 64 base64 digits.
inline constexpr std::size_t kPkcs8PemSize = 28 + 65 + 26;
using Pkcs8Pem = SecretArray<kPkcs8PemSize>;

void WritePkcs8Pem(const SigningKey& key, Pkcs8Pem& out);

// kInvalid for everything but what WritePkcs8Pem produces (one line end after the last line
// may be missing). The message says what the file seems to be instead, never what it holds.
Result<SigningKey> ParsePkcs8Pem(ByteView pem);

}  // namespace plasm::crypto
