// The file `tokens` (spec/clients.md section 3): bearer tokens, whose secrets are not in it. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/entry_file.h"
#include "base/result.h"
#include "base/sha256.h"
#include "base/utc_time.h"

namespace plasm::api {

// What its holder may do.
struct Scopes {
  bool jobs = false;        // submit jobs, see those of the token, upload what they need
  bool metrics = false;     // read /metrics
  bool see_others = false;  // also see and cancel the jobs of others

  friend bool operator==(const Scopes&, const Scopes&) = default;
};

// "jobs,metrics,see-others": at least one, none twice. kInvalid otherwise.
Result<Scopes> ParseScopes(std::string_view text);
std::string ScopesText(const Scopes& scopes);

struct Token {
  std::string name;
  Sha256Digest secret_sha256;
  Scopes scopes;
  std::optional<UtcTime> expires;  // nothing: never

  friend bool operator==(const Token&, const Token&) = default;
};

struct TokenForm {
  using Entry = Token;
  static constexpr std::string_view kFile = "tokens";
  static constexpr std::string_view kThing = "token";
  static constexpr std::size_t kMaxBytes = std::size_t{256} << 10;
  static constexpr std::size_t kMaxLines = 1'000;  // each is looked at for each request
  static Result<std::optional<Entry>> Parse(std::string_view line);
  static Result<std::string> Write(const Entry& token);
  static std::string KeyOf(const Entry& token) { return token.secret_sha256.ToHex(); }
};
using Tokens = EntryFile<TokenForm>;

// The token whose secret this is, valid or not; null when there is none. The time it takes tells
// the number of tokens and nothing else.
const Token* FindToken(const Tokens& tokens, std::string_view secret);

}  // namespace plasm::api
