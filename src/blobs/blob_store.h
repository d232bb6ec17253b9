// Contents named by their SHA-256: modules, inputs and outputs that somebody may ask for
// again.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"
#include "base/unique_fd.h"

namespace plasm {

// A folder `<first two hex digits>/<the other 62>` of read-only files. Several processes may
// use one folder at a time. Thread-safe.
class BlobStore {
 public:
  // Creates nothing before the first Put.
  explicit BlobStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Keeps these bytes, whose digest the caller has taken: what is there already is not written
  // again. Not synced: after a power cut a blob may be missing or damaged, which Open notices.
  Result<void> Put(const Sha256Digest& digest, ByteView bytes) const;

  // The blob, checked against its digest. kNotFound when it is not there; a damaged one is
  // removed and counts as not there.
  Result<UniqueFd> Open(const Sha256Digest& digest) const;

  // The same as bytes; kLimitExceeded beyond max_bytes.
  Result<Bytes> Read(const Sha256Digest& digest, std::uint64_t max_bytes) const;

  bool Has(const Sha256Digest& digest) const;

  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path PathOf(const Sha256Digest& digest) const;

  std::filesystem::path folder_;
};

}  // namespace plasm
