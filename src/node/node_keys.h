// A node's keys, each in a file of its own in the data folder (spec/trust.md section 1).
#pragma once

#include <filesystem>
#include <optional>

#include "base/entropy.h"
#include "base/result.h"
#include "crypto/ed25519.h"

namespace plasm::node {

struct NodeKeys {
  crypto::SigningKey identity;  // signs cards
  crypto::SigningKey receipt;   // signs receipts
  crypto::SigningKey log;       // signs checkpoints
  // Shown in TLS handshakes; only a node that has served others has one.
  std::optional<crypto::SigningKey> tls{};
};

std::filesystem::path IdentityKeyPath(const std::filesystem::path& data_folder);
std::filesystem::path ReceiptKeyPath(const std::filesystem::path& data_folder);
std::filesystem::path LogKeyPath(const std::filesystem::path& data_folder);
std::filesystem::path TlsKeyPath(const std::filesystem::path& data_folder);

// Keys that are missing are made, but for that of TLS. The errors are those of crypto/key_file.h.
Result<NodeKeys> LoadOrCreateNodeKeys(const std::filesystem::path& data_folder, Entropy& entropy);

// A new key for the place of the one in `key_file`, kept beside it under the name
// "<key_file>.next" until PutInPlace: one that a crash has left there is as good as a new one,
// since nobody has seen it.
Result<crypto::SigningKey> PrepareNextKey(const std::filesystem::path& key_file, Entropy& entropy);

// Puts the prepared key in the place of `old_key`, whose file is kept beside it as
// "<key_file>.<16 hex digits of the public key>.retired" and signs nothing any more. One caller at
// a time. Durable on return; a crash leaves the old key in place or the new one.
Result<void> PutInPlace(const std::filesystem::path& key_file, const crypto::PublicKey& old_key);

}  // namespace plasm::node
