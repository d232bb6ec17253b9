#include "libplasm/stop_signal.h"

#include <sys/eventfd.h>

#include <cerrno>
#include <utility>

#include "base/system_error.h"

namespace plasm::libplasm {

Result<std::shared_ptr<StopSignal>> StopSignal::Create() {
  UniqueFd fd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!fd) return SystemError(errno, "eventfd");
  return std::shared_ptr<StopSignal>(new StopSignal(std::move(fd)));
}

void StopSignal::Stop() noexcept {
  if (!stopped_.exchange(true)) eventfd_write(fd_.get(), 1);
}

void StopSlot::Stop() noexcept {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  if (signal_) signal_->Stop();
}

void StopSlot::Hang(std::shared_ptr<StopSignal> signal) {
  const std::lock_guard lock(mutex_);
  signal_ = std::move(signal);
  if (signal_ && stopped_) signal_->Stop();
}

void ThrowStopped() {
  throw v0::Error(v0::ErrorCode::kStopped, "stopped before it had come to its end");
}

}  // namespace plasm::libplasm
