#include "worker/supervisor/worker_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <system_error>
#include <utility>

#include "base/system_error.h"

namespace plasm::worker {
namespace {

// posix_spawn's two attribute objects, destroyed together.
struct SpawnSettings {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  SpawnSettings() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
};

std::string Describe(int status) {
  if (WIFEXITED(status)) return "exited with status " + std::to_string(WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  return "killed by signal " + std::to_string(signal) + " (" + strsignal(signal) + ")";
}

}  // namespace

WorkerProcess::WorkerProcess(pid_t pid, UniqueFd socket)
    : pid_(pid), channel_(std::move(socket), Channel::Descriptors::kRefuse) {}

WorkerProcess::WorkerProcess(WorkerProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), channel_(std::move(other.channel_)) {}

WorkerProcess& WorkerProcess::operator=(WorkerProcess&& other) noexcept {
  if (this != &other) {
    Kill();
    pid_ = std::exchange(other.pid_, -1);
    channel_ = std::move(other.channel_);
  }
  return *this;
}

WorkerProcess::~WorkerProcess() { Kill(); }

Result<WorkerProcess> WorkerProcess::Start(const std::filesystem::path& program,
                                           const std::vector<std::string>& args) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
    return SystemError(errno, "worker socket");
  }
  UniqueFd ours(pair[0]);
  const UniqueFd theirs(pair[1]);

  SpawnSettings settings;
  for (int fd = 0; fd <= 2; ++fd) {
    posix_spawn_file_actions_addopen(&settings.actions, fd, "/dev/null", O_RDWR, 0);
  }
  // When the socket already has the right number, dup2 onto itself clears close-on-exec.
  posix_spawn_file_actions_adddup2(&settings.actions, theirs.get(), kWorkerSocket);
  sigset_t none;
  sigemptyset(&none);
  sigset_t defaults;
  sigfillset(&defaults);
  posix_spawnattr_setsigmask(&settings.attributes, &none);
  posix_spawnattr_setsigdefault(&settings.attributes, &defaults);
  posix_spawnattr_setpgroup(&settings.attributes, 0);
  posix_spawnattr_setflags(&settings.attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);

  std::vector<std::string> words = args;
  words.insert(words.begin(), program.string());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  char* environment[] = {nullptr};
  pid_t pid = -1;
  const int failed = posix_spawn(&pid, program.c_str(), &settings.actions, &settings.attributes,
                                 argv.data(), environment);
  if (failed != 0) return SystemError(failed, program.string());
  return WorkerProcess(pid, std::move(ours));
}

std::string WorkerProcess::Kill() {
  if (pid_ < 0) return "not running";
  // A worker that has ended by itself keeps its own status: the signal does not reach it.
  kill(pid_, SIGKILL);
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return Describe(status);
}

Result<std::filesystem::path> FindWorkerProgram() {
  std::error_code failed;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (failed) return SystemError(failed.value(), "/proc/self/exe");
  const auto folder = self.parent_path();
  for (const auto& candidate :
       {folder / "plasm-worker", folder.parent_path() / "libexec" / "plasm" / "plasm-worker"}) {
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return Error{ErrorCode::kUnavailable, "plasm-worker is not beside " + self.string() +
                                            ": install it there or in ../libexec/plasm"};
}

}  // namespace plasm::worker
