// The name of a log (spec/log.md section 1.1), as receipts and cards have it.
#pragma once

#include <string_view>

namespace plasm::receipt {

// 1 to 255 bytes of UTF-8 without '+', control characters and white space of any kind: what
// can stand as a key's name in a signed note.
bool IsLogOrigin(std::string_view text);

}  // namespace plasm::receipt
