#include "api/access.h"

#include <strings.h>

#include <utility>

#include "crypto/public_key_text.h"
#include "crypto/token_secret.h"

namespace plasm::api {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr std::string_view kGuests = "guests";  // no name of a client is like this

Access AccessOf(const AuthorizedClient& client) {
  return {.client = {.name = client.identity,
                     .sees_others = client.may.sees_others,
                     .may_run_live = client.may.may_run_live,
                     .quota = client.may.quota},
          .scopes = {.jobs = true, .metrics = false, .see_others = client.may.sees_others},
          .upload_bytes = client.may.upload_bytes};
}

Access AccessOf(const Token& token) {
  const Permissions usual;
  return {.client = {.name = "token:" + token.name,
                     .sees_others = token.scopes.see_others,
                     .may_run_live = usual.may_run_live,
                     .quota = usual.quota},
          .scopes = token.scopes,
          .upload_bytes = usual.upload_bytes};
}

Access AccessOf(const Guests& guests, std::string identity) {
  return {.client = {.name = std::move(identity),
                     .share = std::string(kGuests),
                     .sees_others = guests.may.sees_others,
                     .may_run_live = guests.may.may_run_live,
                     .quota = guests.may.quota},
          .scopes = {.jobs = true},
          .upload_bytes = guests.may.upload_bytes,
          .submissions = guests.submissions};
}

std::variant<Access, Unknown> ByToken(const AccessList& list, std::string_view authorization,
                                      UtcTime now) {
  const bool is_bearer = authorization.size() == kBearer.size() + crypto::kTokenSecretSize &&
                         strncasecmp(authorization.data(), kBearer.data(), kBearer.size()) == 0 &&
                         crypto::IsTokenSecret(authorization.substr(kBearer.size()));
  if (!is_bearer) {
    return Unknown{
        "the Authorization header is not Bearer and a token of 43 characters, as "
        "plasmd token create prints it"};
  }
  const Token* const token = FindToken(list.tokens, authorization.substr(kBearer.size()));
  if (token == nullptr) return Unknown{"the token is not known here, or it was revoked"};
  if (token->expires && *token->expires <= now) {
    return Unknown{"the token " + token->name + " expired at " + token->expires->ToString()};
  }
  return AccessOf(*token);
}

std::variant<Access, Unknown> ByUser(const AccessList& list, uid_t user, uid_t owner) {
  std::string identity = "uid:" + std::to_string(user);
  if (user == owner || user == 0) {
    const Permissions usual;
    return Access{.client = {.name = std::move(identity),
                             .sees_others = true,
                             .may_run_live = true,
                             .quota = usual.quota},
                  .scopes = {.jobs = true, .metrics = true, .see_others = true},
                  .upload_bytes = INT64_MAX};
  }
  if (const AuthorizedClient* client = list.clients.FindByKey(identity)) return AccessOf(*client);
  return Unknown{"the user " + identity + " is not in authorized_clients: plasmd client add NAME " +
                 identity};
}

}  // namespace

std::variant<Access, Unknown> Authorize(const AccessList& list, const net::Peer& peer,
                                        std::optional<std::string_view> authorization, UtcTime now,
                                        uid_t owner) {
  if (authorization) return ByToken(list, *authorization, now);
  if (peer.kind == net::Peer::Kind::kUnix) {
    if (peer.uid) return ByUser(list, *peer.uid, owner);
    return Unknown{"the system does not say which user this is"};
  }
  if (!peer.key) {
    return Unknown{list.guests ? "show a client certificate, with any Ed25519 key, or a token"
                               : "show a client certificate whose key is in authorized_clients, or "
                                 "a token"};
  }
  std::string identity = crypto::Fingerprint(*peer.key);
  if (const AuthorizedClient* client = list.clients.FindByKey(identity)) return AccessOf(*client);
  if (list.guests) return AccessOf(*list.guests, std::move(identity));
  return Unknown{"the key " + identity + " is not in authorized_clients: plasmd client add NAME " +
                 identity};
}

jobs::Client ClientNamed(const AccessList& list, const std::string& name) {
  if (const AuthorizedClient* client = list.clients.FindByKey(name))
    return AccessOf(*client).client;
  if (list.guests && crypto::IsFingerprint(name)) return AccessOf(*list.guests, name).client;
  return {.name = name};
}

}  // namespace plasm::api
