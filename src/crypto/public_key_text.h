// A public key as other programs write it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/ed25519.h"

namespace plasm::crypto {

// SubjectPublicKeyInfo (RFC 8410) as PEM with a line end after the last line: what
// `openssl pkey -pubout` prints.
std::string ToPem(const PublicKey& key);

// Accepts exactly what ToPem writes; the last line end may be missing. kInvalid otherwise: for
// keys of another kind, other line ends, text around the block.
Result<PublicKey> FromPem(std::string_view text);

// "ssh-ed25519 AAAA…", one line of an authorized_keys file, without comment and line end.
std::string ToOpenSsh(const PublicKey& key);

// Accepts exactly what ToOpenSsh writes: one blank, no comment. kInvalid otherwise.
Result<PublicKey> FromOpenSsh(std::string_view text);

// "SHA256:…" as `ssh-keygen -l` shows it: the unpadded base64 of the SHA-256 of the key in
// SSH's wire format.
std::string Fingerprint(const PublicKey& key);

// Whether the text is what Fingerprint gives for some key or other.
bool IsFingerprint(std::string_view text);

}  // namespace plasm::crypto
