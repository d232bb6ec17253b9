// SIGINT and SIGTERM as a descriptor, so that a job is ended in order before plasmd is.
#pragma once

#include <signal.h>

#include "base/result.h"
#include "base/unique_fd.h"

namespace plasm::app {

// One at a time, in a process without threads. A signal that whoever started plasmd has set
// to be ignored, as nohup and a shell's "&" do, stays ignored.
class TerminationSignals {
 public:
  static Result<TerminationSignals> Create();
  TerminationSignals(TerminationSignals&& other) noexcept;
  TerminationSignals& operator=(TerminationSignals&&) = delete;
  ~TerminationSignals() { Release(); }

  // From now on the signals do not end this process but make fd() readable.
  void Hold();
  // They end this process again; one that came meanwhile and was not taken does at once.
  void Release();

  int fd() const { return fd_.get(); }
  // Takes a signal that came: its number, or 0.
  int Take();

 private:
  TerminationSignals(UniqueFd fd, const sigset_t& signals)
      : fd_(std::move(fd)), signals_(signals) {}

  UniqueFd fd_;
  sigset_t signals_;
  sigset_t before_{};
  bool held_ = false;
};

}  // namespace plasm::app
