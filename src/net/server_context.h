// What the connections of a server share. Belongs to the server's thread.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "net/coroutine.h"
#include "net/http_date.h"
#include "net/server.h"
#include "net/wake_queue.h"

namespace plasm::net {

class Connection;

inline constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

struct AtomicServerCounters {
  std::atomic<std::uint64_t> connections = 0, accepted = 0, turned_away = 0, failed_handshakes = 0,
                             requests = 0, refused_requests = 0, cut = 0;
};

struct ServerContext {
  ServerContext(Clock& its_clock, Handler& its_handler, const ServerLimits& its_limits)
      : clock(its_clock),
        handler(its_handler),
        limits(its_limits),
        coroutines(its_limits.stack_bytes),
        scratch(std::max<std::size_t>(its_limits.head.bytes, 32 << 10)) {}

  // The monotonic time at which something is too late; moves the loop's next look at the
  // deadlines forward when it is the first of all.
  std::uint64_t DeadlineIn(std::chrono::nanoseconds limit) {
    const std::uint64_t deadline =
        clock.MonotonicNs() + static_cast<std::uint64_t>(std::max<std::int64_t>(limit.count(), 0));
    next_deadline_ns = std::min(next_deadline_ns, deadline);
    return deadline;
  }

  Clock& clock;
  Handler& handler;
  const ServerLimits limits;
  std::shared_ptr<WakeQueue> wakes = std::make_shared<WakeQueue>();
  CoroutinePool coroutines;
  std::vector<std::byte> scratch;  // what is in it is gone after the next sleep
  std::vector<Connection*> ready;  // have more to do, when the others have had their turn
  std::uint64_t next_deadline_ns = kNever;
  HttpDate date;
  unsigned handshakes = 0;  // since memory was last given back
  bool draining = false;
  bool any_closed = false;  // there are connections to be removed
  AtomicServerCounters counters;
};

}  // namespace plasm::net
