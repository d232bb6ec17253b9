// Ctrl-C while a job is on a node: the first lets go of it, the second ends plasm.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"

namespace plasm::app {

// One at a time in a process. After the first SIGINT or SIGTERM fd() is readable for good, and
// the signal has its default action again. Signals that were ignored stay ignored.
class DetachSignal {
 public:
  static Result<DetachSignal> Create();

  int fd() const { return fd_.get(); }
  // Its number, or 0 as long as none has come.
  static int Number();

 private:
  explicit DetachSignal(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace plasm::app
