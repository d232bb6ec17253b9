// Private keys on disk. The file is what `openssl pkey -in FILE` reads (crypto/pkcs8.h).
#pragma once

#include <filesystem>

#include "base/entropy.h"
#include "base/result.h"
#include "crypto/ed25519.h"

namespace plasm::crypto {

// Reads a key. kNotFound when there is no such file. kDenied unless it is the caller's own
// or root's, and nobody else can read or write it (mode 0600 or less). kInvalid for a
// symbolic link, anything but a regular file, and content that is not such a key. Errors
// name the path and never show content.
Result<SigningKey> LoadSigningKey(const std::filesystem::path& path);

// Writes a new key with mode 0600, and missing folders above it with mode 0700. kConflict
// when something stands at `path`, which stays as it is. Durable on return.
Result<SigningKey> CreateSigningKey(const std::filesystem::path& path, Entropy& entropy);

// The key at `path`, made first if it is missing. Processes that do this at once all get the
// same key.
Result<SigningKey> LoadOrCreateSigningKey(const std::filesystem::path& path, Entropy& entropy);

}  // namespace plasm::crypto
