// A blocking HTTP/1.1 client that knows its server by its key.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "crypto/ed25519.h"
#include "net/endpoint.h"
#include "net/exchange.h"
#include "net/response_head.h"
#include "net/tls_identity.h"

namespace plasm::net {

struct ClientLimits {
  std::chrono::nanoseconds connect = std::chrono::seconds(10);  // for each address of the name
  std::chrono::nanoseconds handshake = std::chrono::seconds(10);
  // From the end of the request to the end of the response's head. Raise it for long polls.
  std::chrono::nanoseconds head = std::chrono::seconds(60);
  // Neither a byte written nor one read.
  std::chrono::nanoseconds stall = std::chrono::seconds(30);
  std::size_t head_bytes = 32 << 10;
};

// A request's body that is read from a file: `length` bytes from `offset`.
struct BodyFile {
  int fd = -1;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

struct OutgoingRequest {
  std::string_view method = "GET";
  std::string_view target = "/";  // path and query, encoded
  Headers headers = {};           // Host and Content-Length are written by the client
  ByteView body = {};
  std::optional<BodyFile> file = std::nullopt;  // instead of `body`
};

struct WholeResponse {
  ResponseHead head;
  Bytes body;
};

// One connection at a time, kept between requests. One thread at a time. Errors: kDenied when the
// server has another key (both fingerprints are named) or refuses ours in the handshake,
// kUnavailable when it can't be reached, is too slow or closes, kCorrupt when what it says is not
// HTTP/1.1, kLimitExceeded.
class Client {
 public:
  // `clock` and `identity` (null: none is shown) outlive it. A TLS endpoint needs the key that
  // its server must have; a Unix socket is protected by its file.
  Client(Clock& clock, Endpoint endpoint, std::optional<crypto::PublicKey> server_key,
         const TlsIdentity* identity, ClientLimits limits = {});
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  // While this descriptor is readable, a call that would wait for the server fails with
  // kUnavailable "interrupted" instead. Looking up a host's name is not interrupted. Not owned.
  void InterruptBy(int fd);

  // Sends the request and reads the head of the response; what was left of the last response is
  // dropped. Connects when it has to. A kept connection that turns out to be closed is replaced
  // and the request sent again, when its method allows that (RFC 9110 section 9.2.2).
  Result<ResponseHead> Send(const OutgoingRequest& request);
  // The next bytes of the response's body, at least one; 0 at its end.
  Result<std::size_t> ReadBody(std::span<std::byte> out);
  // The rest of it; kLimitExceeded beyond `limit`.
  Result<Bytes> ReadWholeBody(std::size_t limit);

  // Both in one.
  Result<WholeResponse> Fetch(const OutgoingRequest& request, std::size_t limit);

  // Ends the connection; the next request makes another.
  void Close();

  const Endpoint& endpoint() const;

 private:
  class Connection;
  std::unique_ptr<Connection> connection_;
};

// Makes a handshake with whoever answers at the endpoint, and says which key it proved to hold.
// For first contact only: nothing else is sent. kInvalid for a Unix socket. `interrupt_fd` as
// Client::InterruptBy has it.
Result<crypto::PublicKey> FetchServerKey(Clock& clock, const Endpoint& endpoint,
                                         const ClientLimits& limits = {}, int interrupt_fd = -1);

}  // namespace plasm::net
