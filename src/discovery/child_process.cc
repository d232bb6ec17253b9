#include "discovery/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/one_line.h"
#include "base/system_error.h"

namespace plasm::discovery {
namespace {

constexpr std::size_t kLastWordsBytes = 512;

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

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

// Above the standard streams, so that moving one of them in place hits no other.
Result<Pipe> Above(const int (&ends)[2]) {
  Pipe pipe;
  pipe.read.Reset(fcntl(ends[0], F_DUPFD_CLOEXEC, 3));
  pipe.write.Reset(fcntl(ends[1], F_DUPFD_CLOEXEC, 3));
  close(ends[0]);
  close(ends[1]);
  if (!pipe.read || !pipe.write) return SystemError(errno, "pipe");
  return pipe;
}

Result<Pipe> MakePipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return SystemError(errno, "pipe");
  return Above(ends);
}

Result<Pipe> MakeSockets() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return SystemError(errno, "socketpair");
  }
  return Above(ends);
}

std::string Describe(int status) {
  if (WIFEXITED(status)) return "exited with status " + std::to_string(WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  return "killed by signal " + std::to_string(signal) + " (" + strsignal(signal) + ")";
}

std::string LastWords(int fd) {
  std::array<char, kLastWordsBytes> buffer;
  const ssize_t count = fd < 0 ? 0 : read(fd, buffer.data(), buffer.size());
  if (count <= 0) return "";
  std::string text(buffer.data(), static_cast<std::size_t>(count));
  while (text.ends_with('\n')) text.pop_back();
  return ": " + OneLine(text);
}

}  // namespace

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      input_(std::move(other.input_)),
      output_(std::move(other.output_)),
      errors_(std::move(other.errors_)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  if (this != &other) {
    Kill();
    pid_ = std::exchange(other.pid_, -1);
    input_ = std::move(other.input_);
    output_ = std::move(other.output_);
    errors_ = std::move(other.errors_);
  }
  return *this;
}

ChildProcess::~ChildProcess() { Kill(); }

Result<ChildProcess> ChildProcess::Start(const std::filesystem::path& program,
                                         const std::vector<std::string>& args) {
  PLASM_TRY(Pipe input, MakeSockets());
  PLASM_TRY(Pipe output, MakePipe());
  PLASM_TRY(Pipe errors, MakePipe());
  for (const int fd : {input.write.get(), output.read.get(), errors.read.get()}) {
    if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0) return SystemError(errno, "pipe");
  }
  SpawnSettings settings;
  posix_spawn_file_actions_adddup2(&settings.actions, input.read.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&settings.actions, output.write.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&settings.actions, errors.write.get(), STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&settings.actions, 3);
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
  ChildProcess child;
  const int failed = posix_spawn(&child.pid_, program.c_str(), &settings.actions,
                                 &settings.attributes, argv.data(), environment);
  if (failed != 0) {
    child.pid_ = -1;
    return SystemError(failed, program.string());
  }
  child.input_ = std::move(input.write);
  child.output_ = std::move(output.read);
  child.errors_ = std::move(errors.read);
  return child;
}

std::string ChildProcess::Kill() {
  if (pid_ < 0) return "not running";
  // One that has ended by itself keeps its own status: the signal does not reach it.
  kill(pid_, SIGKILL);
  return Reap();
}

std::string ChildProcess::WaitForEnd() { return pid_ < 0 ? "not running" : Reap(); }

std::string ChildProcess::Reap() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return Describe(status) + LastWords(errors_.get());
}

Result<std::filesystem::path> FindSystemProgram(std::string_view name) {
  for (const char* folder : {"/usr/bin", "/usr/local/bin", "/bin"}) {
    const auto path = std::filesystem::path(folder) / name;
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  return Error{ErrorCode::kNotFound,
               std::string(name) + " is not in /usr/bin, /usr/local/bin or /bin"};
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

}  // namespace plasm::discovery
