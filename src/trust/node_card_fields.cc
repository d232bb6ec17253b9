#include "trust/node_card_fields.h"

#include <utility>

#include "base/decimal.h"
#include "base/quote.h"

namespace plasm::trust {
namespace {

// "<object>.<member>: <message>".
Error In(const JsonFields& fields, std::string_view name, std::string_view message) {
  return {ErrorCode::kInvalid,
          fields.path() + "." + std::string(name) + ": " + std::string(message)};
}

Result<KeyUse> TakeUse(JsonFields& fields) {
  PLASM_TRY(const std::string text, fields.TakeString("use"));
  for (const KeyUse use : {KeyUse::kReceipt, KeyUse::kLog, KeyUse::kTls}) {
    if (text == KeyUseName(use)) return use;
  }
  return In(fields, "use", "found " + Quote(text) + ", expected receipt, log or tls");
}

Result<NodeKey> TakeNodeKey(JsonNode node) {
  PLASM_TRY(JsonFields fields, std::move(node).AsObject());
  NodeKey key;
  PLASM_TRY(key.use, TakeUse(fields));
  PLASM_TRY(key.key, TakeKey(fields, "key"));
  PLASM_TRY(key.from, TakeTime(fields, "from"));
  PLASM_TRY(key.to, TakeTime(fields, "to"));
  if (key.use == KeyUse::kLog) {
    PLASM_TRY(key.origin, fields.TakeString("origin"));
  }
  PLASM_TRY_VOID(fields.ExpectNoMore());
  return key;
}

Result<RevokedKey> TakeRevokedKey(JsonNode node) {
  PLASM_TRY(JsonFields fields, std::move(node).AsObject());
  RevokedKey revoked;
  PLASM_TRY(revoked.key, TakeKey(fields, "key"));
  PLASM_TRY(revoked.at, TakeTime(fields, "at"));
  if (fields.Has("logSize")) {
    PLASM_TRY(const std::string text, fields.TakeString("logSize"));
    const auto size = ParseDecimal(text);
    if (!size) return In(fields, "logSize", size.error().message);
    revoked.log_size = *size;
  }
  PLASM_TRY_VOID(fields.ExpectNoMore());
  return revoked;
}

Result<std::map<std::string, std::string>> TakeLabels(JsonFields& fields) {
  PLASM_TRY(const JsonNode node, fields.Take("labels"));
  const auto* members = std::get_if<JsonObject>(&node.value().v);
  if (members == nullptr) return node.Invalid("expected an object of strings");
  std::map<std::string, std::string> labels;
  for (const JsonMember& member : *members) {
    const auto* text = std::get_if<std::string>(&member.value.v);
    if (text == nullptr) return node.Invalid("expected an object of strings");
    labels.emplace(member.key, *text);
  }
  return labels;
}

// From 1 on; nothing where there is no such member.
Result<std::optional<std::uint32_t>> TakeAmount(JsonFields& fields, std::string_view name,
                                                std::uint32_t most) {
  if (!fields.Has(name)) return std::optional<std::uint32_t>();
  PLASM_TRY(const std::uint64_t amount, fields.TakeUint(name, most));
  if (amount == 0) return In(fields, name, "found 0, expected a number from 1 on");
  return std::optional(static_cast<std::uint32_t>(amount));
}

Result<std::optional<SubmitPolicy>> TakePolicy(JsonFields& fields) {
  if (!fields.Has("policy")) return std::optional<SubmitPolicy>();
  PLASM_TRY(const std::string text, fields.TakeString("policy"));
  for (const SubmitPolicy policy : {SubmitPolicy::kOpen, SubmitPolicy::kInvitation}) {
    if (text == SubmitPolicyName(policy)) return std::optional(policy);
  }
  return In(fields, "policy", "found " + Quote(text) + ", expected open or invitation");
}

}  // namespace

Result<crypto::PublicKey> TakeKey(JsonFields& fields, std::string_view name) {
  PLASM_TRY(const std::string text, fields.TakeString(name));
  auto key = crypto::PublicKey::FromHex(text);
  if (!key) return In(fields, name, key.error().message);
  return key;
}

Result<UtcTime> TakeTime(JsonFields& fields, std::string_view name) {
  PLASM_TRY(const std::string text, fields.TakeString(name));
  auto time = UtcTime::Parse(text);
  if (!time) return In(fields, name, time.error().message);
  return time;
}

Result<std::vector<std::string>> TakeTexts(JsonFields& fields, std::string_view name) {
  PLASM_TRY(std::vector<JsonNode> nodes, fields.TakeArray(name));
  std::vector<std::string> texts;
  texts.reserve(nodes.size());
  for (JsonNode& node : nodes) {
    PLASM_TRY(std::string text, std::move(node).AsString());
    texts.push_back(std::move(text));
  }
  return texts;
}

Result<std::vector<NodeKey>> TakeNodeKeys(JsonFields& card) {
  PLASM_TRY(std::vector<JsonNode> nodes, card.TakeArray("keys"));
  std::vector<NodeKey> keys;
  for (JsonNode& node : nodes) {
    PLASM_TRY(NodeKey key, TakeNodeKey(std::move(node)));
    keys.push_back(std::move(key));
  }
  return keys;
}

Result<std::vector<RevokedKey>> TakeRevokedKeys(JsonFields& card) {
  PLASM_TRY(std::vector<JsonNode> nodes, card.TakeArray("revoked"));
  std::vector<RevokedKey> revoked;
  for (JsonNode& node : nodes) {
    PLASM_TRY(RevokedKey key, TakeRevokedKey(std::move(node)));
    revoked.push_back(key);
  }
  return revoked;
}

Result<Capabilities> TakeCapabilities(JsonFields& card) {
  PLASM_TRY(JsonFields fields, card.TakeObject("capabilities"));
  Capabilities capabilities;
  PLASM_TRY(capabilities.engine, fields.TakeString("engine"));
  PLASM_TRY(capabilities.arch, fields.TakeString("arch"));
  PLASM_TRY(capabilities.profiles, TakeTexts(fields, "profiles"));
  PLASM_TRY(capabilities.labels, TakeLabels(fields));
  PLASM_TRY(capabilities.cores, TakeAmount(fields, "cores", kMaxCores));
  PLASM_TRY(capabilities.memory_mib, TakeAmount(fields, "memoryMib", UINT32_MAX));
  if (fields.Has("cpu")) {
    PLASM_TRY(capabilities.cpu, TakeTexts(fields, "cpu"));
  }
  PLASM_TRY(capabilities.policy, TakePolicy(fields));
  PLASM_TRY_VOID(fields.ExpectNoMore());
  return capabilities;
}

}  // namespace plasm::trust
