// What can be said of a module from its first bytes alone, before any compiler sees it:
// the mistakes that people make, each named.
#pragma once

#include <cstddef>

#include "base/bytes.h"
#include "base/result.h"

namespace plasm::sandbox {

inline constexpr std::size_t kMaxModuleBytes = std::size_t{128} << 20;

// Fails with kInvalid when `bytes` can't be a core WebAssembly module of version 1, and
// with kLimitExceeded when there are more than kMaxModuleBytes.
Result<void> CheckModuleBytes(ByteView bytes);

}  // namespace plasm::sandbox
