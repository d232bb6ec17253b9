#include "client/patience.h"

#include <poll.h>

#include <algorithm>
#include <cstdint>
#include <span>

namespace plasm::client {
namespace {

constexpr std::int64_t kNanosecondsAMillisecond = 1'000'000;

bool ReadableWithin(int fd, std::chrono::nanoseconds limit) {
  pollfd entry{.fd = fd, .events = POLLIN, .revents = 0};
  const std::int64_t ms =
      std::min<std::int64_t>(limit.count() / kNanosecondsAMillisecond, INT32_MAX);
  return poll(&entry, 1, static_cast<int>(ms)) > 0;
}

}  // namespace

bool IsInterrupted(int interrupt_fd) {
  return interrupt_fd >= 0 && ReadableWithin(interrupt_fd, std::chrono::nanoseconds(0));
}

Result<void> Patience::PauseAfter(const Error& error,
                                  std::optional<std::chrono::seconds> retry_after) {
  const Error interrupted{ErrorCode::kUnavailable, "interrupted"};
  if (IsInterrupted(interrupt_fd_)) return interrupted;
  ++history_.failures;
  std::uint64_t random = 0;
  entropy_.Fill(std::as_writable_bytes(std::span(&random, 1)));
  const auto pause = PauseBeforeRetry(policy_, {error.code, retry_after}, history_, random);
  if (!pause) return error;
  history_.paused += *pause;
  if (interrupt_fd_ < 0) {
    clock_.SleepNs(static_cast<std::uint64_t>(pause->count()));
    return {};
  }
  if (ReadableWithin(interrupt_fd_, *pause)) return interrupted;
  return {};
}

}  // namespace plasm::client
