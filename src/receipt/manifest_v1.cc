#include "receipt/manifest_v1.h"

#include <algorithm>
#include <string_view>

#include "base/base64.h"
#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/quote.h"
#include "receipt/byte_string.h"
#include "receipt/job_fields.h"

namespace plasm::receipt {
namespace {

constexpr std::string_view kType = "urn:plasm:job:v1";
constexpr std::size_t kUsualBytes = 1024;  // without standard input: spares growing, no limit
constexpr JsonLimits kJsonLimits = {
    .max_bytes = kMaxManifestBytes, .max_depth = 16, .max_values = 262'144};

Result<std::vector<std::string>> TakeByteStrings(JsonFields& fields, std::string_view key) {
  PLASM_TRY(const std::vector<JsonNode> nodes, fields.TakeArray(key));
  std::vector<std::string> list;
  list.reserve(nodes.size());
  for (const JsonNode& node : nodes) {
    PLASM_TRY(std::string bytes, ReadByteString(node));
    if (bytes.find('\0') != std::string::npos) return node.Invalid("found NUL");
    list.push_back(std::move(bytes));
  }
  return list;
}

Result<std::vector<std::string>> TakeEnv(JsonFields& fields) {
  PLASM_TRY(std::vector<std::string> env, TakeByteStrings(fields, "env"));
  for (const std::string& variable : env) {
    const std::size_t equals = variable.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return InvalidField(fields, "env", "found " + Quote(variable) + ", expected KEY=value");
    }
  }
  return env;
}

Result<std::vector<std::string>> TakeOutputs(JsonFields& fields) {
  PLASM_TRY(std::vector<std::string> outputs, TakeByteStrings(fields, "outputs"));
  if (!std::ranges::all_of(outputs, IsGuestPath)) {
    return InvalidField(fields, "outputs", "found an empty path");
  }
  std::vector<std::string_view> sorted(outputs.begin(), outputs.end());
  std::ranges::sort(sorted);
  if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end()) {
    return InvalidField(fields, "outputs", "found " + Quote(*twice) + " twice");
  }
  return outputs;
}

Result<StdinName> TakeStdin(JsonFields& fields) {
  PLASM_TRY(JsonFields inner, fields.TakeObject("stdin"));
  StdinName name;
  PLASM_TRY(name.sha256, TakeDigest(inner, "sha256"));
  PLASM_TRY(name.size, TakeDecimal(inner, "size"));
  if (inner.Has("base64")) {
    PLASM_TRY(const std::string text, inner.TakeString("base64"));
    auto bytes = DecodeBase64(text);
    if (!bytes) return InvalidField(inner, "base64", bytes.error().message);
    if (bytes->size() > kMaxInlineStdinBytes) {
      return InvalidField(inner, "base64", "found more than 64 KiB");
    }
    if (bytes->size() != name.size || Sha256Of(*bytes) != name.sha256) {
      return InvalidField(inner, "base64", "found other bytes than sha256 and size name");
    }
    name.inline_bytes = *std::move(bytes);
  }
  PLASM_TRY_VOID(inner.ExpectNoMore());
  return name;
}

Result<Placement> TakePlacement(JsonFields& fields) {
  PLASM_TRY(JsonFields inner, fields.TakeObject("placement"));
  Placement placement;
  if (inner.Has("arch")) {
    PLASM_TRY(placement.arch, TakeToken(inner, "arch"));
  }
  if (inner.Has("labels")) {
    PLASM_TRY(const JsonNode labels, inner.Take("labels"));
    const auto* members = std::get_if<JsonObject>(&labels.value().v);
    if (members == nullptr) return labels.Invalid("expected an object");
    for (const JsonMember& member : *members) {
      const auto* text = std::get_if<std::string>(&member.value.v);
      if (text == nullptr) return labels.Invalid(Quote(member.key) + ": expected a string");
      placement.labels.emplace_back(member.key, *text);
    }
  }
  PLASM_TRY_VOID(inner.ExpectNoMore());
  return placement;
}

Result<Retry> TakeRetry(JsonFields& fields) {
  PLASM_TRY(JsonFields inner, fields.TakeObject("retry"));
  PLASM_TRY(const std::uint64_t attempts, inner.TakeUint("attempts", Retry::kMaxAttempts));
  if (attempts == 0) return InvalidField(inner, "attempts", "found 0, expected 1 to 100");
  PLASM_TRY_VOID(inner.ExpectNoMore());
  return Retry{static_cast<std::uint32_t>(attempts)};
}

void WriteByteStrings(JsonWriter& json, std::string_view key,
                      const std::vector<std::string>& list) {
  json.Key(key).BeginArray();
  for (const std::string& bytes : list) WriteByteString(bytes, json);
  json.EndArray();
}

void WriteStdin(JsonWriter& json, const StdinName& name) {
  json.Key("stdin").BeginObject();
  WriteDigest(json, "sha256", name.sha256);
  WriteDecimal(json, "size", name.size);
  if (name.inline_bytes) json.Field("base64", EncodeBase64(*name.inline_bytes));
  json.EndObject();
}

void WritePlacement(JsonWriter& json, const Placement& placement) {
  json.Key("placement").BeginObject();
  if (placement.arch) json.Field("arch", *placement.arch);
  if (!placement.labels.empty()) {
    json.Key("labels").BeginObject();
    for (const auto& [key, value] : placement.labels) json.Field(key, value);
    json.EndObject();
  }
  json.EndObject();
}

}  // namespace

Result<Manifest> ParseManifest(ByteView json) {
  PLASM_TRY(JsonNode root, ParseJson(json, "manifest", kJsonLimits));
  PLASM_TRY(JsonFields fields, std::move(root).AsObject());
  Manifest manifest;
  PLASM_TRY_VOID(TakeFixed(fields, "type", kType));
  PLASM_TRY(manifest.module, TakeModule(fields, "module"));
  PLASM_TRY(manifest.args, TakeByteStrings(fields, "args"));
  PLASM_TRY(manifest.env, TakeEnv(fields));
  PLASM_TRY(manifest.stdin_name, TakeStdin(fields));
  PLASM_TRY(manifest.inputs, TakeInputTrees(fields, "inputs"));
  PLASM_TRY(manifest.outputs, TakeOutputs(fields));
  PLASM_TRY(manifest.limits, TakeLimits(fields, "limits"));
  PLASM_TRY(manifest.profile, TakeProfile(fields, "profile"));
  PLASM_TRY(manifest.start_time_ns, TakeDecimal(fields, "startTime"));
  PLASM_TRY(const Sha256Digest seed, TakeDigest(fields, "seed"));
  manifest.seed = seed.bytes;
  if (fields.Has("requester")) {
    PLASM_TRY(manifest.requester, TakeFingerprint(fields, "requester"));
  }
  if (fields.Has("nonce")) {
    PLASM_TRY(manifest.nonce, TakeNonce(fields, "nonce"));
  }
  if (fields.Has("notAfter")) {
    PLASM_TRY(manifest.not_after, TakeTime(fields, "notAfter"));
  }
  if (fields.Has("placement")) {
    PLASM_TRY(manifest.placement, TakePlacement(fields));
  }
  if (fields.Has("retry")) {
    PLASM_TRY(manifest.retry, TakeRetry(fields));
  }
  PLASM_TRY_VOID(fields.ExpectNoMore());
  return manifest;
}

std::string SerializeManifest(const Manifest& manifest) {
  const auto& inline_stdin = manifest.stdin_name.inline_bytes;
  JsonWriter json(JsonStyle::kCompact,
                  kUsualBytes + (inline_stdin ? inline_stdin->size() / 3 * 4 : 0));
  json.BeginObject().Field("type", kType);
  WriteModule(json, "module", manifest.module);
  WriteByteStrings(json, "args", manifest.args);
  WriteByteStrings(json, "env", manifest.env);
  WriteStdin(json, manifest.stdin_name);
  WriteInputTrees(json, "inputs", manifest.inputs);
  WriteByteStrings(json, "outputs", manifest.outputs);
  WriteLimits(json, "limits", manifest.limits);
  json.Field("profile", ProfileName(manifest.profile));
  WriteDecimal(json, "startTime", manifest.start_time_ns);
  json.Key("seed").Hex(manifest.seed);
  if (manifest.requester) json.Field("requester", *manifest.requester);
  if (manifest.nonce) json.Field("nonce", *manifest.nonce);
  if (manifest.not_after) json.Field("notAfter", manifest.not_after->ToString());
  if (manifest.placement) WritePlacement(json, *manifest.placement);
  if (manifest.retry) {
    json.Key("retry").BeginObject().Field("attempts", manifest.retry->attempts).EndObject();
  }
  json.EndObject();
  return std::move(json).Take();
}

Sha256Digest ManifestDigest(ByteView json) { return Sha256Of(json); }

Sha256Digest DefaultSeed(const Manifest& manifest) {
  Manifest bare = manifest;
  bare.seed = {};
  bare.stdin_name = {.sha256 = Sha256Of({}), .size = 0, .inline_bytes = std::nullopt};
  bare.requester.reset();
  bare.nonce.reset();
  bare.not_after.reset();
  bare.placement.reset();
  bare.retry.reset();
  return Sha256Of(AsBytes("plasm-det-1 seed\n" + SerializeManifest(bare)));
}

}  // namespace plasm::receipt
