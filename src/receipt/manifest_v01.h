// Job manifest v0.1: what the first system's SDK sends with a module.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "base/sha256.h"

namespace plasm::receipt {

inline constexpr std::size_t kMaxManifestV01Size = 64 * 1024;
inline constexpr std::uint32_t kMaxCpuCores = 64;
inline constexpr std::uint32_t kMaxMemoryMb = 32'768;
inline constexpr std::uint32_t kMaxTimeoutSeconds = 3'600;

// The defaults are the SDK's. Each number is at least 1 and at most the constant above.
struct ManifestV01 {
  std::string version = "0.1";
  Sha256Digest module_hash;
  std::uint32_t cpu_cores = 1;
  std::uint32_t memory_mb = 128;
  std::uint32_t timeout_seconds = 300;

  friend bool operator==(const ManifestV01&, const ManifestV01&) = default;
};

// Reads one JSON object with exactly the five keys, each once. kInvalid otherwise.
Result<ManifestV01> ParseManifestV01(ByteView json);

// kInvalid, naming the field, when a number is out of its range: for manifests that were
// built, not parsed.
Result<void> CheckManifestV01(const ManifestV01& manifest);

std::string SerializeManifestV01(const ManifestV01& manifest, JsonStyle style);

}  // namespace plasm::receipt
