// A plasm-worker as a child process and the channel to it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/child.h"
#include "base/result.h"
#include "worker/protocol/channel.h"

namespace plasm::worker {

// Not thread-safe. The destructor kills the worker and reaps it.
class WorkerProcess {
 public:
  // Starts `program` with `args`, an empty environment, /dev/null for its standard streams
  // and its end of the channel as descriptor kWorkerSocket. Does not wait for it.
  static Result<WorkerProcess> Start(const std::filesystem::path& program,
                                     const std::vector<std::string>& args);
  static constexpr int kWorkerSocket = 3;

  Channel& channel() { return channel_; }
  pid_t pid() const { return child_.pid(); }

  // Kills, which also ends a stuck compile or host call. As Child::Kill.
  std::string Kill() { return child_.Kill(); }

 private:
  WorkerProcess(Child child, UniqueFd socket);

  Channel channel_;
  Child child_;  // ends before it is closed
};

// Where plasm-worker is: as FindOwnProgram.
Result<std::filesystem::path> FindWorkerProgram();

}  // namespace plasm::worker
