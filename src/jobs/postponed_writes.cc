#include "jobs/postponed_writes.h"

namespace plasm::jobs {

PostponedWrites::PostponedWrites(std::chrono::milliseconds postponed,
                                 std::function<void(const std::string& id)> write)
    : postponed_(postponed), write_(std::move(write)), thread_([this] { Run(); }) {}

void PostponedWrites::Add(std::string id) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.emplace_back(std::chrono::steady_clock::now() + postponed_, std::move(id));
    if (waiting_.size() > 1) return;  // the thread sleeps for an older one
  }
  changed_.notify_one();
}

void PostponedWrites::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void PostponedWrites::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    changed_.wait_until(lock, waiting_.front().first, [this] { return stopping_; });
    // Not one by one, as they came.
    const Time until = std::chrono::steady_clock::now() + postponed_ / 2;
    std::deque<std::pair<Time, std::string>> due;
    while (!waiting_.empty() && (stopping_ || waiting_.front().first <= until)) {
      due.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
    lock.unlock();
    for (const auto& [time, id] : due) write_(id);
    lock.lock();
  }
}

}  // namespace plasm::jobs
