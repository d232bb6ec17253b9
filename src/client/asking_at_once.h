// Several nodes are asked at once, and the slow ones hold nobody up.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

#include "base/result.h"

namespace plasm::client {

struct AskingSettings {
  // Of an answer that is there: whether it will do. Then the others are awaited as long again as
  // the first such one has taken, but no less than `grace`. Called by the thread that asked.
  std::function<bool(std::size_t index)> will_do;
  std::chrono::nanoseconds grace = std::chrono::milliseconds(250);
  int interrupt_fd = -1;  // while it is readable, nobody is awaited
};

// Calls ask(0) to ask(count - 1), up to 128 at a time, each in a thread of its own, with a
// descriptor that is readable as soon as it is not awaited any more. All have returned when this
// does. Errors are those of making descriptors.
Result<void> AskAtOnce(std::size_t count,
                       const std::function<void(std::size_t index, int stop_fd)>& ask,
                       const AskingSettings& settings);

}  // namespace plasm::client
