#include "api/tokens.h"

#include <vector>

#include "api/entry_name.h"
#include "base/entry_line.h"
#include "base/quote.h"
#include "crypto/constant_time.h"

namespace plasm::api {
namespace {

constexpr std::string_view kDigest = "sha256:";
constexpr std::string_view kScopes = "scopes=";
constexpr std::string_view kExpires = "expires=";
constexpr std::string_view kNever = "never";

Error Invalid(const std::string& message) { return {ErrorCode::kInvalid, message}; }

bool* ScopeOf(std::string_view name, Scopes& scopes) {
  if (name == "jobs") return &scopes.jobs;
  if (name == "metrics") return &scopes.metrics;
  if (name == "see-others") return &scopes.see_others;
  return nullptr;
}

// The value of a field "<name><value>".
Result<std::string_view> ValueOf(std::string_view field, std::string_view name) {
  if (field.starts_with(name)) return field.substr(name.size());
  return Invalid("found " + Quote(field) + ", expected " + std::string(name) + "…");
}

}  // namespace

Result<Scopes> ParseScopes(std::string_view text) {
  Scopes scopes;
  for (std::string_view rest = text;;) {
    const std::size_t comma = rest.find(',');
    const std::string_view name = rest.substr(0, comma);
    bool* const scope = ScopeOf(name, scopes);
    if (scope == nullptr) {
      return Invalid("scopes: found " + Quote(name) + ", expected jobs, metrics or see-others");
    }
    if (*scope) return Invalid("scopes: found " + Quote(name) + " twice, expected once");
    *scope = true;
    if (comma == std::string_view::npos) return scopes;
    rest.remove_prefix(comma + 1);
  }
}

std::string ScopesText(const Scopes& scopes) {
  std::string text;
  const auto add = [&text](bool has, std::string_view name) {
    if (!has) return;
    if (!text.empty()) text += ',';
    text += name;
  };
  add(scopes.jobs, "jobs");
  add(scopes.metrics, "metrics");
  add(scopes.see_others, "see-others");
  return text;
}

Result<std::optional<Token>> TokenForm::Parse(std::string_view line) {
  PLASM_TRY(const std::vector<std::string_view> fields, FieldsOf(line));
  if (fields.empty()) return std::optional<Token>();
  constexpr std::size_t kFields = 4;
  if (fields.size() != kFields) {
    return Invalid("found " + std::to_string(fields.size()) +
                   " fields, expected <name> sha256:<digits> scopes=<list> expires=<time>|never");
  }
  PLASM_TRY_VOID(CheckEntryName(fields[0]));
  Token token;
  token.name = fields[0];
  PLASM_TRY(const std::string_view digest, ValueOf(fields[1], kDigest));
  PLASM_TRY(token.secret_sha256, Sha256Digest::FromHex(digest));
  PLASM_TRY(const std::string_view scopes, ValueOf(fields[2], kScopes));
  PLASM_TRY(token.scopes, ParseScopes(scopes));
  PLASM_TRY(const std::string_view expires, ValueOf(fields[3], kExpires));
  if (expires != kNever) {
    const auto time = UtcTime::Parse(expires);
    if (!time) return Invalid("expires=: " + time.error().message);
    token.expires = *time;
  }
  return std::optional(std::move(token));
}

Result<std::string> TokenForm::Write(const Token& token) {
  PLASM_TRY_VOID(CheckEntryName(token.name));
  std::string scopes = ScopesText(token.scopes);
  if (scopes.empty()) return Invalid("scopes: found none, expected jobs, metrics or see-others");
  std::string line = token.name + " " + token.secret_sha256.ToString() + " ";
  line.append(kScopes).append(scopes).append(" ").append(kExpires);
  line += token.expires ? token.expires->ToString() : std::string(kNever);
  return line;
}

const Token* FindToken(const Tokens& tokens, std::string_view secret) {
  const Sha256Digest digest = Sha256Of(AsBytes(secret));
  const Token* found = nullptr;
  for (const Token* token : tokens.Entries()) {
    const bool equal = crypto::EqualInConstantTime(token->secret_sha256.bytes, digest.bytes);
    found = equal ? token : found;
  }
  return found;
}

}  // namespace plasm::api
