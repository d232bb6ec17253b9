#include "api/authorized_clients.h"

#include <limits>
#include <set>
#include <vector>

#include "api/entry_name.h"
#include "base/decimal.h"
#include "base/entry_line.h"
#include "base/quote.h"
#include "crypto/public_key_text.h"

namespace plasm::api {
namespace {

constexpr std::string_view kUid = "uid:";
constexpr std::string_view kKeyType = "ssh-ed25519";
constexpr std::string_view kSeesOthers = "sees-others";
constexpr std::string_view kNoLive = "no-live";
constexpr std::string_view kUnfinished = "unfinished=";
constexpr std::string_view kRunning = "running=";
constexpr std::string_view kUploadBytes = "upload-bytes=";

Error Invalid(const std::string& message) { return {ErrorCode::kInvalid, message}; }

Result<std::uint64_t> ParseNumber(std::string_view option, std::string_view name,
                                  std::uint64_t max) {
  const std::string_view text = option.substr(name.size());
  const auto number = ParseDecimal(text);
  if (number && *number <= max) return *number;
  return Invalid(std::string(name) + ": found " + Quote(text) + ", expected 0 to " +
                 std::to_string(max));
}

// (uid_t)-1 is nobody: the kernel takes it for "no change".
bool IsUserId(std::string_view text) {
  const auto number = ParseDecimal(text);
  return number && *number < std::numeric_limits<std::uint32_t>::max();
}

// What an option sets, so that none is set twice.
std::string_view OptionName(std::string_view option) { return option.substr(0, option.find('=')); }

}  // namespace

Result<AuthorizedClient> ClientWithIdentity(std::string_view text) {
  AuthorizedClient client;
  if (text.starts_with(kUid) && IsUserId(text.substr(kUid.size()))) {
    client.identity = text;
    return client;
  }
  if (crypto::IsFingerprint(text)) {
    client.identity = text;
    return client;
  }
  if (text.starts_with(kKeyType)) {
    const auto key = crypto::FromOpenSsh(text);
    if (!key) return Invalid("key: " + key.error().message);
    client.identity = crypto::Fingerprint(*key);
    client.as_written = text;
    return client;
  }
  return Invalid("found " + Quote(text) +
                 ", expected ssh-ed25519 <key>, SHA256:<fingerprint> or uid:<number>");
}

Result<void> ApplyClientOption(std::string_view option, Permissions& may) {
  constexpr std::uint64_t kMax32 = std::numeric_limits<std::uint32_t>::max();
  if (option == kSeesOthers) {
    may.sees_others = true;
  } else if (option == kNoLive) {
    may.may_run_live = false;
  } else if (option.starts_with(kUnfinished)) {
    PLASM_TRY(const std::uint64_t number, ParseNumber(option, kUnfinished, kMax32));
    may.quota.unfinished = static_cast<std::uint32_t>(number);
  } else if (option.starts_with(kRunning)) {
    PLASM_TRY(const std::uint64_t number, ParseNumber(option, kRunning, kMax32));
    may.quota.running = static_cast<std::uint32_t>(number);
  } else if (option.starts_with(kUploadBytes)) {
    PLASM_TRY(may.upload_bytes, ParseNumber(option, kUploadBytes, INT64_MAX));
  } else {
    return Invalid("option: found " + Quote(option) +
                   ", expected sees-others, no-live, unfinished=<number>, running=<number> or "
                   "upload-bytes=<number>");
  }
  return {};
}

Result<std::optional<AuthorizedClient>> AuthorizedClientForm::Parse(std::string_view line) {
  PLASM_TRY(const std::vector<std::string_view> fields, FieldsOf(line));
  if (fields.empty()) return std::optional<AuthorizedClient>();
  const bool whole_key = fields.size() >= 2 && fields[1] == kKeyType;
  const std::size_t options = whole_key ? 3 : 2;
  if (fields.size() < options) {
    return Invalid("found " + std::to_string(fields.size()) +
                   " fields, expected <name> <who> [option…]");
  }
  PLASM_TRY_VOID(CheckEntryName(fields[0]));
  const std::string who =
      whole_key ? std::string(fields[1]).append(" ").append(fields[2]) : std::string(fields[1]);
  PLASM_TRY(AuthorizedClient client, ClientWithIdentity(who));
  client.name = fields[0];
  std::set<std::string_view> seen;
  for (std::size_t i = options; i < fields.size(); ++i) {
    if (!seen.insert(OptionName(fields[i])).second) {
      return Invalid("option: found " + Quote(OptionName(fields[i])) + " twice, expected once");
    }
    PLASM_TRY_VOID(ApplyClientOption(fields[i], client.may));
  }
  return std::optional(std::move(client));
}

Result<std::string> AuthorizedClientForm::Write(const AuthorizedClient& client) {
  PLASM_TRY_VOID(CheckEntryName(client.name));
  const Permissions usual;
  std::string line = client.name + " ";
  line += client.as_written.empty() ? client.identity : client.as_written;
  if (client.may.sees_others) line.append(" ").append(kSeesOthers);
  if (!client.may.may_run_live) line.append(" ").append(kNoLive);
  const auto number = [&line](std::string_view name, std::uint64_t value, std::uint64_t common) {
    if (value != common) line.append(" ").append(name).append(std::to_string(value));
  };
  number(kUnfinished, client.may.quota.unfinished, usual.quota.unfinished);
  number(kRunning, client.may.quota.running, usual.quota.running);
  number(kUploadBytes, client.may.upload_bytes, usual.upload_bytes);
  return line;
}

}  // namespace plasm::api
