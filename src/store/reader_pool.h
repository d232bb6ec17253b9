// Connections that read beside the one that writes.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/job_reads.h"

namespace plasm::store {

// Thread-safe. Opens a connection when all are in use, up to `most`; then reads wait for each
// other.
class ReaderPool {
 public:
  ReaderPool(std::filesystem::path file, std::string vfs, std::size_t most)
      : file_(std::move(file)), vfs_(std::move(vfs)), most_(most) {}

  // `read` gets a JobReads of its own for as long as it takes, and returns a Result.
  template <class Read>
  auto With(Read read) -> decltype(read(std::declval<JobReads&>())) {
    PLASM_TRY(std::unique_ptr<JobReads> reads, Take());
    auto result = read(*reads);
    GiveBack(std::move(reads));
    return result;
  }

 private:
  Result<std::unique_ptr<JobReads>> Take();
  void GiveBack(std::unique_ptr<JobReads> reads);  // null: one less is open

  const std::filesystem::path file_;
  const std::string vfs_;
  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<JobReads>> idle_;
  std::size_t open_ = 0;
};

}  // namespace plasm::store
