// Blobs on their way in: pieces that may come over several connections and starts of the node,
// under a digest that is known in advance.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"
#include "base/unique_fd.h"
#include "blobs/blob_store.h"

namespace plasm {

// One that is being written. What has come stays when this ends without Finish, to be gone on
// with. Move-only; one thread at a time.
class PartialBlob {
 public:
  std::uint64_t bytes() const { return bytes_; }

  // The next piece. kConflict unless it begins where the last one ended; kLimitExceeded beyond
  // the limit. After any other error what has come is cut back to where it was.
  Result<void> Append(std::uint64_t offset, ByteView piece);

  // Gives the blob its name: durable on return, survives power loss. kInvalid when the contents
  // have another digest: then nothing of them is kept. Once.
  Result<StoredBlob> Finish();

  // Nothing of it is kept.
  void Discard();

 private:
  friend class PartialBlobs;
  PartialBlob(const BlobStore& store, const Sha256Digest& digest, std::filesystem::path path,
              UniqueFd fd, std::uint64_t max_bytes)
      : store_(&store),
        digest_(digest),
        path_(std::move(path)),
        fd_(std::move(fd)),
        max_bytes_(max_bytes) {}

  const BlobStore* store_;
  Sha256Digest digest_;
  std::filesystem::path path_;
  UniqueFd fd_;  // locked
  std::uint64_t max_bytes_;
  Sha256 hash_;
  std::uint64_t bytes_ = 0;
};

// Thread-safe. The store outlives it and what it opens. Its files are in <store>/partial.
class PartialBlobs {
 public:
  explicit PartialBlobs(const BlobStore& store) : store_(store) {}

  // How much has come; 0 when nothing has.
  std::uint64_t SizeOf(const Sha256Digest& digest) const;

  // Begins, or goes on: what has come is read again. kConflict while another one writes it.
  Result<PartialBlob> Open(const Sha256Digest& digest, std::uint64_t max_bytes) const;

  // Removes those that nobody writes and that have not grown since then; gives how many.
  Result<std::uint64_t> RemoveOlderThan(std::uint64_t changed_before_ns) const;

 private:
  std::filesystem::path Folder() const { return store_.folder() / "partial"; }

  const BlobStore& store_;
};

}  // namespace plasm
