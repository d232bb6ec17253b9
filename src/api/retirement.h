// Forgets what is old: ended jobs, expired uploads and nonces, cut-short uploads, and the blobs
// that nothing needs any more.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "base/result.h"
#include "blobs/blob_store.h"
#include "blobs/collection.h"
#include "jobs/job_limits.h"
#include "store/job_store.h"

namespace plasm::api {

struct Retirement {
  std::uint64_t jobs = 0;
  std::uint64_t nonces = 0;
  std::uint64_t partial_uploads = 0;
  Collected blobs;
};

// Everything that is due now. Waits for the disk, so on a thread of its own; safe beside everything
// else that a node does. An error leaves the rest for the next time.
Result<Retirement> RetireWhatIsOld(const jobs::Retention& retention, store::JobStore& store,
                                   const BlobStore& blobs, BlobPins& pins, Clock& clock);

}  // namespace plasm::api
