#include "trust/trust_line.h"

#include <set>
#include <vector>

#include "base/decimal.h"
#include "base/entry_line.h"
#include "base/quote.h"
#include "base/text_form.h"
#include "crypto/public_key_text.h"
#include "trust/node_card.h"

namespace plasm::trust {
namespace {

constexpr std::size_t kMaxNameBytes = 255;
constexpr std::string_view kCard = "card=";
constexpr std::string_view kOperator = "operator=";
constexpr std::string_view kRevoked = "revoked=";
constexpr std::size_t kMaxOperatorBytes = 64;

Error Invalid(const std::string& message) { return {ErrorCode::kInvalid, message}; }

Result<std::uint64_t> ParseCardVersion(std::string_view text) {
  const auto version = ParseDecimal(text);
  if (version && *version >= 1 && *version <= kMaxCardVersion) return *version;
  return Invalid("card=: found " + Quote(text) + ", expected 1 to " +
                 std::to_string(kMaxCardVersion));
}

bool IsOperatorByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '+' || c == '-';
}

Result<void> CheckOperator(std::string_view name) {
  if (!name.empty() && name.size() <= kMaxOperatorBytes &&
      std::ranges::all_of(name, IsOperatorByte)) {
    return {};
  }
  return Invalid("operator=: found " + Quote(name) + ", expected 1 to 64 letters, digits and ._+-");
}

Result<OwnRevocation> ParseRevocation(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || !crypto::IsFingerprint(text.substr(0, at))) {
    return Invalid("revoked=: found " + Quote(text) + ", expected SHA256:…@<time>");
  }
  const auto time = UtcTime::Parse(text.substr(at + 1));
  if (!time) return Invalid("revoked=: " + time.error().message);
  return OwnRevocation{std::string(text.substr(0, at)), *time};
}

Result<void> TakeOption(std::string_view option, TrustedNode& node) {
  if (option.starts_with(kCard)) {
    if (node.card_version) return Invalid("card=: found twice, expected once");
    PLASM_TRY(node.card_version, ParseCardVersion(option.substr(kCard.size())));
    return {};
  }
  if (option.starts_with(kOperator)) {
    if (node.operator_name) return Invalid("operator=: found twice, expected once");
    node.operator_name = option.substr(kOperator.size());
    return {};
  }
  if (option.starts_with(kRevoked)) {
    PLASM_TRY(OwnRevocation revocation, ParseRevocation(option.substr(kRevoked.size())));
    node.revoked.push_back(std::move(revocation));
    return {};
  }
  return Invalid("option: found " + Quote(option) +
                 ", expected card=<version>, operator=<name> or revoked=<fingerprint>@<time>");
}

}  // namespace

Result<std::optional<TrustedNode>> ParseTrustLine(std::string_view line) {
  PLASM_TRY(const std::vector<std::string_view> fields, FieldsOf(line));
  if (fields.empty()) return std::optional<TrustedNode>();
  if (fields.size() < 4) {
    return Invalid("found " + std::to_string(fields.size()) +
                   " fields, expected <name> ssh-ed25519 <key> <level>");
  }
  TrustedNode node;
  node.name = fields[0];
  const auto identity = crypto::FromOpenSsh(std::string(fields[1]) + " " + std::string(fields[2]));
  if (!identity) return Invalid("identity key: " + identity.error().message);
  node.identity = *identity;
  PLASM_TRY(node.level, ParseTrustLevel(fields[3]));
  for (std::size_t i = 4; i < fields.size(); ++i) PLASM_TRY_VOID(TakeOption(fields[i], node));
  PLASM_TRY_VOID(CheckTrustedNode(node));
  return std::optional<TrustedNode>(std::move(node));
}

std::string WriteTrustLine(const TrustedNode& node) {
  std::string line = node.name + " " + crypto::ToOpenSsh(node.identity) + " " +
                     std::string(TrustLevelName(node.level));
  if (node.card_version) line += " " + std::string(kCard) + std::to_string(*node.card_version);
  if (node.operator_name) line += " " + std::string(kOperator) + *node.operator_name;
  for (const OwnRevocation& revocation : node.revoked) {
    line += " " + std::string(kRevoked) + revocation.fingerprint + "@" + revocation.at.ToString();
  }
  return line;
}

Result<void> CheckTrustedNode(const TrustedNode& node) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (!IsPlainWord(node.name) || node.name.size() > kMaxNameBytes ||
      node.name.find('#') != std::string::npos ||
      node.name.find(kByteOrderMark) != std::string::npos) {
    return Invalid("name: found " + Quote(node.name) +
                   ", expected 1 to 255 bytes of UTF-8 without blanks, # and control characters");
  }
  if (node.card_version && (*node.card_version < 1 || *node.card_version > kMaxCardVersion)) {
    return Invalid("card=: found " + std::to_string(*node.card_version) + ", expected 1 to " +
                   std::to_string(kMaxCardVersion));
  }
  if (node.operator_name) PLASM_TRY_VOID(CheckOperator(*node.operator_name));
  const std::string own = crypto::Fingerprint(node.identity);
  std::set<std::string_view> seen;
  for (const OwnRevocation& revocation : node.revoked) {
    if (!crypto::IsFingerprint(revocation.fingerprint)) {
      return Invalid("revoked=: found " + Quote(revocation.fingerprint) +
                     ", expected SHA256: and 43 base64 digits");
    }
    // It would not do what it seems to: identities sign cards, and cards are not asked when.
    if (revocation.fingerprint == own) {
      return Invalid("revoked=: found the identity key, expected level blocked instead");
    }
    if (!seen.insert(revocation.fingerprint).second) {
      return Invalid("revoked=: found " + revocation.fingerprint + " twice, expected once");
    }
  }
  return {};
}

}  // namespace plasm::trust
