// The name of an engine's settings (spec/receipt.md section 6): where it is equal, fuel and
// stack depth can be compared.
#pragma once

#include <string_view>

#include "base/sha256.h"

namespace plasm::receipt {

// `wasmtime_version` as in "48.0.8".
Sha256Digest EngineConfiguration(std::string_view wasmtime_version);

}  // namespace plasm::receipt
