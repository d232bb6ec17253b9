// The blobs that a job reads.
#pragma once

#include <vector>

#include "base/result.h"
#include "base/sha256.h"
#include "blobs/content_source.h"
#include "receipt/manifest_v1.h"

namespace plasm::jobs {

class BlobAccess {
 public:
  virtual ~BlobAccess() = default;
  // Whether a client may use the blob, and it is here. Asked once for each.
  virtual Result<bool> IsHere(const Sha256Digest& digest) = 0;
};

struct BlobNeeds {
  std::vector<Sha256Digest> needed;   // each once, in the order of their bytes
  std::vector<Sha256Digest> missing;  // likewise
};

// Module, standard input, and for each tree its lists and the files in them, as far as the lists
// are here. kInvalid for a list that is none, kLimitExceeded for one beyond the job's own limits.
Result<BlobNeeds> NeedsOf(const receipt::Manifest& manifest, const ContentSource& source,
                          BlobAccess& access);

}  // namespace plasm::jobs
