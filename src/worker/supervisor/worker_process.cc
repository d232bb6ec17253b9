#include "worker/supervisor/worker_process.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "base/system_error.h"

namespace plasm::worker {

WorkerProcess::WorkerProcess(Child child, UniqueFd socket)
    : channel_(std::move(socket), Channel::Descriptors::kRefuse), child_(std::move(child)) {}

Result<WorkerProcess> WorkerProcess::Start(const std::filesystem::path& program,
                                           const std::vector<std::string>& args) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
    return SystemError(errno, "worker socket");
  }
  UniqueFd ours(pair[0]);
  const UniqueFd theirs(pair[1]);
  ChildDescriptors descriptors;
  for (int fd = 0; fd <= 2; ++fd) descriptors.Open(fd, "/dev/null", O_RDWR);
  descriptors.Duplicate(theirs.get(), kWorkerSocket);
  PLASM_TRY(Child child, Child::Start(program, args, descriptors));
  return WorkerProcess(std::move(child), std::move(ours));
}

Result<std::filesystem::path> FindWorkerProgram() { return FindOwnProgram("plasm-worker"); }

}  // namespace plasm::worker
