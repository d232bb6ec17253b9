// One request and its response, as a handler sees them.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "net/peer.h"
#include "net/request_head.h"

namespace plasm::net {

// A field of a response. Views need to live as long as the call that they are given to.
struct Header {
  std::string_view name;
  std::string_view value;
};
using Headers = std::vector<Header>;

// Every call may put the handler's coroutine to sleep until the client has read or written
// something; other requests go on meanwhile. All of it belongs to the server's thread. No call
// may be made inside a catch block, and no thread_local may be kept across one.
//
// An error of a call means that the client is gone, too slow, or broke the protocol, or that the
// server stops: the handler returns, and the connection ends. What a handler must not do (respond
// twice, write more than it announced, a header with a line end) is kInternal.
class Exchange {
 public:
  virtual ~Exchange() = default;

  virtual const RequestHead& request() const = 0;
  virtual const Peer& peer() const = 0;

  // The next bytes of the body, at least one; 0 at its end. Sends "100 Continue" first when the
  // client waits for it. kInvalid for broken chunks and a body that is cut short.
  virtual Result<std::size_t> ReadBody(std::span<std::byte> out) = 0;
  // The rest of the body. kLimitExceeded beyond `limit`, without reading what was announced.
  Result<Bytes> ReadWholeBody(std::size_t limit);

  // The whole response. Content-Length, Date and Connection are written by the server. What is
  // not read of the request's body is discarded, within bounds.
  virtual Result<void> Respond(int status, const Headers& headers, ByteView body) = 0;
  // A problem (net/problem.h) with the error's status and text.
  Result<void> RespondError(const Error& error, const Headers& headers = {});

  // A response in pieces: of `length` bytes if that is given, else in chunks. Each piece is on
  // its way when Write returns.
  virtual Result<void> BeginStream(int status, const Headers& headers,
                                   std::optional<std::uint64_t> length = std::nullopt) = 0;
  virtual Result<void> Write(ByteView bytes) = 0;
  virtual Result<void> Finish() = 0;

  // `length` bytes of a regular file from `offset`. An error, and a cut connection, when the file
  // turns out to be shorter.
  virtual Result<void> SendFile(int status, const Headers& headers, int fd, std::uint64_t offset,
                                std::uint64_t length) = 0;

  // Whether the client has closed its side, or the connection is cut. A client that only ended
  // its own sending counts as gone, though it can still be answered.
  virtual bool ClientGone() const = 0;
  // Whether the server is about to stop: long streams should end.
  virtual bool Draining() const = 0;

  // A value that comes from elsewhere: start(give) is called at once, and the coroutine sleeps
  // until give(value) is called, by any thread, at any time, also never; later calls than the
  // first are ignored. Empty when `limit` passes, the client goes away or the connection is cut.
  //
  //   auto job = exchange.Await<Job>([&](auto give) { queue.Submit(job, std::move(give)); }, 30s);
  template <class T, class Start>
  std::optional<T> Await(Start&& start, std::chrono::nanoseconds limit) {
    struct Slot {
      std::atomic<bool> given = false;
      std::optional<T> value;
    };
    auto slot = std::make_shared<Slot>();
    std::shared_ptr<Signal> signal = NewSignal();
    std::forward<Start>(start)(std::function<void(T)>([slot, signal](T value) {
      if (slot->given.exchange(true)) return;
      slot->value.emplace(std::move(value));
      signal->Set();
    }));
    // Set() happens before the wait returns true, so the value is read only after it was written.
    if (!WaitFor(*signal, limit)) return std::nullopt;
    return std::move(slot->value);
  }

  // What Await is made of.
  class Signal {
   public:
    virtual ~Signal() = default;
    virtual void Set() = 0;  // thread-safe; wakes whoever waits for it
  };

 protected:
  virtual std::shared_ptr<Signal> NewSignal() = 0;
  // Whether the signal was set before `limit` passed or the client went away.
  virtual bool WaitFor(Signal& signal, std::chrono::nanoseconds limit) = 0;
};

// What a server serves. Called in a coroutine, once a request, many at a time, always on the
// server's thread: what takes long is given to another thread and awaited. A handler that does
// not respond, or throws, has failed: the client sees 500, or a cut connection.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual void Serve(Exchange& exchange) = 0;
};

}  // namespace plasm::net
