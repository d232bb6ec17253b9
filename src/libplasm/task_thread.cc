#include "libplasm/task_thread.h"

namespace plasm::v0::detail {

TaskThread::TaskThread(std::shared_ptr<Shared> shared) noexcept : shared_(std::move(shared)) {}
TaskThread::TaskThread(TaskThread&&) noexcept = default;

TaskThread& TaskThread::operator=(TaskThread&& other) noexcept {
  if (this != &other) {
    End();
    shared_ = std::move(other.shared_);
  }
  return *this;
}

TaskThread::~TaskThread() { End(); }

void TaskThread::Stop() noexcept {
  if (shared_) shared_->stop.Stop();
}

void TaskThread::Join() noexcept {
  if (shared_ && shared_->thread.joinable() &&
      shared_->thread.get_id() != std::this_thread::get_id()) {
    shared_->thread.join();
  }
}

void TaskThread::End() noexcept {
  const std::shared_ptr<Shared> shared = std::move(shared_);
  if (!shared) return;
  shared->stop.Stop();
  if (shared->thread.get_id() == std::this_thread::get_id()) {
    shared->thread.detach();  // in one of its own callbacks: nobody waits for itself
  } else if (shared->thread.joinable()) {
    shared->thread.join();
  }
}

}  // namespace plasm::v0::detail
