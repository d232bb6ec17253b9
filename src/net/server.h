// An HTTP/1.1 server for many slow and hostile clients, on one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "net/exchange.h"
#include "net/listener.h"
#include "net/request_head.h"
#include "net/tls_identity.h"

namespace plasm::net {

struct ServerLimits {
  HeadLimits head = {};
  std::size_t connections = 4096;
  // Of one IPv4 address, one /64 of IPv6, or one user of the Unix socket.
  std::size_t connections_per_peer = 1024;
  std::chrono::nanoseconds handshake = std::chrono::seconds(10);
  // From the first byte of a request to the end of its head.
  std::chrono::nanoseconds whole_head = std::chrono::seconds(10);
  // While a handler waits for the body: so many bytes, or its end, have to come in each span.
  std::size_t body_progress_bytes = 4 << 10;
  std::chrono::nanoseconds body_progress = std::chrono::seconds(20);
  // Between two requests.
  std::chrono::nanoseconds idle = std::chrono::seconds(120);
  // A reader that takes nothing for so long is cut.
  std::chrono::nanoseconds write_stall = std::chrono::seconds(20);
  // Of a request's body that no handler read, to keep the connection.
  std::size_t discarded_body_bytes = 64 << 10;
  // After the last response, for the client to read it; also for the rest of a body that no
  // handler read.
  std::chrono::nanoseconds linger = std::chrono::seconds(2);
  // Address space of a handler's stack; only what is touched becomes memory. Below it is a page
  // that ends the process.
  std::size_t stack_bytes = 256 << 10;
};

// Since the server was made. Readable from any thread.
struct ServerCounters {
  std::uint64_t connections = 0;        // now
  std::uint64_t accepted = 0;           // in all, the next two included
  std::uint64_t turned_away = 0;        // beyond a limit of connections
  std::uint64_t failed_handshakes = 0;  // also those that took too long
  std::uint64_t requests = 0;
  std::uint64_t refused_requests = 0;  // that no handler saw: malformed, too large, too slow
  std::uint64_t cut = 0;               // for stalling or at the end of a drain
};

class Server {
 public:
  // All outlive the server. An identity is needed only for TCP listeners.
  Server(Clock& clock, Handler& handler, const TlsIdentity* identity, ServerLimits limits = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  // Before Run. kInvalid for a TCP listener without an identity.
  Result<void> Start(std::vector<Listener> listeners);

  // Serves on the caller's thread until Stop. On return every handler has returned and every
  // connection is closed. Once. SIGPIPE is not raised.
  Result<void> Run();

  // Thread-safe, also before Run. Accepts no more, closes idle connections, lets requests finish
  // for `drain`, then cuts what is left: calls of Exchange fail, and Run waits for the handlers.
  // A second call can only shorten the drain.
  void Stop(std::chrono::nanoseconds drain);

  // Runs the function on the server's thread, in the order of the calls; not after Run has
  // returned. Thread-safe. It must not wait for anything.
  void Post(std::function<void()> function);

  ServerCounters counters() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace plasm::net
