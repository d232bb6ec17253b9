#include "store/writer_thread.h"

#include <utility>

namespace plasm::store {

WriterThread::WriterThread(Connection database, WalBounds bounds, WaitingLimits limits)
    : database_(std::move(database)),
      transactions_(database_, bounds),
      limits_(limits),
      thread_([this] { Run(); }) {}

bool WriterThread::HasRoomFor(std::size_t bytes) const {
  return queue_.empty() ||
         (queue_.size() < limits_.writes && queued_bytes_ + bytes <= limits_.bytes);
}

Result<void> WriterThread::Submit(AnyWaiting waiting, std::size_t bytes) {
  {
    std::unique_lock lock(mutex_);
    if (std::this_thread::get_id() != writer_) {
      room_.wait(lock, [&] { return stopping_ || HasRoomFor(bytes); });
    }
    if (stopping_) return Error{ErrorCode::kUnavailable, "the store of jobs is being closed"};
    queue_.push_back(std::move(waiting));
    queued_bytes_ += bytes;
    if (queue_.size() > 1) return {};  // the thread has been told
  }
  work_.notify_one();
  return {};
}

std::size_t WriterThread::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void WriterThread::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  room_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void WriterThread::Run() {
  {
    const std::lock_guard lock(mutex_);
    writer_ = std::this_thread::get_id();
  }
  std::vector<AnyWaiting> group;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      work_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      group.swap(queue_);
      queued_bytes_ = 0;
    }
    room_.notify_all();
    transactions_.Commit(group);
    for (AnyWaiting& waiting : group) {
      std::visit([](auto& w) { w.done(*std::move(w.outcome)); }, waiting);
    }
    group.clear();
    transactions_.Checkpoint();
  }
}

}  // namespace plasm::store
