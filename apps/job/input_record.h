// Standard input as a job got it: its digest, and the bytes where they are kept.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"
#include "blobs/blob_store.h"
#include "receipt/manifest_v1.h"

namespace plasm::app {

// Not thread-safe; `keep` may be null, and outlives it otherwise.
class InputRecord {
 public:
  explicit InputRecord(const BlobStore* keep) : keep_(keep) {}

  void Take(ByteView bytes);

  // Once. Says what went wrong on the way, as on a full disk.
  Result<receipt::StdinName> Finish();

 private:
  Result<void> Keep(ByteView bytes);

  const BlobStore* keep_;
  Sha256 hash_;
  std::uint64_t bytes_ = 0;
  std::optional<BlobWriter> blob_;
  Result<void> status_;
};

}  // namespace plasm::app
