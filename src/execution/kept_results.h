// Keeps what a job gives as blobs, so that it can be compared and fetched later.
#pragma once

#include <array>
#include <optional>

#include "base/result.h"
#include "blobs/blob_store.h"
#include "worker/supervisor/executor.h"

namespace plasm::execution {

// Hands every event on, unchanged. Not thread-safe; the references outlive it.
class KeptResults final : public worker::JobEvents {
 public:
  KeptResults(worker::JobEvents& inner, const BlobStore& store) : inner_(inner), store_(store) {}

  void OnOutput(worker::Stream stream, ByteView bytes) override;
  Result<void> OnFile(const worker::FileMessage& message) override;
  Result<void> OnFileData(ByteView bytes) override;
  void OnEnded(const worker::JobEnding& ending) override { inner_.OnEnded(ending); }
  int BlockedOn() const override { return inner_.BlockedOn(); }
  void OnWritable() override { inner_.OnWritable(); }

  // After the job has ended, once: gives the streams their names, and says what went wrong on
  // the way, as on a full disk.
  Result<void> Finish();

 private:
  Result<void> Keep(std::optional<BlobWriter>& blob, ByteView bytes);

  worker::JobEvents& inner_;
  const BlobStore& store_;
  std::array<std::optional<BlobWriter>, 2> streams_;
  std::optional<BlobWriter> file_;
  std::uint64_t file_left_ = 0;
  Result<void> status_;
};

}  // namespace plasm::execution
