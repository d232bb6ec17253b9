#include "job/live_output.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

namespace plasm::app {

LiveOutput::LiveOutput(int fd) : given_(fd) {
  struct stat status{};
  if (fstat(fd, &status) != 0) return;
  is_socket_ = S_ISSOCK(status.st_mode);
  const int flags = fcntl(fd, F_GETFL);
  const bool writable = flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
  if (writable && (S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode))) {
    const std::string name = "/proc/self/fd/" + std::to_string(fd);
    own_.Reset(open(name.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  }
}

void LiveOutput::Write(ByteView bytes) {
  kept_.insert(kept_.end(), bytes.begin(), bytes.end());
  Continue();
}

void LiveOutput::Continue() {
  std::size_t written = 0;
  while (!failed_ && written < kept_.size()) {
    const std::byte* const from = kept_.data() + written;
    const std::size_t count = kept_.size() - written;
    const ssize_t done =
        is_socket_ ? send(fd(), from, count, MSG_DONTWAIT) : write(fd(), from, count);
    if (done >= 0) {
      written += static_cast<std::size_t>(done);
    } else if (errno == EAGAIN) {
      break;
    } else if (errno != EINTR) {
      failed_ = true;
    }
  }
  if (failed_) return kept_.clear();
  kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(written));
}

}  // namespace plasm::app
