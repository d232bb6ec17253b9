// What a verifier on this machine has to go by, read from its data folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "cli/data_folder.h"
#include "tlog/policy.h"
#include "trust/trust_store.h"

namespace plasm::app {

// The trusted nodes and their cards. A card that this data folder's own node has issued
// meanwhile counts, if that node is trusted. What was wrong with other cards is said on
// standard error.
Result<trust::TrustState> LoadTrust(const DataFolder& data);

// A policy file; `name` empty: the data folder's own, where there is one.
Result<std::optional<tlog::Policy>> LoadPolicy(const DataFolder& data, const std::string& name);

// A public key that is PEM in a file.
Result<crypto::PublicKey> LoadPublicKey(const std::string& file);

// Nothing when there is no such file.
Result<std::optional<Bytes>> ReadIfThere(const std::filesystem::path& file, std::size_t max_bytes);

}  // namespace plasm::app
