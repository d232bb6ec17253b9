// The file of trusted nodes (spec/trust.md section 5), as text: pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
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
  std::optional<std::uint64_t> card_version;  // the largest that was accepted
  std::optional<std::string> operator_name{};  // who runs it, in the verifier's words
  std::vector<OwnRevocation> revoked;

  friend bool operator==(const TrustedNode&, const TrustedNode&) = default;
};

// The nodes and, around them, the text they stand in: comments, blank lines and lines that are
// not edited stay as they are, byte for byte. No name and no identity is there twice. Pointers
// to nodes are valid until the next edit. An edit that fails changes nothing.
class TrustFile {
 public:
  TrustFile() = default;

  // kInvalid, with the number of the line, for anything that section 5 does not allow: one bad
  // line refuses the whole file. kLimitExceeded beyond 1 MiB or 10,000 lines.
  static Result<TrustFile> Parse(ByteView text);

  // Each line with a line feed.
  std::string Serialize() const;

  std::vector<const TrustedNode*> Nodes() const;  // in the order of the file
  const TrustedNode* FindByName(std::string_view name) const;
  const TrustedNode* FindByFingerprint(std::string_view identity) const;
  const TrustedNode* FindByIdentity(const crypto::PublicKey& identity) const;

  // At the end of the file. kConflict when the name or the identity is there, kInvalid when the
  // node could not be written as a line.
  Result<void> Add(TrustedNode node);

  // Those below: kNotFound when there is no node of that name.
  Result<void> Remove(std::string_view name);
  Result<void> SetLevel(std::string_view name, TrustLevel level);
  // kConflict for a version below the one that is there: a card is never forgotten.
  Result<void> SetCardVersion(std::string_view name, std::uint64_t version);
  // kConflict when the key is revoked already.
  Result<void> Revoke(std::string_view name, OwnRevocation revocation);

 private:
  struct Line {
    std::string text;  // without its line feed
    std::optional<TrustedNode> node;
  };

  Result<void> Append(Line line);
  Result<const TrustedNode*> Find(std::string_view name) const;
  Result<void> Replace(TrustedNode edited);
  void Index();

  std::vector<Line> lines_;
  std::size_t bytes_ = 0;  // of Serialize()
  // Values are places in lines_.
  std::map<std::string, std::size_t, std::less<>> by_name_;
  std::map<std::string, std::size_t, std::less<>> by_fingerprint_;  // of the identity
};

}  // namespace plasm::trust
