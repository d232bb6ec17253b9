// A node's keys, each in a file of its own in the data folder (spec/trust.md section 1).
#pragma once

#include <filesystem>

#include "base/entropy.h"
#include "base/result.h"
#include "crypto/ed25519.h"

namespace plasm::node {

struct NodeKeys {
  crypto::SigningKey identity;  // signs cards
  crypto::SigningKey receipt;   // signs receipts
  crypto::SigningKey log;       // signs checkpoints
};

std::filesystem::path IdentityKeyPath(const std::filesystem::path& data_folder);
std::filesystem::path ReceiptKeyPath(const std::filesystem::path& data_folder);
std::filesystem::path LogKeyPath(const std::filesystem::path& data_folder);

// Keys that are missing are made. The errors are those of crypto/key_file.h.
Result<NodeKeys> LoadOrCreateNodeKeys(const std::filesystem::path& data_folder, Entropy& entropy);

// Puts a new receipt key in the place of the old one, which is kept beside it under the
// beginning of its public key and signs nothing any more. The next card says so
// (node/own_card.h). Durable on return; a crash leaves the old key or the new one.
Result<crypto::PublicKey> RotateReceiptKey(const std::filesystem::path& data_folder,
                                           Entropy& entropy);

}  // namespace plasm::node
