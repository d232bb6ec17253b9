// Things to do later, for a thread that waits in poll().
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace plasm::jobs {

// Not thread-safe. Times are those of the clock's MonotonicNs.
class Timers {
 public:
  using Action = std::function<void()>;

  static Result<std::unique_ptr<Timers>> Create(Clock& clock);

  void After(std::uint64_t delay_ns, Action action);
  // Readable when something is due.
  int fd() const { return timer_.get(); }
  // Does what is due, in the order of its time.
  void RunDue();

 private:
  Timers(UniqueFd timer, Clock& clock) : timer_(std::move(timer)), clock_(clock) {}
  void Arm();

  UniqueFd timer_;
  Clock& clock_;
  std::multimap<std::uint64_t, Action> actions_;
};

}  // namespace plasm::jobs
