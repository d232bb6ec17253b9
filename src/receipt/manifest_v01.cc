#include "receipt/manifest_v01.h"

#include <string_view>

#include "base/json_reader.h"
#include "base/quote.h"
#include "receipt/v01_fields.h"

namespace plasm::receipt {
namespace {

Result<void> CheckRange(std::string_view key, std::uint64_t value, std::uint32_t max) {
  if (value >= 1 && value <= max) return {};
  return Error{ErrorCode::kInvalid, "manifest." + std::string(key) + ": found " +
                                        std::to_string(value) + ", expected an integer from 1 to " +
                                        std::to_string(max)};
}

Result<std::uint32_t> TakeRanged(JsonFields& fields, std::string_view key, std::uint32_t max) {
  PLASM_TRY(const std::uint64_t value, fields.TakeUint(key));
  PLASM_TRY_VOID(CheckRange(key, value, max));
  return static_cast<std::uint32_t>(value);
}

}  // namespace

Result<ManifestV01> ParseManifestV01(ByteView json) {
  const JsonLimits limits{.max_bytes = kMaxManifestV01Size, .max_depth = 1, .max_values = 64};
  PLASM_TRY(JsonNode root, ParseJson(json, "manifest", limits));
  PLASM_TRY(JsonFields fields, std::move(root).AsObject());
  ManifestV01 manifest;
  PLASM_TRY(manifest.version, TakeVersion(fields));
  PLASM_TRY(manifest.module_hash, TakeModuleHash(fields));
  PLASM_TRY(manifest.cpu_cores, TakeRanged(fields, "cpu_cores", kMaxCpuCores));
  PLASM_TRY(manifest.memory_mb, TakeRanged(fields, "memory_mb", kMaxMemoryMb));
  PLASM_TRY(manifest.timeout_seconds, TakeRanged(fields, "timeout_seconds", kMaxTimeoutSeconds));
  PLASM_TRY_VOID(fields.ExpectNoMore());
  return manifest;
}

Result<void> CheckManifestV01(const ManifestV01& manifest) {
  if (!IsVersion(manifest.version)) {
    return Error{ErrorCode::kInvalid, "manifest.version: found " + Quote(manifest.version) +
                                          ", expected two numbers as in \"0.1\""};
  }
  PLASM_TRY_VOID(CheckRange("cpu_cores", manifest.cpu_cores, kMaxCpuCores));
  PLASM_TRY_VOID(CheckRange("memory_mb", manifest.memory_mb, kMaxMemoryMb));
  return CheckRange("timeout_seconds", manifest.timeout_seconds, kMaxTimeoutSeconds);
}

std::string SerializeManifestV01(const ManifestV01& manifest, JsonStyle style) {
  JsonWriter json(style);
  json.BeginObject()
      .Field("version", manifest.version)
      .Field("module_hash", manifest.module_hash.ToString())
      .Field("cpu_cores", manifest.cpu_cores)
      .Field("memory_mb", manifest.memory_mb)
      .Field("timeout_seconds", manifest.timeout_seconds)
      .EndObject();
  return std::move(json).Take();
}

}  // namespace plasm::receipt
