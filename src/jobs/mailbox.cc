#include "jobs/mailbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/system_error.h"

namespace plasm::jobs {

Result<std::unique_ptr<Mailbox>> Mailbox::Create() {
  UniqueFd event(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!event) return SystemError(errno, "eventfd");
  return std::unique_ptr<Mailbox>(new Mailbox(std::move(event)));
}

void Mailbox::Post(Letter letter) {
  const std::lock_guard lock(mutex_);
  letters_.push_back(std::move(letter));
  // Only the first wakes: whoever takes takes all. An eventfd that counts to one can't be full.
  if (letters_.size() == 1) eventfd_write(event_.get(), 1);
}

std::vector<Mailbox::Letter> Mailbox::TakeAll() {
  const std::lock_guard lock(mutex_);
  eventfd_t count = 0;
  eventfd_read(event_.get(), &count);
  return std::exchange(letters_, {});
}

}  // namespace plasm::jobs
