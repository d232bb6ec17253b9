#include "discovery/child_process.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/one_line.h"
#include "base/system_error.h"

namespace plasm::discovery {
namespace {

constexpr std::size_t kLastWordsBytes = 512;

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

std::string LastWords(int fd) {
  std::array<char, kLastWordsBytes> buffer;
  const ssize_t count = fd < 0 ? 0 : read(fd, buffer.data(), buffer.size());
  if (count <= 0) return "";
  std::string text(buffer.data(), static_cast<std::size_t>(count));
  while (text.ends_with('\n')) text.pop_back();
  return ": " + OneLine(text);
}

}  // namespace

Result<ChildProcess> ChildProcess::Start(const std::filesystem::path& program,
                                         const std::vector<std::string>& args) {
  PLASM_TRY(Pipe input, MakeSockets());
  PLASM_TRY(Pipe output, MakePipe());
  PLASM_TRY(Pipe errors, MakePipe());
  for (const int fd : {input.write.get(), output.read.get(), errors.read.get()}) {
    if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0) return SystemError(errno, "pipe");
  }
  ChildDescriptors descriptors;
  descriptors.Duplicate(input.read.get(), STDIN_FILENO);
  descriptors.Duplicate(output.write.get(), STDOUT_FILENO);
  descriptors.Duplicate(errors.write.get(), STDERR_FILENO);
  descriptors.CloseFrom(3);
  ChildProcess child;
  PLASM_TRY(child.child_, Child::Start(program, args, descriptors));
  child.input_ = std::move(input.write);
  child.output_ = std::move(output.read);
  child.errors_ = std::move(errors.read);
  return child;
}

std::string ChildProcess::Kill() { return EndBy(&Child::Kill); }

std::string ChildProcess::WaitForEnd() { return EndBy(&Child::WaitForEnd); }

std::string ChildProcess::EndBy(std::string (Child::*end)()) {
  if (child_.pid() < 0) return (child_.*end)();
  const std::string how = (child_.*end)();
  return how + LastWords(errors_.get());
}

Result<std::filesystem::path> FindSystemProgram(std::string_view name) {
  for (const char* folder : {"/usr/bin", "/usr/local/bin", "/bin"}) {
    const auto path = std::filesystem::path(folder) / name;
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  return Error{ErrorCode::kNotFound,
               std::string(name) + " is not in /usr/bin, /usr/local/bin or /bin"};
}

}  // namespace plasm::discovery
