// Work for a thread that waits in poll().
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace plasm::jobs {

// Any thread posts; one takes. Thread-safe.
class Mailbox {
 public:
  using Letter = std::function<void()>;

  static Result<std::unique_ptr<Mailbox>> Create();

  void Post(Letter letter);
  // Readable while there are letters.
  int fd() const { return event_.get(); }
  // All that there are, in the order in which they were posted.
  std::vector<Letter> TakeAll();

 private:
  explicit Mailbox(UniqueFd event) : event_(std::move(event)) {}

  UniqueFd event_;
  std::mutex mutex_;
  std::vector<Letter> letters_;
};

}  // namespace plasm::jobs
