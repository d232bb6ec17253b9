// Clocks.
#include "wasi/calls.h"
#include "wasi/host.h"

namespace plasm::wasi::calls {

Errno ClockResGet(Host& host, GuestMemory memory, std::uint32_t id, Pointer result) noexcept {
  if (!memory.Slice(result, sizeof(Timestamp))) return Errno::kFault;
  const auto resolution = host.clock().Resolution(id);
  if (!resolution) return resolution.error();
  memory.Store(result, *resolution);
  return Errno::kSuccess;
}

Errno ClockTimeGet(Host& host, GuestMemory memory, std::uint32_t id, std::uint64_t,
                   Pointer result) noexcept {
  if (!memory.Slice(result, sizeof(Timestamp))) return Errno::kFault;
  const auto now = host.clock().Read(id);
  if (!now) return now.error();
  memory.Store(result, *now);
  return Errno::kSuccess;
}

}  // namespace plasm::wasi::calls
