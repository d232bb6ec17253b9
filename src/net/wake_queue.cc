#include "net/wake_queue.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace plasm::net {

WakeQueue::WakeQueue() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!fd_) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void WakeQueue::Push(std::shared_ptr<Wakeable> wakeable) {
  bool first = false;
  {
    const std::scoped_lock lock(mutex_);
    first = waiting_.wakeables.empty() && waiting_.functions.empty();
    waiting_.wakeables.push_back(std::move(wakeable));
  }
  if (first) Ring();
}

void WakeQueue::Post(std::function<void()> function) {
  bool first = false;
  {
    const std::scoped_lock lock(mutex_);
    first = waiting_.wakeables.empty() && waiting_.functions.empty();
    waiting_.functions.push_back(std::move(function));
  }
  if (first) Ring();
}

void WakeQueue::Ring() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(fd_.get(), &one, sizeof(one));
}

void WakeQueue::TakeAll(Batch& batch) {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t read = ::read(fd_.get(), &count, sizeof(count));
  const std::scoped_lock lock(mutex_);
  std::swap(batch, waiting_);
}

}  // namespace plasm::net
