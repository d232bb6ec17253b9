#include "worker/protocol/channel.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/system_error.h"

namespace plasm::worker {
namespace {

constexpr std::size_t kReceiveBytes = std::size_t{64} << 10;
constexpr std::size_t kMaxDescriptorsPerSend = 8;

bool PeerGone(int error) { return error == EPIPE || error == ECONNRESET; }
bool WouldBlock(int error) { return error == EAGAIN || error == EWOULDBLOCK; }
}  // namespace

Result<IoStatus> Channel::Flush(Blocking blocking) {
  while (HasOutgoing()) {
    iovec data{outgoing_.data() + sent_, outgoing_.size() - sent_};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;

    alignas(cmsghdr) std::array<char, CMSG_SPACE(kMaxDescriptorsPerSend * sizeof(int))> control{};
    const std::size_t count = std::min(to_send_.size(), kMaxDescriptorsPerSend);
    if (count > 0) {
      message.msg_control = control.data();
      message.msg_controllen = CMSG_SPACE(count * sizeof(int));
      cmsghdr* header = CMSG_FIRSTHDR(&message);
      header->cmsg_level = SOL_SOCKET;
      header->cmsg_type = SCM_RIGHTS;
      header->cmsg_len = CMSG_LEN(count * sizeof(int));
      for (std::size_t i = 0; i < count; ++i) {
        const int fd = to_send_[i].get();
        std::memcpy(CMSG_DATA(header) + i * sizeof(int), &fd, sizeof(int));
      }
      // Later descriptors must not fall behind their frames: this send carries one byte.
      if (to_send_.size() > count) data.iov_len = 1;
    }
    const int flags = MSG_NOSIGNAL | (blocking == Blocking::kDontWait ? MSG_DONTWAIT : 0);
    const ssize_t sent = sendmsg(socket_.get(), &message, flags);
    if (sent < 0) {
      if (errno == EINTR) continue;
      if (WouldBlock(errno)) return IoStatus::kWouldBlock;
      if (PeerGone(errno)) return IoStatus::kClosed;
      return SystemError(errno, "worker socket: send");
    }
    to_send_.erase(to_send_.begin(), to_send_.begin() + static_cast<std::ptrdiff_t>(count));
    sent_ += static_cast<std::size_t>(sent);
  }
  outgoing_.clear();
  sent_ = 0;
  return IoStatus::kDone;
}

Result<IoStatus> Channel::Receive(Blocking blocking) {
  std::array<std::byte, kReceiveBytes> buffer;
  iovec data{buffer.data(), buffer.size()};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kMaxHeldDescriptors * sizeof(int))> control;
  if (descriptors_ == Descriptors::kAccept) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
  }
  ssize_t received = 0;
  do {
    received = recvmsg(socket_.get(), &message,
                       MSG_CMSG_CLOEXEC | (blocking == Blocking::kDontWait ? MSG_DONTWAIT : 0));
  } while (received < 0 && errno == EINTR);
  if (received < 0) {
    if (WouldBlock(errno)) return IoStatus::kWouldBlock;
    if (PeerGone(errno)) return IoStatus::kClosed;
    return SystemError(errno, "worker socket: receive");
  }
  if (received == 0) return IoStatus::kClosed;
  if (descriptors_ == Descriptors::kAccept) PLASM_TRY_VOID(KeepDescriptors(message));
  reader_.Append(ByteView(buffer).first(static_cast<std::size_t>(received)));
  return IoStatus::kDone;
}

Result<void> Channel::KeepDescriptors(msghdr& message) {
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
      received_.emplace_back(fd);
    }
  }
  if ((message.msg_flags & MSG_CTRUNC) != 0 || received_.size() > kMaxHeldDescriptors) {
    return Error{ErrorCode::kCorrupt, "worker socket: too many descriptors at once"};
  }
  return {};
}

Result<UniqueFd> Channel::TakeDescriptor() {
  if (received_.empty()) {
    return Error{ErrorCode::kCorrupt, "worker socket: a frame came without its descriptor"};
  }
  UniqueFd fd = std::move(received_.front());
  received_.pop_front();
  return fd;
}

}  // namespace plasm::worker
