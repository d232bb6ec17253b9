// What a verifier on this machine has to go by, read from its data folder.
#pragma once

#include <filesystem>
#include <optional>

#include "base/result.h"
#include "crypto/ed25519.h"
#include "home/data_folder.h"
#include "tlog/policy.h"
#include "trust/trust_store.h"

namespace plasm::client {

// The trusted nodes and their cards; the reports say what was wrong with cards that do not count.
// A card that this data folder's own node has issued meanwhile counts, if that node is trusted.
Result<trust::LoadedTrust> LoadTrust(const home::DataFolder& data);

// A policy file; kNotFound when there is none.
Result<tlog::Policy> LoadPolicy(const std::filesystem::path& file);
// The data folder's own, where there is one.
Result<std::optional<tlog::Policy>> LoadStandingPolicy(const home::DataFolder& data);

// A public key that is PEM in a file.
Result<crypto::PublicKey> LoadPublicKey(const std::filesystem::path& file);

}  // namespace plasm::client
