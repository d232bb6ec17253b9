// The file `authorized_clients` (spec/clients.md section 2): who may use a node. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/entry_file.h"
#include "base/result.h"
#include "jobs/client.h"

namespace plasm::api {

// What a client may do.
struct Permissions {
  bool sees_others = false;
  bool may_run_live = true;
  jobs::Quota quota{};
  // Of the blobs that it uploads in one day.
  std::uint64_t upload_bytes = std::uint64_t{64} << 30;
};

struct AuthorizedClient {
  std::string name;      // the operator's own
  std::string identity;  // "SHA256:…" of its key, or "uid:1000"
  Permissions may{};
  std::string as_written{};  // a whole key, where the file has one: "ssh-ed25519 AAAA…"
};

// kInvalid, naming what was expected, unless `text` is "SHA256:…", "uid:<number>" or
// "ssh-ed25519 AAAA…". The name and the permissions are the caller's.
Result<AuthorizedClient> ClientWithIdentity(std::string_view text);

// "sees-others", "no-live", "unfinished=100", …: kInvalid for any other.
Result<void> ApplyClientOption(std::string_view option, Permissions& may);

struct AuthorizedClientForm {
  using Entry = AuthorizedClient;
  static constexpr std::string_view kFile = "authorized_clients";
  static constexpr std::string_view kThing = "client";
  static constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
  static constexpr std::size_t kMaxLines = 10'000;
  static Result<std::optional<Entry>> Parse(std::string_view line);
  static Result<std::string> Write(const Entry& client);
  static std::string KeyOf(const Entry& client) { return client.identity; }
};
using AuthorizedClients = EntryFile<AuthorizedClientForm>;

}  // namespace plasm::api
