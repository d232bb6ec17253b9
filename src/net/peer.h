// Who is at the other end of a connection, as far as the connection itself proves it.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "crypto/ed25519.h"

namespace plasm::net {

struct Peer {
  enum class Kind { kTls, kUnix };
  Kind kind = Kind::kTls;
  // The key of the client's certificate; the handshake has proven that the client holds it.
  // Whether it may do anything is for others to say.
  std::optional<crypto::PublicKey> key;
  // Of the process that connected to a Unix socket, as the kernel says (SO_PEERCRED).
  std::optional<uid_t> uid;
  // "192.0.2.7:51234", "[2001:db8::7]:51234", "unix".
  std::string address;
};

}  // namespace plasm::net
