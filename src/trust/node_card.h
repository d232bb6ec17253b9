// Node cards (spec/trust.md section 3): which of its keys a node lets do what, under the
// signature of its identity key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"
#include "base/utc_time.h"
#include "crypto/ed25519.h"

namespace plasm::trust {

inline constexpr std::string_view kCardPayloadType = "application/vnd.plasm.card.v1+json";
inline constexpr std::size_t kMaxCardBytes = std::size_t{64} * 1024;  // of the envelope
inline constexpr std::uint32_t kMaxCores = 65'536;
inline constexpr std::uint64_t kMaxCardVersion = (std::uint64_t{1} << 53) - 1;

enum class KeyUse { kReceipt, kLog, kTls };

// As cards have it: "receipt", "log", "tls".
std::string_view KeyUseName(KeyUse use);

struct NodeKey {
  KeyUse use = KeyUse::kReceipt;
  crypto::PublicKey key;
  UtcTime from;  // both included
  UtcTime to;
  std::string origin;  // of the log; empty exactly when the use is another

  friend bool operator==(const NodeKey&, const NodeKey&) = default;
};

struct RevokedKey {
  crypto::PublicKey key;
  UtcTime at;
  std::optional<std::uint64_t> log_size;  // receipts logged below this index count on

  friend bool operator==(const RevokedKey&, const RevokedKey&) = default;
};

enum class SubmitPolicy { kOpen, kInvitation };

// As cards have it: "open", "invitation".
std::string_view SubmitPolicyName(SubmitPolicy policy);

struct Capabilities {
  std::string engine;  // as in "wasmtime-48"
  std::string arch;    // as in "x86_64"
  std::vector<std::string> profiles;
  std::map<std::string, std::string> labels;

  // For those who look for a node. A card need not say any of it.
  std::optional<std::uint32_t> cores{};       // jobs that run at a time
  std::optional<std::uint32_t> memory_mib{};  // the machine's
  std::vector<std::string> cpu{};             // features, as in "avx2"
  std::optional<SubmitPolicy> policy{};       // whether strangers may submit jobs

  friend bool operator==(const Capabilities&, const Capabilities&) = default;
};

// One that was parsed or opened keeps every rule of section 3. A card that a program puts
// together is checked when it is signed.
struct NodeCard {
  crypto::PublicKey identity;
  std::string name;
  std::uint64_t version = 1;
  UtcTime issued;
  UtcTime expires;
  std::vector<NodeKey> keys;        // none twice, nor the identity key
  std::vector<RevokedKey> revoked;  // none twice, nor the identity key
  std::vector<std::string> endpoints;
  Capabilities capabilities;

  friend bool operator==(const NodeCard&, const NodeCard&) = default;
};

// kInvalid, naming the member, unless the card keeps the rules of section 3.
Result<void> CheckNodeCard(const NodeCard& card);

// The payload of a card. kInvalid for what section 3 does not allow, kLimitExceeded for what
// is too large.
Result<NodeCard> ParseNodeCard(ByteView payload);

// The payload: compact JSON, without checks.
std::string SerializeNodeCard(const NodeCard& card);

// A card under the right signature.
struct OpenedCard {
  NodeCard card;
  Sha256Digest envelope_digest;  // of the bytes that were opened
  Sha256Digest payload_digest;   // of what was signed. Anybody can write an envelope in another
                                 // way, so that this one tells cards from each other

  friend bool operator==(const OpenedCard&, const OpenedCard&) = default;
};

// kInvalid and kLimitExceeded like ParseNodeCard; kDenied unless the one signature is that of
// the card's identity key. Whether that key is trusted, and the card a newer one than before,
// are other questions (card_acceptance.h).
Result<OpenedCard> OpenNodeCard(ByteView envelope_json);

// The envelope as JSON. kInvalid when the card breaks a rule, or the key is not its identity;
// kLimitExceeded when the envelope would be too large for a reader.
Result<std::string> SignNodeCard(const NodeCard& card, const crypto::SigningKey& identity);

}  // namespace plasm::trust
