// A job's input folders: from a snapshot to digests and blobs, and back.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "blobs/blob_store.h"
#include "blobs/content_source.h"
#include "receipt/job_parts.h"
#include "worker/protocol/job.h"
#include "worker/supervisor/inputs.h"

namespace plasm::execution {

// What a manifest says of these folders, whose contents are in `contents` (worker::Inputs,
// sealed). kInvalid for a name that a tree digest can't hold (spec/job.md section 3). With a
// store, every file is kept there, and so are the texts whose digests name the trees: the
// blob `tree` lists the files, the blob `layout` the rest.
Result<std::vector<receipt::InputTree>> DescribeInputs(
    const std::vector<worker::InputFolder>& folders, const UniqueFd& contents,
    const BlobStore* store);

struct FetchedInputs {
  std::vector<worker::InputFolder> folders;
  UniqueFd contents;  // sealed; empty when there are no folders
};

// The folders that a manifest names, found again by their digests; each entry in the place
// that a snapshot would give it, so that a guest sees the same. kNotFound when something is
// missing, kCorrupt when it is not what it should be, kLimitExceeded beyond the limits.
Result<FetchedInputs> FetchInputs(const std::vector<receipt::InputTree>& trees,
                                  const ContentSource& source, const worker::JobLimits& limits);

}  // namespace plasm::execution
