#include "receipt/job_fields.h"

#include <algorithm>
#include <charconv>

#include "base/decimal.h"
#include "base/hex.h"
#include "base/quote.h"
#include "crypto/public_key_text.h"
#include "receipt/byte_string.h"

namespace plasm::receipt {
namespace {

constexpr std::size_t kMaxTokenBytes = 64;
constexpr std::size_t kMinNonceDigits = 32;
constexpr std::size_t kMaxNonceDigits = 128;

bool IsTokenByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '+' || c == '-';
}

Result<InputTree> ReadInputTree(JsonNode node) {
  PLASM_TRY(JsonFields fields, std::move(node).AsObject());
  InputTree input;
  PLASM_TRY(const JsonNode guest, fields.Take("guest"));
  PLASM_TRY(input.guest, ReadByteString(guest));
  if (!IsGuestPath(input.guest)) return guest.Invalid("expected a path without NUL");
  PLASM_TRY(input.tree, TakeDigest(fields, "tree"));
  if (fields.Has("layout")) {
    PLASM_TRY(input.layout, TakeDigest(fields, "layout"));
  }
  PLASM_TRY_VOID(fields.ExpectNoMore());
  return input;
}

}  // namespace

bool IsGuestPath(std::string_view bytes) {
  return !bytes.empty() && bytes.find('\0') == std::string_view::npos;
}

std::string_view ProfileName(Profile profile) {
  return profile == Profile::kDet1 ? "plasm-det-1" : "live";
}

Error InvalidField(const JsonFields& fields, std::string_view key, std::string_view message) {
  std::string text = fields.path();
  text.append(".").append(key).append(": ").append(message);
  return {ErrorCode::kInvalid, std::move(text)};
}

Result<void> TakeFixed(JsonFields& fields, std::string_view key, std::string_view expected) {
  PLASM_TRY(const std::string found, fields.TakeString(key));
  if (found == expected) return {};
  return InvalidField(fields, key, "found " + Quote(found) + ", expected " + Quote(expected));
}

Result<std::string> TakeToken(JsonFields& fields, std::string_view key) {
  PLASM_TRY(std::string text, fields.TakeString(key));
  if (text.empty() || text.size() > kMaxTokenBytes || !std::ranges::all_of(text, IsTokenByte)) {
    return InvalidField(fields, key,
                        "found " + Quote(text) + ", expected 1 to 64 letters, digits and ._+-");
  }
  return text;
}

Result<Sha256Digest> TakeDigest(JsonFields& fields, std::string_view key) {
  PLASM_TRY(const std::string text, fields.TakeString(key));
  auto digest = Sha256Digest::FromHex(text);
  if (!digest) return InvalidField(fields, key, digest.error().message);
  return digest;
}

Result<Sha256Digest> TakeDigestObject(JsonFields& fields, std::string_view key) {
  PLASM_TRY(JsonFields inner, fields.TakeObject(key));
  PLASM_TRY(const Sha256Digest digest, TakeDigest(inner, "sha256"));
  PLASM_TRY_VOID(inner.ExpectNoMore());
  return digest;
}

Result<std::uint64_t> TakeDecimal(JsonFields& fields, std::string_view key, std::uint64_t max) {
  PLASM_TRY(const std::string text, fields.TakeString(key));
  const auto value = ParseDecimal(text);
  if (!value) return InvalidField(fields, key, value.error().message);
  if (*value > max) {
    return InvalidField(fields, key, "found " + text + ", expected at most " + std::to_string(max));
  }
  return *value;
}

Result<UtcTime> TakeTime(JsonFields& fields, std::string_view key) {
  PLASM_TRY(const std::string text, fields.TakeString(key));
  auto time = UtcTime::Parse(text);
  if (!time) return InvalidField(fields, key, time.error().message);
  return time;
}

Result<std::string> TakeFingerprint(JsonFields& fields, std::string_view key) {
  PLASM_TRY(std::string text, fields.TakeString(key));
  if (!crypto::IsFingerprint(text)) {
    return InvalidField(fields, key,
                        "found " + Quote(text) + ", expected SHA256: and 43 base64 digits");
  }
  return text;
}

Result<std::string> TakeNonce(JsonFields& fields, std::string_view key) {
  PLASM_TRY(std::string text, fields.TakeString(key));
  if (text.size() < kMinNonceDigits || text.size() > kMaxNonceDigits || !DecodeHex(text)) {
    return InvalidField(fields, key,
                        "found " + Quote(text) + ", expected 32 to 128 hex digits, an even number");
  }
  return text;
}

Result<Profile> TakeProfile(JsonFields& fields, std::string_view key) {
  PLASM_TRY(const std::string text, fields.TakeString(key));
  for (const Profile profile : {Profile::kDet1, Profile::kLive}) {
    if (text == ProfileName(profile)) return profile;
  }
  return InvalidField(fields, key,
                      "found " + Quote(text) + ", expected \"plasm-det-1\" or \"live\"");
}

Result<ModuleName> TakeModule(JsonFields& fields, std::string_view key) {
  PLASM_TRY(JsonFields inner, fields.TakeObject(key));
  ModuleName module;
  PLASM_TRY(module.sha256, TakeDigest(inner, "sha256"));
  PLASM_TRY(module.size, TakeDecimal(inner, "size"));
  PLASM_TRY_VOID(inner.ExpectNoMore());
  return module;
}

Result<Limits> TakeLimits(JsonFields& fields, std::string_view key) {
  PLASM_TRY(JsonFields inner, fields.TakeObject(key));
  Limits limits;
  PLASM_TRY(limits.memory_bytes, TakeDecimal(inner, "memoryBytes"));
  PLASM_TRY(limits.fuel, TakeDecimal(inner, "fuel", Limits::kMaxFuel));
  PLASM_TRY(limits.output_bytes, TakeDecimal(inner, "outputBytes"));
  PLASM_TRY(limits.file_bytes, TakeDecimal(inner, "fileBytes"));
  PLASM_TRY(const std::uint64_t nodes, TakeDecimal(inner, "fileNodes", Limits::kMaxFileNodes));
  limits.file_nodes = static_cast<std::uint32_t>(nodes);
  PLASM_TRY(limits.wall_time_ms, TakeDecimal(inner, "wallTimeMs"));
  PLASM_TRY_VOID(inner.ExpectNoMore());
  return limits;
}

Result<std::vector<InputTree>> TakeInputTrees(JsonFields& fields, std::string_view key) {
  PLASM_TRY(std::vector<JsonNode> nodes, fields.TakeArray(key));
  std::vector<InputTree> trees;
  trees.reserve(nodes.size());
  for (JsonNode& node : nodes) {
    PLASM_TRY(InputTree tree, ReadInputTree(std::move(node)));
    trees.push_back(std::move(tree));
  }
  return trees;
}

void WriteDigest(JsonWriter& json, std::string_view key, const Sha256Digest& digest) {
  json.Key(key).Hex(digest.bytes);
}

void WriteDigestObject(JsonWriter& json, std::string_view key, const Sha256Digest& digest) {
  json.Key(key).BeginObject().Key("sha256").Hex(digest.bytes).EndObject();
}

void WriteDecimal(JsonWriter& json, std::string_view key, std::uint64_t value) {
  char digits[20];  // "18446744073709551615"
  const char* const end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
  json.Field(key, std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

void WriteModule(JsonWriter& json, std::string_view key, const ModuleName& module) {
  json.Key(key).BeginObject();
  WriteDigest(json, "sha256", module.sha256);
  WriteDecimal(json, "size", module.size);
  json.EndObject();
}

void WriteLimits(JsonWriter& json, std::string_view key, const Limits& limits) {
  json.Key(key).BeginObject();
  WriteDecimal(json, "memoryBytes", limits.memory_bytes);
  WriteDecimal(json, "fuel", limits.fuel);
  WriteDecimal(json, "outputBytes", limits.output_bytes);
  WriteDecimal(json, "fileBytes", limits.file_bytes);
  WriteDecimal(json, "fileNodes", limits.file_nodes);
  WriteDecimal(json, "wallTimeMs", limits.wall_time_ms);
  json.EndObject();
}

void WriteInputTrees(JsonWriter& json, std::string_view key, const std::vector<InputTree>& trees) {
  json.Key(key).BeginArray();
  for (const InputTree& tree : trees) {
    json.BeginObject().Key("guest");
    WriteByteString(tree.guest, json);
    WriteDigest(json, "tree", tree.tree);
    if (tree.layout) WriteDigest(json, "layout", *tree.layout);
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace plasm::receipt
