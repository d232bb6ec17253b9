// The digest of a file that need not fit into memory.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "base/sha256.h"

namespace plasm {

struct FileDigest {
  Sha256Digest digest;
  std::uint64_t bytes = 0;
};

// Of what a descriptor gives from its position to its end; blocks for as long as a pipe does.
// kLimitExceeded beyond max_bytes. `name` stands in errors.
Result<FileDigest> DigestDescriptor(int fd, std::string_view name,
                                    std::uint64_t max_bytes = UINT64_MAX);

}  // namespace plasm
