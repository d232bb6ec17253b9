// Hexadecimal, in its one canonical form: lower case, two digits a byte.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace plasm {

std::string EncodeHex(ByteView bytes);
// The same digits to where `out` points: 2 * bytes.size() of them.
void EncodeHexTo(ByteView bytes, char* out);
// Added to `text`.
void AppendHex(std::string& text, ByteView bytes);

// kInvalid for anything but an even number of digits 0-9 a-f; upper case and blanks are
// refused, so that a value has exactly one spelling. The message gives the offset.
Result<Bytes> DecodeHex(std::string_view text);

// The same for values of a fixed size: kInvalid unless text has exactly 2 * out.size()
// digits. `out` is unspecified after an error.
Result<void> DecodeHexTo(std::string_view text, std::span<std::byte> out);

}  // namespace plasm
