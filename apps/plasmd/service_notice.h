// What a service tells systemd (sd_notify(3)): a datagram to the socket that it named. Nothing of
// libsystemd, which would cost every plasmd its start.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plasm::app {

// Thread-safe.
class ServiceNotice {
 public:
  // `socket`: as NOTIFY_SOCKET has it, or null when nobody listens: then nothing is sent.
  explicit ServiceNotice(const char* socket) : socket_(socket == nullptr ? "" : socket) {}

  // Lines as in "READY=1\nSTATUS=…". kUnavailable when nobody takes it: a service goes on.
  Result<void> Send(std::string_view lines) const;

  Result<void> Ready() const { return Send("READY=1"); }
  Result<void> Stopping() const { return Send("STOPPING=1"); }
  // Followed by Ready. `monotonic_ns`: when it began.
  Result<void> Reloading(std::uint64_t monotonic_ns) const;
  Result<void> Alive() const { return Send("WATCHDOG=1"); }

 private:
  std::string socket_;
};

// How often systemd wants to hear that the service is alive: half of what WATCHDOG_USEC says, when
// WATCHDOG_PID is this process or not there. Pure.
std::optional<std::uint64_t> WatchdogIntervalNs(const char* usec, const char* pid,
                                                std::uint64_t own_pid);

}  // namespace plasm::app
