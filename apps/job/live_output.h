// A standard stream that carries a guest's output live, and never makes plasmd wait for its
// reader: a deadline that passes meanwhile has to be kept.
#pragma once

#include "base/bytes.h"
#include "base/unique_fd.h"

namespace plasm::app {

// Not thread-safe. Pipes and terminals are opened a second time, since O_NONBLOCK on the
// descriptor itself would reach every process that shares it. Writing to one that cannot be
// opened again waits after all.
class LiveOutput {
 public:
  explicit LiveOutput(int fd);

  // Writes what fits and keeps the rest.
  void Write(ByteView bytes);
  // Writes on, when BlockedOn is writable.
  void Continue();

  // What to poll for POLLOUT while some is kept; -1 when nothing is.
  int BlockedOn() const { return kept_.empty() ? -1 : fd(); }
  // Whether output was lost, as on a full disk. What comes after that is dropped.
  bool failed() const { return failed_; }

 private:
  int fd() const { return own_ ? own_.get() : given_; }

  int given_;
  UniqueFd own_;
  bool is_socket_ = false;
  Bytes kept_;
  bool failed_ = false;
};

}  // namespace plasm::app
