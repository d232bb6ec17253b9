// Comparison of secrets.
#pragma once

#include "base/bytes.h"

namespace plasm::crypto {

// Whether the two are equal. The time taken tells their sizes and nothing else.
[[nodiscard]] bool EqualInConstantTime(ByteView a, ByteView b);

}  // namespace plasm::crypto
