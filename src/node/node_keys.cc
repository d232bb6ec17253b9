#include "node/node_keys.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/system_error.h"
#include "crypto/key_file.h"

namespace plasm::node {

namespace fs = std::filesystem;

fs::path IdentityKeyPath(const fs::path& data_folder) { return data_folder / "identity.key"; }
fs::path ReceiptKeyPath(const fs::path& data_folder) { return data_folder / "receipt.key"; }
fs::path LogKeyPath(const fs::path& data_folder) { return data_folder / "log.key"; }

Result<NodeKeys> LoadOrCreateNodeKeys(const fs::path& data_folder, Entropy& entropy) {
  PLASM_TRY(auto identity, crypto::LoadOrCreateSigningKey(IdentityKeyPath(data_folder), entropy));
  PLASM_TRY(auto receipt, crypto::LoadOrCreateSigningKey(ReceiptKeyPath(data_folder), entropy));
  PLASM_TRY(auto log, crypto::LoadOrCreateSigningKey(LogKeyPath(data_folder), entropy));
  return NodeKeys{std::move(identity), std::move(receipt), std::move(log)};
}

Result<crypto::PublicKey> RotateReceiptKey(const fs::path& data_folder, Entropy& entropy) {
  const fs::path current = ReceiptKeyPath(data_folder);
  const fs::path next = data_folder / "receipt.key.next";
  PLASM_TRY(const auto old_key, crypto::LoadOrCreateSigningKey(current, entropy));
  // One that a crash has left is as good as a new one: nobody has seen it.
  PLASM_TRY(const auto new_key, crypto::LoadOrCreateSigningKey(next, entropy));
  const std::string retired =
      "receipt.key." + old_key.public_key().ToHex().substr(0, 16) + ".retired";
  if (link(current.c_str(), (data_folder / retired).c_str()) != 0 && errno != EEXIST) {
    return SystemError(errno, (data_folder / retired).string());
  }
  if (rename(next.c_str(), current.c_str()) != 0) return SystemError(errno, current.string());
  return new_key.public_key();
}

}  // namespace plasm::node
