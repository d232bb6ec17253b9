// The signals that a service is steered by.
#pragma once

#include <signal.h>

#include <cstdint>

#include "base/result.h"

namespace plasm::app {

enum class ServiceSignal { kNone, kStop, kReload };

// Holds back SIGINT, SIGTERM and SIGHUP from now on, for this thread and those that it starts: so
// before any other. They go on being held back when this ends. One that whoever started the
// process has set to be ignored stays ignored.
class ServiceSignals {
 public:
  static Result<ServiceSignals> Hold();

  // The next one, or kNone when none comes for so long. By one thread.
  ServiceSignal Wait(std::uint64_t limit_ns) const;

 private:
  explicit ServiceSignals(const sigset_t& held) : held_(held) {}
  sigset_t held_;
};

}  // namespace plasm::app
