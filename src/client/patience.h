// The pauses between the attempts of one call.
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "client/retry.h"

namespace plasm::client {

// One thread at a time. Clock and entropy outlive it.
class Patience {
 public:
  // A pause ends at once when `interrupt_fd` is readable; -1: nothing ends it.
  Patience(RetryPolicy policy, Clock& clock, Entropy& entropy, int interrupt_fd)
      : policy_(policy), clock_(clock), entropy_(entropy), interrupt_fd_(interrupt_fd) {}

  // Waits as long as retry.h says; the error itself when the call is not to be made again, or
  // kUnavailable "interrupted".
  Result<void> PauseAfter(const Error& error,
                          std::optional<std::chrono::seconds> retry_after = std::nullopt);

  // Something came of the last attempt: the next failure is a first one.
  void Progressed() { history_ = {}; }

 private:
  RetryPolicy policy_;
  Clock& clock_;
  Entropy& entropy_;
  int interrupt_fd_;
  RetryHistory history_;
};

// Whether the descriptor is readable now; never for -1.
bool IsInterrupted(int interrupt_fd);

}  // namespace plasm::client
