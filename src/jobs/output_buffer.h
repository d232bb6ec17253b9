// What a guest has written to one stream: in memory while it is little, in a file of the blob
// store from then on; readable all the time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "blobs/blob_store.h"
#include "store/job_record.h"

namespace plasm::jobs {

// Not thread-safe. The store must outlive it.
class OutputBuffer {
 public:
  static constexpr std::size_t kMaxInMemory = std::size_t{64} << 10;

  explicit OutputBuffer(const BlobStore& blobs) : blobs_(blobs) {}

  // Errors are those of the disk; what was written before stays readable.
  Result<void> Append(ByteView bytes);
  // Forgets everything: the guest is run again from its start.
  void Clear();

  std::uint64_t size() const { return size_; }
  // From `offset` on, at most `most`.
  Result<Bytes> Read(std::uint64_t offset, std::size_t most) const;

  // Once: what is kept of the stream. What is too long for memory is a blob on disk, durable on
  // return. `digest` is that of the whole.
  Result<store::StreamRecord> Finish(const Sha256Digest& digest);

 private:
  const BlobStore& blobs_;
  std::uint64_t size_ = 0;
  Bytes memory_;                    // all of it, while there is no file
  std::optional<BlobWriter> file_;  // all of it
};

}  // namespace plasm::jobs
