// Base64 with the standard alphabet (RFC 4648 section 4), in its one canonical form.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace plasm {

// Padded with '='.
std::string EncodeBase64(ByteView bytes);
// The same, added to `text`.
void AppendBase64(std::string& text, ByteView bytes);

// Without padding, as OpenSSH prints fingerprints.
std::string EncodeBase64Unpadded(ByteView bytes);

// Accepts exactly what EncodeBase64 produces. kInvalid for another alphabet, blanks and
// line ends, missing or surplus padding, bytes after it, and unused bits that are not zero.
Result<Bytes> DecodeBase64(std::string_view text);

// The same, in the alphabet of RFC 4648 section 4 or in that of section 5 ('-' and '_'), not
// both mixed: what a reader of DSSE envelopes must take.
Result<Bytes> DecodeBase64OrBase64Url(std::string_view text);

}  // namespace plasm
