// What receipt v0.1 and manifest v0.1 have in common.
#pragma once

#include <string>
#include <string_view>

#include "base/json_reader.h"
#include "base/result.h"
#include "base/sha256.h"

namespace plasm::receipt {

// Digits, a point, digits, as in "0.1".
bool IsVersion(std::string_view text);

// "version", as above.
Result<std::string> TakeVersion(JsonFields& fields);

// "module_hash": "sha256:" and 64 digits.
Result<Sha256Digest> TakeModuleHash(JsonFields& fields);

}  // namespace plasm::receipt
