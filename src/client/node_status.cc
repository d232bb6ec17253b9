#include "client/node_status.h"

#include <utility>

#include "base/decimal.h"
#include "base/json_reader.h"
#include "base/one_line.h"

namespace plasm::client {
namespace {

constexpr JsonLimits kLimits{.max_bytes = kMaxStatusBytes, .max_depth = 4, .max_values = 1024};

Result<std::string> TakeLine(JsonFields& fields, std::string_view key) {
  PLASM_TRY(const std::string text, fields.TakeString(key));
  return OneLine(text);
}

Result<std::uint64_t> TakeDecimal(JsonFields& fields, std::string_view key,
                                  std::uint64_t most = UINT64_MAX) {
  PLASM_TRY(const std::string text, fields.TakeString(key));
  const auto value = ParseDecimal(text);
  if (value && *value <= most) return *value;
  return Error{ErrorCode::kInvalid, fields.path() + "." + std::string(key) +
                                        ": expected a decimal string up to " +
                                        std::to_string(most)};
}

Result<receipt::Limits> ReadLimits(JsonFields fields) {
  receipt::Limits limits;
  PLASM_TRY(limits.memory_bytes, TakeDecimal(fields, "memoryBytes"));
  PLASM_TRY(limits.fuel, TakeDecimal(fields, "fuel", receipt::Limits::kMaxFuel));
  PLASM_TRY(limits.output_bytes, TakeDecimal(fields, "outputBytes"));
  PLASM_TRY(limits.file_bytes, TakeDecimal(fields, "fileBytes"));
  PLASM_TRY(const std::uint64_t nodes,
            TakeDecimal(fields, "fileNodes", receipt::Limits::kMaxFileNodes));
  limits.file_nodes = static_cast<std::uint32_t>(nodes);
  PLASM_TRY(limits.wall_time_ms, TakeDecimal(fields, "wallTimeMs"));
  return limits;
}

}  // namespace

Result<NodeStatus> ParseNodeStatus(ByteView json) {
  PLASM_TRY(JsonNode root, ParseJson(json, "status", kLimits));
  PLASM_TRY(JsonFields fields, std::move(root).AsObject());
  NodeStatus status;
  PLASM_TRY(status.version, TakeLine(fields, "version"));
  PLASM_TRY(status.engine, TakeLine(fields, "engine"));
  PLASM_TRY(status.arch, TakeLine(fields, "arch"));
  PLASM_TRY(std::vector<JsonNode> profiles, fields.TakeArray("profiles"));
  for (JsonNode& node : profiles) {
    PLASM_TRY(const std::string profile, std::move(node).AsString());
    status.profiles.push_back(OneLine(profile));
  }
  PLASM_TRY(status.cores, fields.TakeUint("cores"));
  PLASM_TRY(status.queued, fields.TakeUint("queued"));
  PLASM_TRY(status.running, fields.TakeUint("running"));
  if (fields.Has("draining")) {
    PLASM_TRY(status.draining, fields.TakeBool("draining"));
  }
  PLASM_TRY(JsonFields limits, fields.TakeObject("limits"));
  PLASM_TRY(status.most, ReadLimits(std::move(limits)));
  return status;
}

void WriteNodeStatus(const NodeStatus& status, JsonWriter& json) {
  json.BeginObject();
  json.Field("version", status.version).Field("engine", status.engine);
  json.Field("arch", status.arch).Key("profiles").BeginArray();
  for (const std::string& profile : status.profiles) json.String(profile);
  json.EndArray().Field("cores", status.cores);
  json.Field("queued", status.queued).Field("running", status.running);
  json.Field("draining", status.draining).Key("limits").BeginObject();
  json.Field("memoryBytes", std::to_string(status.most.memory_bytes));
  json.Field("fuel", std::to_string(status.most.fuel));
  json.Field("outputBytes", std::to_string(status.most.output_bytes));
  json.Field("fileBytes", std::to_string(status.most.file_bytes));
  json.Field("fileNodes", std::to_string(status.most.file_nodes));
  json.Field("wallTimeMs", std::to_string(status.most.wall_time_ms)).EndObject();
  json.EndObject();
}

}  // namespace plasm::client
