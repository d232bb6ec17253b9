#include "net/accept_queue.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "base/system_error.h"
#include "net/socket_address.h"

namespace plasm::net {
namespace {

// Those who are served already come first.
constexpr int kMaxInARow = 64;

AcceptedSocket Describe(UniqueFd fd, Listener::Kind kind, const SocketAddress& address) {
  AcceptedSocket accepted;
  accepted.kind = kind;
  if (kind == Listener::Kind::kTls) {
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    ::setsockopt(fd.get(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
    accepted.peer.kind = Peer::Kind::kTls;
    accepted.peer.address = address.ToString();
    accepted.peer_group = address.PeerGroup();
  } else {
    ucred credentials{};
    socklen_t size = sizeof(credentials);
    accepted.peer.kind = Peer::Kind::kUnix;
    accepted.peer.address = "unix";
    if (::getsockopt(fd.get(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0) {
      accepted.peer.uid = credentials.uid;
      accepted.peer_group = "uid " + std::to_string(credentials.uid);
    }
  }
  accepted.fd = std::move(fd);
  return accepted;
}

}  // namespace

AcceptQueue::AcceptQueue(Listener listener, int epoll, OnSocket on_socket, OnExhausted on_exhausted)
    : listener_(std::move(listener)),
      epoll_(epoll),
      on_socket_(std::move(on_socket)),
      on_exhausted_(std::move(on_exhausted)) {}

AcceptQueue::~AcceptQueue() { ::epoll_ctl(epoll_, EPOLL_CTL_DEL, listener_.fd(), nullptr); }

Result<void> AcceptQueue::Watch() {
  epoll_event event{.events = EPOLLIN, .data = {.ptr = static_cast<EventTarget*>(this)}};
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_.fd(), &event) != 0) {
    return SystemError(errno, listener_.address());
  }
  return {};
}

void AcceptQueue::OnEvents(std::uint32_t) {
  for (int i = 0; i < kMaxInARow; ++i) {
    SocketAddress address;
    address.size = sizeof(address.storage);
    UniqueFd fd(
        ::accept4(listener_.fd(), address.get(), &address.size, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (fd) {
      on_socket_(Describe(std::move(fd), listener_.kind(), address));
      continue;
    }
    // The connection stays in the queue and would be reported again at once, and again.
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      Pause();
      on_exhausted_();
      return;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) return;
    // Anything else is the fate of that one connection (accept(2)).
  }
}

void AcceptQueue::Pause() {
  epoll_event event{.events = 0, .data = {.ptr = static_cast<EventTarget*>(this)}};
  paused_ = ::epoll_ctl(epoll_, EPOLL_CTL_MOD, listener_.fd(), &event) == 0;
}

void AcceptQueue::Resume() {
  if (!std::exchange(paused_, false)) return;
  epoll_event event{.events = EPOLLIN, .data = {.ptr = static_cast<EventTarget*>(this)}};
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, listener_.fd(), &event);
}

}  // namespace plasm::net
