// The contents of a folder that somebody keeps beside a receipt, found by their digests.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_map>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"
#include "blobs/content_source.h"

namespace plasm::execution {

struct FolderScanLimits {
  std::size_t entries = 100'000;
  std::uint64_t bytes = std::uint64_t{8} << 30;
  std::size_t text_bytes = std::size_t{256} << 20;  // of the texts that name folders
};

// Every regular file below a folder, and for the folder and each one in it the texts that name
// it as an input (spec/job.md section 3), down to the depth of a snapshot. Links are not
// followed, and their targets not needed. Reads everything once, when it is made. Thread-safe
// afterwards.
class FolderContents final : public ContentSource {
 public:
  // What can't be read is left out. kLimitExceeded beyond the limits.
  static Result<FolderContents> Scan(const std::filesystem::path& folder,
                                     const FolderScanLimits& limits = {});

  Result<UniqueFd> Find(const Sha256Digest& digest) const override;

 private:
  FolderContents() = default;

  std::unordered_map<Sha256Digest, std::filesystem::path> files_;
  std::unordered_map<Sha256Digest, std::string> texts_;
};

}  // namespace plasm::execution
