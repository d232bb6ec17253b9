#include "base/child.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/system_error.h"

namespace plasm {
namespace {

struct SpawnAttributes {
  posix_spawnattr_t attributes;
  SpawnAttributes() { posix_spawnattr_init(&attributes); }
  ~SpawnAttributes() { posix_spawnattr_destroy(&attributes); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
};

std::string Describe(int status) {
  if (WIFEXITED(status)) return "exited with status " + std::to_string(WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  return "killed by signal " + std::to_string(signal) + " (" + strsignal(signal) + ")";
}

}  // namespace

ChildDescriptors::ChildDescriptors() { posix_spawn_file_actions_init(&actions_); }
ChildDescriptors::~ChildDescriptors() { posix_spawn_file_actions_destroy(&actions_); }

void ChildDescriptors::Open(int fd, const char* path, int flags) {
  posix_spawn_file_actions_addopen(&actions_, fd, path, flags, 0);
}

// dup2 onto itself clears close-on-exec.
void ChildDescriptors::Duplicate(int ours, int fd) {
  posix_spawn_file_actions_adddup2(&actions_, ours, fd);
}

void ChildDescriptors::CloseFrom(int fd) {
  posix_spawn_file_actions_addclosefrom_np(&actions_, fd);
}

Result<Child> Child::Start(const std::filesystem::path& program,
                           const std::vector<std::string>& args,
                           const ChildDescriptors& descriptors) {
  SpawnAttributes settings;
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
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  char* environment[] = {nullptr};
  pid_t pid = -1;
  const int failed = posix_spawn(&pid, program.c_str(), &descriptors.actions_, &settings.attributes,
                                 argv.data(), environment);
  if (failed != 0) return SystemError(failed, program.string());
  Child child;
  child.pid_ = pid;
  return child;
}

Child& Child::operator=(Child&& other) noexcept {
  if (this != &other) {
    Kill();
    pid_ = std::exchange(other.pid_, -1);
  }
  return *this;
}

std::string Child::Kill() {
  // The signal does not reach one that has ended.
  if (pid_ >= 0) kill(pid_, SIGKILL);
  return WaitForEnd();
}

std::string Child::WaitForEnd() {
  if (pid_ < 0) return "not running";
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return Describe(status);
}

Result<std::filesystem::path> FindOwnProgram(std::string_view name) {
  std::error_code failed;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (failed) return SystemError(failed.value(), "/proc/self/exe");
  const auto folder = self.parent_path();
  for (const auto& candidate : {folder / name, folder.parent_path() / "libexec" / "plasm" / name}) {
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return Error{ErrorCode::kUnavailable, std::string(name) + " is not beside " + self.string() +
                                            ": install it there or in ../libexec/plasm"};
}

}  // namespace plasm
