// Contents named by their SHA-256, kept in files: <folder>/<2 digits>/<62 digits>.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"
#include "base/unique_fd.h"
#include "blobs/content_source.h"

namespace plasm {

struct StoredBlob {
  Sha256Digest digest;
  std::uint64_t bytes = 0;
};

// A blob that is being written, whose digest is known at its end. Move-only; what is not
// finished is removed. One thread at a time.
class BlobWriter {
 public:
  BlobWriter(BlobWriter&& other) noexcept
      : folder_(std::move(other.folder_)),
        name_(std::exchange(other.name_, {})),
        fd_(std::move(other.fd_)),
        hash_(other.hash_),
        bytes_(other.bytes_) {}
  BlobWriter& operator=(BlobWriter&&) = delete;
  ~BlobWriter();

  Result<void> Write(ByteView bytes);
  std::uint64_t bytes() const { return bytes_; }
  // For reading at an offset what has been written; valid as long as the writer.
  int fd() const { return fd_.get(); }
  // Gives the blob its name. Once.
  Result<StoredBlob> Finish();

 private:
  friend class BlobStore;
  BlobWriter(std::filesystem::path folder, std::string name, UniqueFd fd)
      : folder_(std::move(folder)), name_(std::move(name)), fd_(std::move(fd)) {}

  std::filesystem::path folder_;
  std::string name_;  // of the temporary file; empty when there is none
  UniqueFd fd_;
  Sha256 hash_;
  std::uint64_t bytes_ = 0;
};

// A blob as its folder lists it: nobody has read it.
struct ListedBlob {
  Sha256Digest digest;
  std::uint64_t bytes = 0;
  std::uint64_t put_ns = 0;  // when it was last put, since the Unix epoch, by the machine's clock
};

// Blobs appear whole or not at all, as read-only files. Several processes may use one folder
// at a time. Thread-safe. Nothing is synced but by Sync: after a power cut a blob may be missing
// or damaged, which a reader notices.
class BlobStore final : public ContentSource {
 public:
  // Creates nothing before the first blob.
  explicit BlobStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Keeps these bytes, whose digest the caller has taken: what is there already is not written
  // again.
  Result<void> Put(const Sha256Digest& digest, ByteView bytes) const;

  // For contents that come in pieces.
  Result<BlobWriter> NewBlob() const;

  Result<UniqueFd> Find(const Sha256Digest& digest) const override;
  void OnDamaged(const Sha256Digest& digest) const override;

  bool Has(const Sha256Digest& digest) const;

  // Makes blobs durable that have been put: on return they survive power loss. Many at once wait
  // for the disk together. kNotFound when one is not there.
  Result<void> Sync(std::span<const Sha256Digest> digests) const;

  // Gives a file of the same file system, which has been synced, the name of the blob that its
  // contents are. Durable on return. One of that name is replaced: it may have been damaged.
  Result<void> Adopt(const std::filesystem::path& file, const Sha256Digest& digest) const;

  // Keeps these bytes durably, or finds them kept: kInvalid when they have another digest.
  Result<void> PutDurably(const Sha256Digest& digest, ByteView bytes) const;

  // Without effect when it is not there. Whoever has it open reads on.
  Result<void> Remove(const Sha256Digest& digest) const;

  // Every blob, in no order. Files of other names are passed over.
  Result<std::vector<ListedBlob>> List() const;

  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

}  // namespace plasm
