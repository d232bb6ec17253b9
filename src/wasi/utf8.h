#pragma once

#include <string_view>

namespace plasm::wasi {

// Well-formed UTF-8 as Unicode defines it: no overlong forms, no surrogates, at most U+10FFFF.
bool IsUtf8(std::string_view text);

}  // namespace plasm::wasi
