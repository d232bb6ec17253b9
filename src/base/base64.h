// Base64 with the standard alphabet (RFC 4648 section 4), in its one canonical form.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace plasm {

// Padded with '='.
std::string EncodeBase64(ByteView bytes);

// Without padding, as OpenSSH prints fingerprints.
std::string EncodeBase64Unpadded(ByteView bytes);

// Accepts exactly what EncodeBase64 produces. kInvalid for another alphabet, blanks and
// line ends, missing or surplus padding, bytes after it, and unused bits that are not zero.
Result<Bytes> DecodeBase64(std::string_view text);

}  // namespace plasm
