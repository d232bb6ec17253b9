#include <algorithm>
#include <set>
#include <string>

#include "base/key_name.h"
#include "base/quote.h"
#include "base/text_form.h"
#include "trust/node_card.h"

namespace plasm::trust {
namespace {

constexpr std::size_t kMaxKeys = 64;
constexpr std::size_t kMaxRevoked = 1024;
constexpr std::size_t kMaxEndpoints = 64;
constexpr std::size_t kMaxEndpointBytes = 1024;
constexpr std::size_t kMaxProfiles = 64;
constexpr std::size_t kMaxLabels = 64;
constexpr std::size_t kMaxCpuFeatures = 64;
constexpr std::size_t kMaxTextBytes = 255;
constexpr std::uint64_t kMaxLogSize = (std::uint64_t{1} << 63) - 1;

Error In(const std::string& member, const std::string& message) {
  return {ErrorCode::kInvalid, "card." + member + ": " + message};
}

std::string Element(const char* array, std::size_t index) {
  return std::string(array) + "[" + std::to_string(index) + "]";
}

Result<void> CheckCount(const std::string& member, std::size_t count, std::size_t max) {
  if (count <= max) return {};
  return In(member, "found " + std::to_string(count) + ", expected at most " + std::to_string(max));
}

Result<void> CheckText(const std::string& member, std::string_view text) {
  if (!text.empty() && text.size() <= kMaxTextBytes && IsPlainText(text)) return {};
  return In(member, "found " + Quote(text) +
                        ", expected 1 to 255 bytes of UTF-8 without control characters");
}

Result<void> CheckOrder(const std::string& member, UtcTime first, const char* last_name,
                        UtcTime last) {
  if (first <= last) return {};
  return In(member, "found " + first.ToString() + ", expected a time not after " + last_name +
                        ", which is " + last.ToString());
}

// One key has one use: neither twice, nor that of the identity too.
Result<void> CheckNew(const std::string& member, const crypto::PublicKey& key,
                      std::set<crypto::PublicKey>& seen) {
  if (seen.insert(key).second) return {};
  return In(member, "found key " + key.ToHex() + " again, expected each key once");
}

Result<void> CheckKeys(const NodeCard& card) {
  if (card.keys.empty()) return In("keys", "found none, expected at least one");
  PLASM_TRY_VOID(CheckCount("keys", card.keys.size(), kMaxKeys));
  std::set<crypto::PublicKey> seen = {card.identity};
  std::set<std::string_view> origins;
  for (std::size_t i = 0; i < card.keys.size(); ++i) {
    const NodeKey& key = card.keys[i];
    const std::string member = Element("keys", i);
    PLASM_TRY_VOID(CheckNew(member + ".key", key.key, seen));
    PLASM_TRY_VOID(CheckOrder(member + ".from", key.from, "to", key.to));
    if (key.use == KeyUse::kLog) {
      if (!IsLogOrigin(key.origin)) {
        return In(member + ".origin",
                  "found " + Quote(key.origin) +
                      ", expected 1 to 255 bytes of UTF-8 without blanks and +");
      }
      // A log has one key; a new key is a new log (spec/log.md section 1.3).
      if (!origins.insert(key.origin).second) {
        return In(member + ".origin",
                  "found " + Quote(key.origin) + " again, expected each origin once");
      }
    } else if (!key.origin.empty()) {
      return In(member + ".origin", "expected with log keys only");
    }
  }
  return {};
}

Result<void> CheckRevoked(const NodeCard& card) {
  PLASM_TRY_VOID(CheckCount("revoked", card.revoked.size(), kMaxRevoked));
  std::set<crypto::PublicKey> seen;
  for (std::size_t i = 0; i < card.revoked.size(); ++i) {
    const RevokedKey& revoked = card.revoked[i];
    const std::string member = Element("revoked", i);
    if (revoked.key == card.identity) {
      return In(member + ".key", "found the identity key, which a card cannot revoke");
    }
    PLASM_TRY_VOID(CheckNew(member + ".key", revoked.key, seen));
    if (revoked.log_size && *revoked.log_size > kMaxLogSize) {
      return In(member + ".logSize", "found " + std::to_string(*revoked.log_size) +
                                         ", expected at most " + std::to_string(kMaxLogSize));
    }
  }
  return {};
}

bool IsEndpoint(std::string_view text) {
  constexpr std::string_view kScheme = "https://";
  return text.starts_with(kScheme) && text.size() > kScheme.size() &&
         text.size() <= kMaxEndpointBytes &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

Result<void> CheckEndpoints(const std::vector<std::string>& endpoints) {
  PLASM_TRY_VOID(CheckCount("endpoints", endpoints.size(), kMaxEndpoints));
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    if (IsEndpoint(endpoints[i])) continue;
    return In(Element("endpoints", i), "found " + Quote(endpoints[i]) +
                                           ", expected https:// and an address, at most 1024 "
                                           "visible ASCII characters");
  }
  return {};
}

Result<void> CheckCapabilities(const Capabilities& capabilities) {
  PLASM_TRY_VOID(CheckText("capabilities.engine", capabilities.engine));
  PLASM_TRY_VOID(CheckText("capabilities.arch", capabilities.arch));
  PLASM_TRY_VOID(CheckCount("capabilities.profiles", capabilities.profiles.size(), kMaxProfiles));
  for (std::size_t i = 0; i < capabilities.profiles.size(); ++i) {
    PLASM_TRY_VOID(CheckText(Element("capabilities.profiles", i), capabilities.profiles[i]));
  }
  PLASM_TRY_VOID(CheckCount("capabilities.labels", capabilities.labels.size(), kMaxLabels));
  for (const auto& [key, value] : capabilities.labels) {
    PLASM_TRY_VOID(CheckText("capabilities.labels", key));
    // A label may say all by being there.
    if (!value.empty()) PLASM_TRY_VOID(CheckText("capabilities.labels", value));
  }
  if (capabilities.cores && (*capabilities.cores == 0 || *capabilities.cores > kMaxCores)) {
    return In("capabilities.cores", "found " + std::to_string(*capabilities.cores) +
                                        ", expected 1 to " + std::to_string(kMaxCores));
  }
  if (capabilities.memory_mib && *capabilities.memory_mib == 0) {
    return In("capabilities.memoryMib", "found 0, expected a number from 1 on");
  }
  PLASM_TRY_VOID(CheckCount("capabilities.cpu", capabilities.cpu.size(), kMaxCpuFeatures));
  for (std::size_t i = 0; i < capabilities.cpu.size(); ++i) {
    PLASM_TRY_VOID(CheckText(Element("capabilities.cpu", i), capabilities.cpu[i]));
  }
  return {};
}

}  // namespace

Result<void> CheckNodeCard(const NodeCard& card) {
  PLASM_TRY_VOID(CheckText("name", card.name));
  if (card.version == 0 || card.version > kMaxCardVersion) {
    return In("version", "found " + std::to_string(card.version) + ", expected 1 to " +
                             std::to_string(kMaxCardVersion));
  }
  PLASM_TRY_VOID(CheckOrder("issued", card.issued, "expires", card.expires));
  PLASM_TRY_VOID(CheckKeys(card));
  PLASM_TRY_VOID(CheckRevoked(card));
  PLASM_TRY_VOID(CheckEndpoints(card.endpoints));
  return CheckCapabilities(card.capabilities);
}

}  // namespace plasm::trust
