// The file of trusted nodes (spec/trust.md section 5), as text: pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/entry_file.h"
#include "base/result.h"
#include "base/utc_time.h"
#include "crypto/ed25519.h"

namespace plasm::trust {

inline constexpr std::size_t kMaxTrustFileBytes = std::size_t{1024} * 1024;

enum class TrustLevel { kSigned, kLogged, kWitnessed, kBlocked };

// As the file has it: "signed", "logged", "witnessed", "blocked".
std::string_view TrustLevelName(TrustLevel level);
Result<TrustLevel> ParseTrustLevel(std::string_view text);

// Whether a receipt of a node of this level needs a proof of its log, and witnesses too.
constexpr bool NeedsLogProof(TrustLevel level) {
  return level == TrustLevel::kLogged || level == TrustLevel::kWitnessed;
}
constexpr bool NeedsQuorum(TrustLevel level) { return level == TrustLevel::kWitnessed; }

// A key that the verifier has revoked for itself.
struct OwnRevocation {
  std::string fingerprint;
  UtcTime at;

  friend bool operator==(const OwnRevocation&, const OwnRevocation&) = default;
};

struct TrustedNode {
  std::string name;  // the verifier's own
  crypto::PublicKey identity;
  TrustLevel level = TrustLevel::kSigned;
  std::optional<std::uint64_t> card_version;   // the largest that was accepted
  std::optional<std::string> operator_name{};  // who runs it, in the verifier's words
  std::vector<OwnRevocation> revoked;

  friend bool operator==(const TrustedNode&, const TrustedNode&) = default;
};

// What a line of the file is (base/entry_file.h).
struct TrustForm {
  using Entry = TrustedNode;
  static constexpr std::string_view kFile = "trust file";
  static constexpr std::string_view kThing = "node";
  static constexpr std::size_t kMaxBytes = kMaxTrustFileBytes;
  static constexpr std::size_t kMaxLines = 10'000;
  static Result<std::optional<Entry>> Parse(std::string_view line);
  static Result<std::string> Write(const Entry& node);
  static std::string KeyOf(const Entry& node);  // the fingerprint of its identity
};

// The nodes and, around them, the text they stand in: as EntryFile. No name and no identity is
// there twice.
class TrustFile {
 public:
  TrustFile() = default;

  // kInvalid, with the number of the line, for anything that section 5 does not allow: one bad
  // line refuses the whole file. kLimitExceeded beyond 1 MiB or 10,000 lines.
  static Result<TrustFile> Parse(ByteView text);

  // Each line with a line feed.
  std::string Serialize() const { return file_.Serialize(); }

  std::vector<const TrustedNode*> Nodes() const { return file_.Entries(); }  // in their order
  const TrustedNode* FindByName(std::string_view name) const { return file_.FindByName(name); }
  const TrustedNode* FindByFingerprint(std::string_view identity) const {
    return file_.FindByKey(identity);
  }
  const TrustedNode* FindByIdentity(const crypto::PublicKey& identity) const;

  // At the end of the file. kConflict when the name or the identity is there, kInvalid when the
  // node could not be written as a line.
  Result<void> Add(TrustedNode node) { return file_.Add(std::move(node)); }

  // Those below: kNotFound when there is no node of that name.
  Result<void> Remove(std::string_view name) { return file_.Remove(name); }
  Result<void> SetLevel(std::string_view name, TrustLevel level);
  // kConflict for a version below the one that is there: a card is never forgotten.
  Result<void> SetCardVersion(std::string_view name, std::uint64_t version);
  // kConflict when the key is revoked already.
  Result<void> Revoke(std::string_view name, OwnRevocation revocation);

 private:
  EntryFile<TrustForm> file_;
};

}  // namespace plasm::trust
