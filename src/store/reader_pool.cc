#include "store/reader_pool.h"

#include "store/database.h"

namespace plasm::store {

Result<std::unique_ptr<JobReads>> ReaderPool::Take() {
  {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [this] { return !idle_.empty() || open_ < most_; });
    if (!idle_.empty()) {
      auto reads = std::move(idle_.back());
      idle_.pop_back();
      return reads;
    }
    ++open_;
  }
  auto connection = OpenReader(file_, vfs_);
  if (connection) return std::make_unique<JobReads>(*std::move(connection));
  GiveBack(nullptr);
  return std::move(connection).error();
}

void ReaderPool::GiveBack(std::unique_ptr<JobReads> reads) {
  {
    const std::lock_guard lock(mutex_);
    if (reads) {
      idle_.push_back(std::move(reads));
    } else {
      --open_;
    }
  }
  returned_.notify_one();
}

}  // namespace plasm::store
