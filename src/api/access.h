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

// What whoever shows a key may do on an open node: all of them together, since anybody can have
// any number of keys.
struct Guests {
  Permissions may{.sees_others = false,
                  .may_run_live = false,
                  .quota = {.unfinished = 16, .running = 1},
                  .upload_bytes = std::uint64_t{256} << 20};
  std::uint64_t submissions = 10'000;  // jobs and offers a day
};

// Both files as they were read. Nobody is in it by default.
struct AccessList {
  AuthorizedClients clients;
  Tokens tokens;
  std::optional<Guests> guests{};  // of an open node
};

struct Access {
  jobs::Client client;
  Scopes scopes;
  std::uint64_t upload_bytes = 0;                 // a day, of its share
  std::optional<std::uint64_t> submissions = {};  // the same; nothing: any number
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

// The client that Authorize once let in under this name, as the list has it now.
jobs::Client ClientNamed(const AccessList& list, const std::string& name);

}  // namespace plasm::api
