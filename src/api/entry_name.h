// Names of clients and tokens (spec/clients.md section 1). Pure.
#pragma once

#include <string_view>

#include "base/result.h"

namespace plasm::api {

// 1 to 64 bytes of a-z A-Z 0-9 . _ - that begin with a letter or a digit. kInvalid otherwise.
Result<void> CheckEntryName(std::string_view name);

}  // namespace plasm::api
