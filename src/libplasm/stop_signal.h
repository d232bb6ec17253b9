// How a call that runs in another thread is let go of.
#pragma once

#include <plasm/error.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

#include "base/result.h"
#include "base/unique_fd.h"

namespace plasm::libplasm {

// A descriptor that becomes readable, once and for good. Thread-safe.
class StopSignal {
 public:
  static Result<std::shared_ptr<StopSignal>> Create();

  void Stop() noexcept;
  bool stopped() const noexcept { return stopped_; }
  int fd() const noexcept { return fd_.get(); }

 private:
  explicit StopSignal(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
  std::atomic<bool> stopped_ = false;
};

// Where a task hangs the signal of what it is doing. Thread-safe.
class StopSlot {
 public:
  void Stop() noexcept;
  // One at a time. When the task was stopped before, the signal is given at once.
  void Hang(std::shared_ptr<StopSignal> signal);
  void Clear() { Hang(nullptr); }

 private:
  std::mutex mutex_;
  std::shared_ptr<StopSignal> signal_;
  bool stopped_ = false;
};

// Hangs the signal there as long as it lives. `slot` may be null.
class HungSignal {
 public:
  HungSignal(StopSlot* slot, std::shared_ptr<StopSignal> signal) : slot_(slot) {
    if (slot_ != nullptr) slot_->Hang(std::move(signal));
  }
  ~HungSignal() {
    if (slot_ != nullptr) slot_->Clear();
  }
  HungSignal(const HungSignal&) = delete;
  HungSignal& operator=(const HungSignal&) = delete;

 private:
  StopSlot* slot_;
};

// kStopped.
[[noreturn]] void ThrowStopped();

}  // namespace plasm::libplasm
