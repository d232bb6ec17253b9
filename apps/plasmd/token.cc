// plasmd token: bearer tokens for clients without a key (spec/clients.md section 3).
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access_verb.h"
#include "api/access_files.h"
#include "base/clock.h"
#include "base/decimal.h"
#include "base/entropy.h"
#include "base/json_writer.h"
#include "base/quote.h"
#include "cli/data_folder.h"
#include "crypto/token_secret.h"
#include "job/exit_status.h"
#include "job/job_flags.h"
#include "verbs.h"

namespace plasm::app {
namespace {

struct Flags {
  std::string data_dir;
  std::string name;
  std::vector<std::string> scopes;
  std::string expires = "90d";
  bool json = false;
};

// "never", a time, or a number of days, hours or minutes from now: "90d".
Result<std::optional<UtcTime>> ExpiryOf(const std::string& text, UtcTime now) {
  if (text == "never") return std::optional<UtcTime>();
  if (const auto time = UtcTime::Parse(text)) {
    if (*time > now) return std::optional(*time);
    return Error{ErrorCode::kInvalid, "--expires: " + text + " has passed"};
  }
  constexpr std::uint64_t kMinuteMs = 60'000;
  constexpr std::uint64_t kMost = 100'000;
  const char unit = text.empty() ? '\0' : text.back();
  const std::uint64_t unit_ms = unit == 'd'   ? 24 * 60 * kMinuteMs
                                : unit == 'h' ? 60 * kMinuteMs
                                : unit == 'm' ? kMinuteMs
                                              : 0;
  const auto count =
      ParseDecimal(std::string_view(text).substr(0, text.empty() ? 0 : text.size() - 1));
  if (unit_ms != 0 && count && *count >= 1 && *count <= kMost) {
    return std::optional(UtcTime{now.milliseconds + *count * unit_ms});
  }
  return Error{ErrorCode::kInvalid,
               "--expires: found " + Quote(text) +
                   ", expected never, a time as in 2027-01-15T08:00:00Z, or 90d, 12h, 30m"};
}

Result<api::AccessFiles> FilesOf(const Flags& flags) {
  PLASM_TRY(const DataFolder data, DataFolder::Locate(flags.data_dir));
  return api::AccessFiles(data.root());
}

Result<std::string> Create(const Flags& flags) {
  PLASM_TRY(const api::AccessFiles files, FilesOf(flags));
  SystemClock clock;
  SystemEntropy entropy;
  std::string scopes;
  for (const std::string& scope : flags.scopes) scopes += (scopes.empty() ? "" : ",") + scope;
  api::Token token;
  token.name = flags.name;
  PLASM_TRY(token.scopes, api::ParseScopes(scopes.empty() ? "jobs" : scopes));
  PLASM_TRY(token.expires, ExpiryOf(flags.expires, UtcTime::FromNanoseconds(clock.RealtimeNs())));
  const std::string secret = crypto::NewTokenSecret(entropy);
  token.secret_sha256 = Sha256Of(AsBytes(secret));
  PLASM_TRY_VOID(files.AddToken(token));
  if (!flags.json) return secret + "\n";
  JsonWriter json(JsonStyle::kPretty);
  json.BeginObject()
      .Field("name", token.name)
      .Field("secret", secret)
      .Field("scopes", api::ScopesText(token.scopes))
      .Field("expires", token.expires ? token.expires->ToString() : "never")
      .EndObject();
  return std::move(json).Take() + "\n";
}

Result<std::string> Revoke(const Flags& flags) {
  PLASM_TRY(const api::AccessFiles files, FilesOf(flags));
  PLASM_TRY_VOID(files.RemoveToken(flags.name));
  return "revoked  " + flags.name + "\n";
}

Result<std::string> List(const Flags& flags) {
  PLASM_TRY(const api::AccessFiles files, FilesOf(flags));
  PLASM_TRY(const api::Tokens tokens, files.ReadTokens());
  std::string text;
  JsonWriter json(JsonStyle::kPretty);
  json.BeginArray();
  for (const api::Token* token : tokens.Entries()) {
    const std::string scopes = api::ScopesText(token->scopes);
    const std::string expires = token->expires ? token->expires->ToString() : "never";
    text += token->name + "  " + scopes + "  expires " + expires + "\n";
    json.BeginObject()
        .Field("name", token->name)
        .Field("scopes", scopes)
        .Field("expires", expires)
        .EndObject();
  }
  json.EndArray();
  return flags.json ? std::move(json).Take() + "\n" : text;
}

}  // namespace

void AddTokenVerb(CLI::App& app, int& exit_status) {
  CLI::App* token = app.add_subcommand("token", "Tokens for clients that have no key");
  token->require_subcommand(1);
  auto flags = std::make_shared<Flags>();
  AddDataDirFlag(*token, flags->data_dir);
  CLI::App* create = AddAccessVerb(*token, "create", "Make a token and print its secret, this once",
                                   flags, Create, exit_status);
  create->add_option("NAME", flags->name, "Your name for it")->required();
  create
      ->add_option("--scope", flags->scopes, "jobs, metrics or see-others; may be repeated [jobs]")
      ->type_name("SCOPE")
      ->delimiter(',');
  create->add_option("--expires", flags->expires, "A time, 90d, 12h, 30m or never [90d]")
      ->type_name("WHEN");
  create->add_flag("--json", flags->json, "As JSON");
  CLI::App* list =
      AddAccessVerb(*token, "list", "Print the tokens, without secrets", flags, List, exit_status);
  list->add_flag("--json", flags->json, "As JSON");
  CLI::App* revoke = AddAccessVerb(*token, "revoke", "End a token", flags, Revoke, exit_status);
  revoke->add_option("NAME", flags->name, "Its name")->required();
  token->footer("A running node takes changes within a second.");
}

}  // namespace plasm::app
