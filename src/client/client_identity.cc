#include "client/client_identity.h"

#include "crypto/key_file.h"

namespace plasm::client {

Result<crypto::SigningKey> LoadOrCreateClientKey(const std::filesystem::path& data_folder,
                                                 Entropy& entropy) {
  return crypto::LoadOrCreateSigningKey(data_folder / "client.key", entropy);
}

Result<net::TlsIdentity> IdentityOf(const crypto::SigningKey& key) {
  // Nodes look at the key alone, so the name says nothing of this machine or its user.
  return net::TlsIdentity::Make(
      key, {.common_name = "plasm-client", .dns_names = {}, .ip_addresses = {}});
}

}  // namespace plasm::client
