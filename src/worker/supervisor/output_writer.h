// Writes a job's outputs to the host, each file whole or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "worker/protocol/messages.h"

namespace plasm::worker {

// Not thread-safe. Paths in the messages have passed IsSafeOutputPath. Existing files are
// replaced, existing folders are filled; folders above an output are created.
class OutputWriter {
 public:
  // Where each of Job::outputs goes, in the same order.
  explicit OutputWriter(std::vector<std::filesystem::path> destinations)
      : destinations_(std::move(destinations)) {}
  ~OutputWriter();
  OutputWriter(const OutputWriter&) = delete;
  OutputWriter& operator=(const OutputWriter&) = delete;

  Result<void> Begin(const FileMessage& file);
  Result<void> Write(ByteView bytes);

 private:
  Result<void> Finish();

  std::vector<std::filesystem::path> destinations_;
  std::filesystem::path final_;
  std::filesystem::path partial_;
  UniqueFd file_;
  std::uint64_t left_ = 0;
};

}  // namespace plasm::worker
