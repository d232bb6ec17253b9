// The blobs that a job reads.
#pragma once

#include <vector>

#include "base/result.h"
#include "base/sha256.h"
#include "blobs/content_source.h"
#include "receipt/manifest_v1.h"

namespace plasm::jobs {

// Whether a client may use a blob, and it is here.
class BlobAccess {
 public:
  virtual ~BlobAccess() = default;
  virtual Result<bool> IsHere(const Sha256Digest& digest) const = 0;
};

struct BlobNeeds {
  std::vector<Sha256Digest> needed;   // each once, in the order of their bytes
  std::vector<Sha256Digest> missing;  // likewise
};

// Module, standard input, and for each tree its lists and the files in them, as far as the lists
// are here. kInvalid for a list that is none, kLimitExceeded for one beyond the job's own limits.
Result<BlobNeeds> NeedsOf(const receipt::Manifest& manifest, const ContentSource& source,
                          const BlobAccess& access);

}  // namespace plasm::jobs
