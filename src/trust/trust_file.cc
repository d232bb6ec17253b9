#include "trust/trust_file.h"

#include <algorithm>
#include <utility>

#include "base/quote.h"
#include "crypto/public_key_text.h"
#include "trust/trust_line.h"

namespace plasm::trust {

std::string_view TrustLevelName(TrustLevel level) {
  switch (level) {
    case TrustLevel::kSigned:
      return "signed";
    case TrustLevel::kLogged:
      return "logged";
    case TrustLevel::kWitnessed:
      return "witnessed";
    case TrustLevel::kBlocked:
      return "blocked";
  }
  return "";
}

Result<TrustLevel> ParseTrustLevel(std::string_view text) {
  for (const TrustLevel level :
       {TrustLevel::kSigned, TrustLevel::kLogged, TrustLevel::kWitnessed, TrustLevel::kBlocked}) {
    if (text == TrustLevelName(level)) return level;
  }
  return Error{ErrorCode::kInvalid,
               "level: found " + Quote(text) + ", expected signed, logged, witnessed or blocked"};
}

Result<std::optional<TrustedNode>> TrustForm::Parse(std::string_view line) {
  return ParseTrustLine(line);
}

Result<std::string> TrustForm::Write(const TrustedNode& node) {
  PLASM_TRY_VOID(CheckTrustedNode(node));
  return WriteTrustLine(node);
}

std::string TrustForm::KeyOf(const TrustedNode& node) { return crypto::Fingerprint(node.identity); }

Result<TrustFile> TrustFile::Parse(ByteView bytes) {
  TrustFile file;
  PLASM_TRY(file.file_, EntryFile<TrustForm>::Parse(bytes));
  return file;
}

const TrustedNode* TrustFile::FindByIdentity(const crypto::PublicKey& identity) const {
  return FindByFingerprint(crypto::Fingerprint(identity));
}

Result<void> TrustFile::SetLevel(std::string_view name, TrustLevel level) {
  PLASM_TRY(const TrustedNode* node, file_.Find(name));
  TrustedNode edited = *node;
  edited.level = level;
  return file_.Replace(std::move(edited));
}

Result<void> TrustFile::SetCardVersion(std::string_view name, std::uint64_t version) {
  PLASM_TRY(const TrustedNode* node, file_.Find(name));
  if (version < node->card_version.value_or(0)) {
    return Error{ErrorCode::kConflict, "node " + Quote(name) + ": card version " +
                                           std::to_string(version) + " is below " +
                                           std::to_string(*node->card_version) +
                                           ", which was accepted before"};
  }
  TrustedNode edited = *node;
  edited.card_version = version;
  return file_.Replace(std::move(edited));
}

Result<void> TrustFile::Revoke(std::string_view name, OwnRevocation revocation) {
  PLASM_TRY(const TrustedNode* node, file_.Find(name));
  const bool there = std::ranges::any_of(node->revoked, [&](const OwnRevocation& old) {
    return old.fingerprint == revocation.fingerprint;
  });
  if (there) {
    return Error{ErrorCode::kConflict,
                 "node " + Quote(name) + ": key " + revocation.fingerprint + " is revoked already"};
  }
  TrustedNode edited = *node;
  edited.revoked.push_back(std::move(revocation));
  return file_.Replace(std::move(edited));
}

}  // namespace plasm::trust
