// /v1/blobs/{digest}: contents that jobs read, and that they leave behind.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "api/background.h"
#include "api/byte_range.h"
#include "api/call.h"
#include "api/daily_budget.h"
#include "base/clock.h"
#include "blobs/blob_store.h"
#include "blobs/collection.h"
#include "blobs/partial_blobs.h"
#include "store/job_store.h"

namespace plasm::api {

// The references outlive it. Belongs to the server's thread.
class BlobRoutes {
 public:
  // `keep_ns`: how long a blob stays that no job refers to.
  BlobRoutes(const BlobStore& blobs, BlobPins& pins, store::JobStore& store, Background& background,
             Clock& clock, std::uint64_t keep_ns)
      : blobs_(blobs),
        partial_(blobs),
        pins_(pins),
        store_(store),
        background_(background),
        clock_(clock),
        keep_ns_(keep_ns) {}

  void Get(Call& call);  // and HEAD
  void Put(Call& call);

  // Keeps bytes that came by another way, as an upload of the client's.
  Result<void> Keep(Call& call, const Sha256Digest& digest, std::shared_ptr<const Bytes> bytes);

 private:
  struct Upload;
  Result<bool> IsVisible(const Call& call, const Sha256Digest& digest) const;
  Result<void> Begin(Call& call, Upload& upload);
  Result<void> Receive(Call& call, Upload& upload);
  Result<void> Refer(Call& call, const Sha256Digest& digest);
  void Respond(Call& call, Upload& upload);
  void FailUpload(Call& call, const Upload& upload, const Error& error);

  const BlobStore& blobs_;
  const PartialBlobs partial_;
  BlobPins& pins_;
  store::JobStore& store_;
  Background& background_;
  Clock& clock_;
  const std::uint64_t keep_ns_;
  DailyBudget budget_;  // bytes uploaded
};

}  // namespace plasm::api
