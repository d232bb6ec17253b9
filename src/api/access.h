// Who asks, and what it may do. Pure.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "api/authorized_clients.h"
#include "api/tokens.h"
#include "base/utc_time.h"
#include "jobs/client.h"
#include "net/peer.h"

namespace plasm::api {

// Both files as they were read. Nobody is in it by default.
struct AccessList {
  AuthorizedClients clients;
  Tokens tokens;
};

struct Access {
  jobs::Client client;
  Scopes scopes;
  std::uint64_t upload_bytes = 0;  // a day
};

// Somebody unknown (401), with the words that tell them why and what to do.
struct Unknown {
  std::string detail;
};

// Credentials that are given are the ones that count: with an Authorization header the token
// alone decides, whatever certificate or socket it comes by. `owner` is the user that the node
// runs as: on the Unix socket that user and root may do everything, others what the file says.
// Whether a scope is there is for the caller to ask.
std::variant<Access, Unknown> Authorize(const AccessList& list, const net::Peer& peer,
                                        std::optional<std::string_view> authorization, UtcTime now,
                                        uid_t owner);

}  // namespace plasm::api
