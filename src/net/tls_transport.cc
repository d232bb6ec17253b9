#include "net/tls_transport.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>

namespace plasm::net {
namespace {

// OpenSSL's own BIO for sockets raises SIGPIPE and knows nothing of epoll's edges.
SocketIo& SocketOf(BIO* bio) { return *static_cast<SocketIo*>(BIO_get_data(bio)); }

int Give(BIO* bio, const IoResult& result) {
  BIO_clear_retry_flags(bio);
  switch (result.status) {
    case IoStatus::kDone:
      return static_cast<int>(result.bytes);
    case IoStatus::kWantRead:
      BIO_set_retry_read(bio);
      return -1;
    case IoStatus::kWantWrite:
      BIO_set_retry_write(bio);
      return -1;
    case IoStatus::kEnd:
      return 0;
    case IoStatus::kFailed:
      return -1;
  }
  return -1;
}

int ReadSocket(BIO* bio, char* out, int size) noexcept {
  return Give(bio, SocketOf(bio).Receive(
                       std::as_writable_bytes(std::span(out, static_cast<std::size_t>(size)))));
}

int WriteSocket(BIO* bio, const char* bytes, int size) noexcept {
  return Give(bio,
              SocketOf(bio).Send(std::as_bytes(std::span(bytes, static_cast<std::size_t>(size)))));
}

long ControlSocket(BIO*, int command, long, void*) noexcept {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* SocketMethod() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    if (made == nullptr) throw std::bad_alloc();
    BIO_meth_set_read(made, ReadSocket);
    BIO_meth_set_write(made, WriteSocket);
    BIO_meth_set_ctrl(made, ControlSocket);
    return made;
  }();
  return method;
}

bool IsLiteralAddress(const std::string& text) {
  std::array<std::byte, 16> bytes{};
  return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

int ClampToInt(std::size_t size) {
  return static_cast<int>(
      std::min<std::size_t>(size, static_cast<std::size_t>(std::numeric_limits<int>::max())));
}

}  // namespace

TlsTransport::TlsTransport(UniqueFd fd, SslPtr ssl, Side side, const std::string& server_name)
    : Transport(std::move(fd)), ssl_(std::move(ssl)) {
  BIO* bio = BIO_new(SocketMethod());
  if (bio == nullptr || ssl_ == nullptr) {
    BIO_free(bio);
    throw std::bad_alloc();
  }
  BIO_set_data(bio, &socket_);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  if (side == Side::kServer) {
    SSL_set_accept_state(ssl_.get());
  } else {
    SSL_set_connect_state(ssl_.get());
    if (!server_name.empty() && !IsLiteralAddress(server_name)) {
      SSL_set_tlsext_host_name(ssl_.get(), server_name.c_str());
    }
  }
}

TlsTransport::~TlsTransport() { ERR_clear_error(); }

IoStatus TlsTransport::StatusOf(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return IoStatus::kWantRead;
    case SSL_ERROR_WANT_WRITE:
      return IoStatus::kWantWrite;
    case SSL_ERROR_ZERO_RETURN:
      return IoStatus::kEnd;
    default:
      break;
  }
  // Also a connection that ended without the alert that ends a TLS stream: it may have been cut
  // by anybody.
  const unsigned long number = ERR_peek_error();
  const char* reason = number == 0 ? nullptr : ERR_reason_error_string(number);
  failure_ = reason == nullptr ? "the connection was closed" : reason;
  ERR_clear_error();
  return IoStatus::kFailed;
}

IoStatus TlsTransport::Handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  return result == 1 ? IoStatus::kDone : StatusOf(result);
}

IoResult TlsTransport::Read(std::span<std::byte> out) {
  ERR_clear_error();  // SSL_get_error looks at what others of this thread have left, too
  const int count = SSL_read(ssl_.get(), out.data(), ClampToInt(out.size()));
  if (count > 0) return {IoStatus::kDone, static_cast<std::size_t>(count)};
  return {StatusOf(count)};
}

IoResult TlsTransport::Write(ByteView bytes) {
  if (bytes.empty()) return {};
  ERR_clear_error();
  const int count = SSL_write(ssl_.get(), bytes.data(), ClampToInt(bytes.size()));
  if (count > 0) return {IoStatus::kDone, static_cast<std::size_t>(count)};
  return {StatusOf(count)};
}

void TlsTransport::Shutdown() {
  if (failure_.empty() && SSL_is_init_finished(ssl_.get())) {
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  ::shutdown(socket_.fd(), SHUT_WR);
}

std::optional<crypto::PublicKey> TlsTransport::PeerKey() const {
  const X509* certificate = SSL_get0_peer_certificate(ssl_.get());
  if (certificate == nullptr) return std::nullopt;
  auto key = KeyOf(*certificate);
  if (!key) return std::nullopt;
  return *key;
}

}  // namespace plasm::net
