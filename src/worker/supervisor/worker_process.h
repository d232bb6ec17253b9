// A plasm-worker as a child process and the channel to it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

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

  WorkerProcess(WorkerProcess&& other) noexcept;
  WorkerProcess& operator=(WorkerProcess&& other) noexcept;
  ~WorkerProcess();

  Channel& channel() { return channel_; }
  pid_t pid() const { return pid_; }

  // Kills with SIGKILL, which also ends a stuck compile or host call, and reaps. Returns how
  // the process had ended, for people: "exited with status 1", "killed by signal 31 (…)".
  std::string Kill();

 private:
  WorkerProcess(pid_t pid, UniqueFd socket);

  pid_t pid_ = -1;
  Channel channel_;
};

// Where plasm-worker is: beside the running program, or in ../libexec/plasm from it.
Result<std::filesystem::path> FindWorkerProgram();

}  // namespace plasm::worker
