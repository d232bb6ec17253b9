#include "net/client_stream.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/system_error.h"
#include "crypto/public_key_text.h"
#include "net/tls_context.h"

namespace plasm::net {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* addresses) const { ::freeaddrinfo(addresses); }
};

UniqueFd NewSocket(int family) {
  return UniqueFd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

}  // namespace

Error ClientStream::Unavailable(std::string why) const {
  return {ErrorCode::kUnavailable, name_ + ": " + std::move(why)};
}

Error ClientStream::Broken() const {
  if (tls_ == nullptr) return Unavailable("the connection was closed");
  // A server tells of a certificate that it refuses with an alert, and only after the handshake
  // was complete for us.
  const bool refused = tls_->failure().find("alert") != std::string::npos &&
                       tls_->failure().find("certificate") != std::string::npos;
  return {refused ? ErrorCode::kDenied : ErrorCode::kUnavailable, name_ + ": " + tls_->failure()};
}

std::uint64_t ClientStream::DeadlineIn(std::chrono::nanoseconds limit) {
  return clock_.MonotonicNs() +
         static_cast<std::uint64_t>(std::max<std::int64_t>(limit.count(), 0));
}

Result<short> ClientStream::Poll(int fd, short events, std::uint64_t deadline_ns,
                                 const char* phase) {
  std::array<pollfd, 2> fds = {pollfd{fd, events, 0}, pollfd{interrupt_, POLLIN, 0}};
  while (true) {
    const std::uint64_t now = clock_.MonotonicNs();
    const std::uint64_t left_ms = deadline_ns > now ? (deadline_ns - now + 999'999) / 1'000'000 : 0;
    const int count = ::poll(fds.data(), interrupt_ < 0 ? 1 : 2,
                             static_cast<int>(std::min<std::uint64_t>(left_ms, 1'000'000'000)));
    if (count < 0 && errno != EINTR) return SystemError(errno, "poll");
    if (count > 0 && fds[1].revents != 0) return Unavailable("interrupted");
    if (count > 0) return fds[0].revents;
    if (count == 0 && left_ms == 0) return static_cast<short>(0);
    if (count == 0 && clock_.MonotonicNs() >= deadline_ns) {
      return Unavailable(std::string(phase) + " took too long");
    }
  }
}

Result<void> ClientStream::Wait(IoStatus status, std::uint64_t deadline_ns, const char* phase) {
  const short wanted = status == IoStatus::kWantRead ? POLLIN : POLLOUT;
  PLASM_TRY(const short events, Poll(transport_->socket().fd(), wanted, deadline_ns, phase));
  if (events == 0) return Unavailable(std::string(phase) + " took too long");
  SocketIo& socket = transport_->socket();
  if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) socket.OnReadable();
  if ((events & (POLLOUT | POLLHUP | POLLERR)) != 0) socket.OnWritable();
  return {};
}

// ------------------------------------------------------------------------------------- connecting

Result<std::unique_ptr<ClientStream>> ClientStream::Open(
    Clock& clock, const Endpoint& endpoint, const std::optional<crypto::PublicKey>& server_key,
    const TlsIdentity* identity, const ClientLimits& limits, int interrupt) {
  std::unique_ptr<ClientStream> stream(new ClientStream(clock, endpoint, interrupt));
  PLASM_TRY(UniqueFd fd, Connect(*stream, endpoint, limits));
  if (endpoint.kind == Endpoint::Kind::kUnix) {
    stream->transport_ = std::make_unique<PlainTransport>(std::move(fd));
    return stream;
  }
  PLASM_TRY(const TlsContext context, TlsContext::ForClient(identity));
  auto tls = std::make_unique<TlsTransport>(std::move(fd), context.NewConnection(),
                                            TlsTransport::Side::kClient, endpoint.host);
  stream->tls_ = tls.get();
  stream->transport_ = std::move(tls);
  PLASM_TRY_VOID(stream->MakeHandshake(limits.handshake));
  PLASM_TRY_VOID(stream->CheckKey(server_key));
  return stream;
}

Result<UniqueFd> ClientStream::Connect(ClientStream& stream, const Endpoint& endpoint,
                                       const ClientLimits& limits) {
  if (endpoint.kind == Endpoint::Kind::kTls) return ConnectTcp(stream, endpoint, limits);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (endpoint.path.size() >= sizeof(address.sun_path)) {
    return Error{ErrorCode::kInvalid, stream.name_ + ": the path is too long for a socket"};
  }
  std::memcpy(address.sun_path, endpoint.path.data(), endpoint.path.size());
  UniqueFd fd = NewSocket(AF_UNIX);
  if (!fd) return SystemError(errno, "socket");
  PLASM_TRY_VOID(stream.ConnectSocket(fd.get(), &address, sizeof(address), limits.connect));
  return fd;
}

Result<UniqueFd> ClientStream::ConnectTcp(ClientStream& stream, const Endpoint& endpoint,
                                          const ClientLimits& limits) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failed =
      ::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found);
  const std::unique_ptr<addrinfo, FreeAddresses> addresses(failed == 0 ? found : nullptr);
  if (failed != 0) return stream.Unavailable(::gai_strerror(failed));
  Error last = stream.Unavailable("no address");
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    UniqueFd fd = NewSocket(address->ai_family);
    if (!fd) {
      last = SystemError(errno, stream.name_);
      continue;
    }
    auto connected =
        stream.ConnectSocket(fd.get(), address->ai_addr, address->ai_addrlen, limits.connect);
    if (!connected) {
      last = std::move(connected).error();
      continue;
    }
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return fd;
  }
  return last;
}

Result<void> ClientStream::ConnectSocket(int fd, const void* address, unsigned size,
                                         std::chrono::nanoseconds limit) {
  int error = 0;
  if (::connect(fd, static_cast<const sockaddr*>(address), size) != 0) error = errno;
  if (error == EINPROGRESS || error == EINTR) {
    PLASM_TRY(const short events, Poll(fd, POLLOUT, DeadlineIn(limit), "connecting"));
    if (events == 0) return Unavailable("connecting took too long");
    socklen_t error_size = sizeof(error);
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &error_size);
  }
  if (error == 0) return {};
  Error failed = SystemError(error, name_);
  // Whether nobody answers or the file is missing: nothing can be reached there.
  if (failed.code != ErrorCode::kDenied) failed.code = ErrorCode::kUnavailable;
  return failed;
}

Result<void> ClientStream::MakeHandshake(std::chrono::nanoseconds limit) {
  const std::uint64_t deadline = DeadlineIn(limit);
  while (true) {
    const IoStatus status = transport_->Handshake();
    if (status == IoStatus::kDone) return {};
    if (status == IoStatus::kWantRead || status == IoStatus::kWantWrite) {
      PLASM_TRY_VOID(Wait(status, deadline, "the TLS handshake"));
    } else {
      return Unavailable("TLS handshake: " + tls_->failure());
    }
  }
}

Result<void> ClientStream::CheckKey(const std::optional<crypto::PublicKey>& expected) {
  server_key_ = tls_->PeerKey();
  if (!server_key_) {
    return Error{ErrorCode::kDenied, name_ + ": the server showed no Ed25519 key"};
  }
  if (expected && *server_key_ != *expected) {
    return Error{ErrorCode::kDenied, name_ + ": the server has the key " +
                                         crypto::Fingerprint(*server_key_) + ", expected " +
                                         crypto::Fingerprint(*expected)};
  }
  return {};
}

// ---------------------------------------------------------------------------------------- talking

Result<std::size_t> ClientStream::Read(std::span<std::byte> out, std::chrono::nanoseconds limit) {
  const std::uint64_t deadline = DeadlineIn(limit);
  while (true) {
    const IoResult read = transport_->Read(out);
    switch (read.status) {
      case IoStatus::kDone:
        return read.bytes;
      case IoStatus::kEnd:
        return std::size_t{0};
      case IoStatus::kFailed:
        return Broken();
      case IoStatus::kWantRead:
      case IoStatus::kWantWrite:
        PLASM_TRY_VOID(Wait(read.status, deadline, "the response"));
    }
  }
}

Result<ClientStream::Written> ClientStream::Write(ByteView bytes, std::chrono::nanoseconds limit) {
  SocketIo& socket = transport_->socket();
  while (!bytes.empty()) {
    // TLS may have something to say that is not for us; a record that only looks like an answer
    // makes us wait for one, and the stall limit ends that.
    PLASM_TRY(const short spoken, Poll(socket.fd(), POLLIN, 0, "the request"));
    if (spoken != 0) {
      socket.OnReadable();
      return Written::kServerSpoke;
    }
    const IoResult written = transport_->Write(bytes);
    switch (written.status) {
      case IoStatus::kDone:
        bytes = bytes.subspan(written.bytes);
        break;
      case IoStatus::kEnd:
      case IoStatus::kFailed:
        return Broken();
      case IoStatus::kWantRead:
      case IoStatus::kWantWrite: {
        PLASM_TRY(const short events,
                  Poll(socket.fd(), POLLIN | POLLOUT, DeadlineIn(limit), "the request"));
        if (events == 0) return Unavailable("the request took too long");
        if ((events & (POLLOUT | POLLHUP | POLLERR)) != 0) socket.OnWritable();
        break;
      }
    }
  }
  return Written::kAll;
}

}  // namespace plasm::net
