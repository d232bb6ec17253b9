// The bytes of a job's stdin, read on demand and remembered as long as the job may have to
// be run again from its start.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <utility>

#include "base/bytes.h"

namespace plasm::worker {

// Not thread-safe.
class StdinFeed {
 public:
  // No more than this is remembered: from there on it is Full.
  static constexpr std::size_t kMaxRemembered = std::size_t{8} << 20;

  // Nothing to read.
  StdinFeed() = default;
  // Reads from `fd`, which stays the caller's; pipes, files and terminals alike.
  explicit StdinFeed(int fd) : fd_(fd), ended_(false) {}
  // Exactly these bytes.
  explicit StdinFeed(Bytes bytes) : remembered_(std::move(bytes)) {}

  // Descriptor to poll before Take would not block, or -1 when it does not block now.
  int PollFd() const;

  // The next bytes, at most `most`; empty at the end of input. A descriptor that
  // fails to read counts as ended. The view is valid until the next call. Not when it is full.
  ByteView Take(std::size_t most);

  // All that is left, when nothing can follow it; nothing as long as the descriptor may have
  // more. Takes nothing.
  std::optional<ByteView> Rest() const;

  // `observer` is told of all bytes that come from the descriptor, once each: those that a job
  // has been handed, and was handed again after a rewind. The view lives for the call.
  void Observe(std::function<void(ByteView)> observer) { observer_ = std::move(observer); }

  // Whether the next bytes could be read, but not remembered: only a run that will not be
  // repeated may have them.
  bool Full() const;

  // Starts over from the first byte. Only while everything is still remembered.
  void Rewind() { position_ = 0; }
  // From now on a rewind is not needed.
  void StopRemembering() { remembering_ = false; }

 private:
  int fd_ = -1;
  bool ended_ = true;  // the descriptor has no more
  bool remembering_ = true;
  Bytes remembered_;
  std::size_t position_ = 0;  // into remembered_
  std::function<void(ByteView)> observer_;
};

}  // namespace plasm::worker
