#include "node/node_keys.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <utility>

#include "base/system_error.h"
#include "base/unique_fd.h"
#include "crypto/key_file.h"

namespace plasm::node {

namespace fs = std::filesystem;

fs::path IdentityKeyPath(const fs::path& data_folder) { return data_folder / "identity.key"; }
fs::path ReceiptKeyPath(const fs::path& data_folder) { return data_folder / "receipt.key"; }
fs::path LogKeyPath(const fs::path& data_folder) { return data_folder / "log.key"; }
fs::path TlsKeyPath(const fs::path& data_folder) { return data_folder / "tls.key"; }

namespace {

fs::path WithSuffix(fs::path path, const std::string& suffix) { return path += suffix; }

Result<void> SyncFolder(const fs::path& folder) {
  const UniqueFd fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || fsync(fd.get()) != 0) return SystemError(errno, folder.string());
  return {};
}

}  // namespace

Result<NodeKeys> LoadOrCreateNodeKeys(const fs::path& data_folder, Entropy& entropy) {
  PLASM_TRY(auto identity, crypto::LoadOrCreateSigningKey(IdentityKeyPath(data_folder), entropy));
  PLASM_TRY(auto receipt, crypto::LoadOrCreateSigningKey(ReceiptKeyPath(data_folder), entropy));
  PLASM_TRY(auto log, crypto::LoadOrCreateSigningKey(LogKeyPath(data_folder), entropy));
  NodeKeys keys{std::move(identity), std::move(receipt), std::move(log)};
  auto tls = crypto::LoadSigningKey(TlsKeyPath(data_folder));
  if (tls) {
    keys.tls = *std::move(tls);
  } else if (tls.error().code != ErrorCode::kNotFound) {
    return std::move(tls).error();
  }
  return keys;
}

Result<crypto::SigningKey> PrepareNextKey(const fs::path& key_file, Entropy& entropy) {
  return crypto::LoadOrCreateSigningKey(WithSuffix(key_file, ".next"), entropy);
}

Result<void> PutInPlace(const fs::path& key_file, const crypto::PublicKey& old_key) {
  constexpr std::size_t kShownDigits = 16;
  const fs::path retired =
      WithSuffix(key_file, "." + old_key.ToHex().substr(0, kShownDigits) + ".retired");
  // There already: a crash came right after.
  if (link(key_file.c_str(), retired.c_str()) != 0 && errno != EEXIST) {
    return SystemError(errno, retired.string());
  }
  if (rename(WithSuffix(key_file, ".next").c_str(), key_file.c_str()) != 0) {
    return SystemError(errno, key_file.string());
  }
  return SyncFolder(key_file.parent_path());
}

}  // namespace plasm::node
