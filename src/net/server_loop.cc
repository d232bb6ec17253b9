#include "net/server_loop.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/system_error.h"

namespace plasm::net {
namespace {

// How long a process without descriptors waits for some, unless a connection ends before.
constexpr std::chrono::nanoseconds kExhaustedPause = std::chrono::milliseconds(100);
// Deadlines are looked at no more often than this.
constexpr std::uint64_t kDeadlineGrainNs = 5'000'000;

}  // namespace

Server::Loop::Loop(Clock& clock, Handler& handler, const TlsIdentity* identity,
                   const ServerLimits& limits)
    : context_(clock, handler, limits),
      identity_(identity),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  epoll_event event{.events = EPOLLIN, .data = {.ptr = nullptr}};
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, context_.wakes->fd(), &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

Server::Loop::~Loop() = default;

Result<void> Server::Loop::Start(std::vector<Listener> listeners) {
  for (Listener& listener : listeners) {
    if (listener.kind() == Listener::Kind::kTls && !tls_) {
      if (identity_ == nullptr) {
        return Error{ErrorCode::kInvalid, listener.address() + ": TLS needs a key of the server"};
      }
      PLASM_TRY(tls_, TlsContext::ForServer(*identity_));
    }
    auto queue = std::make_unique<AcceptQueue>(
        std::move(listener), epoll_.get(),
        [this](AcceptedSocket socket) { Accept(std::move(socket)); },
        [this] { accept_again_ns_ = context_.DeadlineIn(kExhaustedPause); });
    PLASM_TRY_VOID(queue->Watch());
    queues_.push_back(std::move(queue));
  }
  return {};
}

Result<void> Server::Loop::Run() {
  std::array<epoll_event, 256> events;
  while (!context_.draining || !connections_.empty()) {
    const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                   EpollTimeoutMs());
    if (count < 0 && errno != EINTR) return SystemError(errno, "epoll_wait");
    bool woken = false;
    for (int i = 0; i < count; ++i) {
      auto* target = static_cast<EventTarget*>(events[i].data.ptr);
      if (target == nullptr) {
        woken = true;
      } else {
        target->OnEvents(events[i].events);
      }
    }
    GiveTurns();
    // Last, so that the handlers that are answered find all of the answers that there are.
    if (woken) TakeWakes();
    CheckDeadlines();
    RemoveClosed();
  }
  context_.coroutines.Clear();
  return {};
}

int Server::Loop::EpollTimeoutMs() {
  if (!context_.ready.empty()) return 0;
  if (context_.next_deadline_ns == kNever) return -1;
  const std::uint64_t now = context_.clock.MonotonicNs();
  if (context_.next_deadline_ns <= now) return 0;
  const std::uint64_t left_ms = (context_.next_deadline_ns - now + 999'999) / 1'000'000;
  return static_cast<int>(std::min<std::uint64_t>(left_ms, 60'000));
}

void Server::Loop::Accept(AcceptedSocket socket) {
  ++context_.counters.accepted;
  if (!MayConnect(socket.peer_group)) {
    ++context_.counters.turned_away;
    return;  // which closes it
  }
  AddConnection(std::move(socket));
}

bool Server::Loop::MayConnect(const std::string& peer_group) const {
  if (connections_.size() >= context_.limits.connections) return false;
  const auto peer = peers_.find(peer_group);
  return peer == peers_.end() || peer->second < context_.limits.connections_per_peer;
}

void Server::Loop::AddConnection(AcceptedSocket socket) {
  const int fd = socket.fd.get();
  std::unique_ptr<Transport> transport;
  TlsTransport* tls = nullptr;
  if (socket.kind == Listener::Kind::kTls) {
    auto made = std::make_unique<TlsTransport>(std::move(socket.fd), tls_->NewConnection(),
                                               TlsTransport::Side::kServer);
    tls = made.get();
    transport = std::move(made);
  } else {
    transport = std::make_unique<PlainTransport>(std::move(socket.fd));
  }
  auto connection = std::make_unique<Connection>(context_, std::move(transport), tls,
                                                 std::move(socket.peer), socket.peer_group);
  // By edges: a change is reported once, and the socket remembers it.
  epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                    .data = {.ptr = static_cast<EventTarget*>(connection.get())}};
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) return;
  ++peers_[socket.peer_group];
  connections_.push_back(std::move(connection));
  context_.counters.connections = connections_.size();
  connections_.back()->Open();
}

void Server::Loop::TakeWakes() {
  context_.wakes->TakeAll(batch_);
  for (const std::shared_ptr<Wakeable>& wakeable : batch_.wakeables) wakeable->OnWake();
  for (const std::function<void()>& function : batch_.functions) function();
  batch_.wakeables.clear();
  batch_.functions.clear();
}

void Server::Loop::GiveTurns() {
  std::swap(turns_, context_.ready);
  for (Connection* connection : turns_) connection->OnTurn();
  turns_.clear();
}

void Server::Loop::CheckDeadlines() {
  if (context_.next_deadline_ns == kNever) return;
  const std::uint64_t now = context_.clock.MonotonicNs();
  if (now < context_.next_deadline_ns) return;
  if (accept_again_ns_ <= now) ResumeAccepting();
  const bool cut = std::exchange(cut_at_ns_, cut_at_ns_ <= now ? kNever : cut_at_ns_) <= now;
  // A handler that wakes may set deadlines of its own, but no connection comes or goes here.
  context_.next_deadline_ns = kNever;
  for (const std::unique_ptr<Connection>& connection : connections_) {
    if (cut) connection->Cut();
    if (connection->deadline_ns() <= now) connection->OnDeadline();
  }
  std::uint64_t next = std::min({context_.next_deadline_ns, accept_again_ns_, cut_at_ns_});
  for (const std::unique_ptr<Connection>& connection : connections_) {
    next = std::min(next, connection->deadline_ns());
  }
  context_.next_deadline_ns = next == kNever ? kNever : std::max(next, now + kDeadlineGrainNs);
}

void Server::Loop::RemoveClosed() {
  if (!std::exchange(context_.any_closed, false)) return;
  std::erase_if(context_.ready, [](const Connection* c) { return c->closed(); });
  for (const auto& connection : connections_) {
    if (!connection->closed()) continue;
    // Closing is not enough: a process that is being started has a copy of the descriptor until
    // it runs its program, and what it keeps open is reported, for an object that is gone.
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, connection->fd(), nullptr);
    const auto peer = peers_.find(connection->peer_group());
    if (--peer->second == 0) peers_.erase(peer);
  }
  std::erase_if(connections_, [](const auto& connection) { return connection->closed(); });
  context_.counters.connections = connections_.size();
  if (accept_again_ns_ != kNever) ResumeAccepting();
}

void Server::Loop::ResumeAccepting() {
  accept_again_ns_ = kNever;
  for (const auto& queue : queues_) queue->Resume();
}

void Server::Loop::BeginDrain(std::chrono::nanoseconds drain) {
  cut_at_ns_ = std::min(cut_at_ns_, context_.DeadlineIn(drain));
  if (std::exchange(context_.draining, true)) return;
  queues_.clear();
  for (const auto& connection : connections_) connection->Drain();
}

}  // namespace plasm::net
