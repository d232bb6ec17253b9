// Whether and when a call to a node that failed is made again. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/result.h"

namespace plasm::client {

struct RetryPolicy {
  std::uint32_t calls = 8;  // in all, the first included
  std::chrono::nanoseconds first_pause = std::chrono::milliseconds(200);
  std::chrono::nanoseconds longest_pause = std::chrono::seconds(15);
  std::chrono::nanoseconds all_pauses = std::chrono::minutes(2);
};

struct FailedCall {
  ErrorCode code = ErrorCode::kInternal;
  std::optional<std::chrono::seconds> retry_after;  // what the node asked for
};

// What came before.
struct RetryHistory {
  std::uint32_t failures = 0;  // in a row, the present one included
  std::chrono::nanoseconds paused{0};
};

// How long to wait before the call is made again; nothing when it is not: what was refused is
// refused again, and there is an end to patience. Pauses double, each shortened at random by up
// to a half, so that many clients of one node do not come back together; never less than the node
// asked for. `random` is any 64 bits.
std::optional<std::chrono::nanoseconds> PauseBeforeRetry(const RetryPolicy& policy,
                                                         const FailedCall& failed,
                                                         const RetryHistory& history,
                                                         std::uint64_t random);

}  // namespace plasm::client
