// What a verifier on this machine has to go by, read from its data folder.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "cli/data_folder.h"
#include "client/verifier_files.h"
#include "tlog/policy.h"
#include "trust/trust_state.h"

namespace plasm::app {

using client::LoadPublicKey;

// As client::LoadTrust. What was wrong with cards is said on standard error.
Result<trust::TrustState> LoadTrust(const DataFolder& data);

// A policy file; `name` empty: the data folder's own, where there is one.
Result<std::optional<tlog::Policy>> LoadPolicy(const DataFolder& data, const std::string& name);

}  // namespace plasm::app
