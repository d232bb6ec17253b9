#include "client/retry.h"

#include <algorithm>

namespace plasm::client {
namespace {

using std::chrono::nanoseconds;

bool MayPass(ErrorCode code) {
  return code == ErrorCode::kUnavailable || code == ErrorCode::kOverloaded;
}

nanoseconds Doubled(const RetryPolicy& policy, std::uint32_t failures) {
  nanoseconds pause = policy.first_pause;
  for (std::uint32_t i = 1; i < failures && pause < policy.longest_pause; ++i) pause *= 2;
  return std::min(pause, policy.longest_pause);
}

}  // namespace

std::optional<nanoseconds> PauseBeforeRetry(const RetryPolicy& policy, const FailedCall& failed,
                                            const RetryHistory& history, std::uint64_t random) {
  if (!MayPass(failed.code) || history.failures >= policy.calls) return std::nullopt;
  const nanoseconds whole = Doubled(policy, history.failures);
  const auto half = static_cast<std::uint64_t>(whole.count() / 2);
  nanoseconds pause = whole - nanoseconds(half == 0 ? 0 : random % (half + 1));
  if (failed.retry_after) {
    // In seconds: as nanoseconds the node's number might not fit.
    if (*failed.retry_after > std::chrono::duration_cast<std::chrono::seconds>(policy.all_pauses)) {
      return std::nullopt;
    }
    pause = std::max(pause, nanoseconds(*failed.retry_after) + pause / 2);
  }
  if (history.paused + pause > policy.all_pauses) return std::nullopt;
  return pause;
}

}  // namespace plasm::client
