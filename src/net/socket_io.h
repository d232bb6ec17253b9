// A non-blocking socket under an edge-triggered epoll, or under poll.
#pragma once

#include <cstddef>
#include <span>

#include "base/bytes.h"
#include "base/unique_fd.h"

namespace plasm::net {

enum class IoStatus {
  kDone,
  kWantRead,   // try again when the socket is readable
  kWantWrite,  // try again when it is writable
  kEnd,        // the other side has ended its sending
  kFailed,     // the connection is of no use any more
};

struct IoResult {
  IoStatus status = IoStatus::kDone;
  std::size_t bytes = 0;
};

// Remembers what the socket can't do at the moment, so that nothing is tried before epoll has
// reported a change: one system call a request less. One thread at a time.
class SocketIo {
 public:
  explicit SocketIo(UniqueFd fd) : fd_(std::move(fd)) {}

  int fd() const { return fd_.get(); }

  IoResult Receive(std::span<std::byte> out);
  IoResult Send(ByteView bytes);

  void OnReadable() { readable_ = true; }
  void OnWritable() { writable_ = true; }
  // The other side has closed, or the connection has failed: from now on the end is looked for.
  void OnHungUp() {
    readable_ = true;
    hung_up_ = true;
  }

  bool readable() const { return readable_; }
  bool writable() const { return writable_; }
  bool hung_up() const { return hung_up_; }

 private:
  UniqueFd fd_;
  bool readable_ = true;
  bool writable_ = true;
  bool hung_up_ = false;
};

}  // namespace plasm::net
