// UTF-8, checked.
#pragma once

#include <cstddef>
#include <string>

#include "base/bytes.h"

namespace plasm {

// Whether the bytes are well-formed UTF-8: no overlong forms, no surrogates, nothing above
// U+10FFFF, nothing cut short.
bool IsValidUtf8(ByteView bytes);

// The bytes as text: each maximal ill-formed subpart (Unicode 15, section 3.9) becomes one
// U+FFFD, as in browsers and Rust's from_utf8_lossy. Well-formed input comes back unchanged.
std::string ToUtf8Lossy(ByteView bytes);

}  // namespace plasm
