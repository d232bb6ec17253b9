// Who this client is: a key in the data folder, made on first use.
#pragma once

#include <filesystem>

#include "base/entropy.h"
#include "base/result.h"
#include "crypto/ed25519.h"
#include "net/tls_identity.h"

namespace plasm::client {

// Errors as crypto::LoadOrCreateSigningKey.
Result<crypto::SigningKey> LoadOrCreateClientKey(const std::filesystem::path& data_folder,
                                                 Entropy& entropy);

// The key as the certificate that nodes are shown.
Result<net::TlsIdentity> IdentityOf(const crypto::SigningKey& key);

}  // namespace plasm::client
