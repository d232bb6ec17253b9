// The texts whose digests name a folder (spec/job.md section 3), read back.
#pragma once

#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"
#include "worker/protocol/job.h"

namespace plasm::execution {

struct TreeEntry {
  worker::InputEntry entry;  // offset and size are not set
  Sha256Digest digest;       // of a file
};

// The entries of a folder in the order of a snapshot: parents first, each level sorted
// bytewise. `layout` is empty where there is none. kInvalid unless both texts are exactly
// what spec/job.md section 3 writes for one possible folder that is not nested deeper than a
// snapshot may be; kLimitExceeded beyond max_entries or 256 MiB of paths.
Result<std::vector<TreeEntry>> ReadTreeTexts(std::string_view tree, std::string_view layout,
                                             std::size_t max_entries);

}  // namespace plasm::execution
