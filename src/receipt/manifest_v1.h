// Job manifests v1 (spec/job.md): what a requester asks a node to run.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"
#include "base/utc_time.h"
#include "receipt/job_parts.h"

namespace plasm::receipt {

inline constexpr std::size_t kMaxManifestBytes = std::size_t{4} << 20;
inline constexpr std::size_t kMaxInlineStdinBytes = std::size_t{64} << 10;

struct StdinName {
  Sha256Digest sha256;
  std::uint64_t size = 0;             // bytes
  std::optional<Bytes> inline_bytes;  // what the two above are of; at most kMaxInlineStdinBytes

  friend bool operator==(const StdinName&, const StdinName&) = default;
};

// Where a job should run. Does not change its result.
struct Placement {
  std::optional<std::string> arch;  // as in "x86_64"
  std::vector<std::pair<std::string, std::string>> labels;

  friend bool operator==(const Placement&, const Placement&) = default;
};

struct Retry {
  static constexpr std::uint32_t kMaxAttempts = 100;
  std::uint32_t attempts = 1;

  friend bool operator==(const Retry&, const Retry&) = default;
};

// Strings are bytes, not always UTF-8, and none has NUL inside.
struct Manifest {
  ModuleName module;
  std::vector<std::string> args;  // args[0] is the program's name
  std::vector<std::string> env;   // "KEY=value"
  StdinName stdin_name;
  std::vector<InputTree> inputs;
  std::vector<std::string> outputs;  // guest paths; none empty, none twice
  Limits limits;
  Profile profile = Profile::kDet1;
  std::uint64_t start_time_ns = 0;  // the guest's clock, since the Unix epoch
  std::array<std::byte, 32> seed{};
  std::optional<std::string> requester;  // fingerprint
  std::optional<std::string> nonce;      // hex digits
  std::optional<UtcTime> not_after;
  std::optional<Placement> placement;
  std::optional<Retry> retry;

  friend bool operator==(const Manifest&, const Manifest&) = default;
};

// Strictly by sections 1, 2 and 4, and inline bytes of stdin must be those that are named.
// kInvalid otherwise; kLimitExceeded beyond kMaxManifestBytes or 262,144 JSON values.
Result<Manifest> ParseManifest(ByteView json);

// In the order of section 2, without blanks. The caller keeps to what Manifest says, then
// ParseManifest reads it back; the size is not checked.
std::string SerializeManifest(const Manifest& manifest);

// What a receipt names as the job: of the bytes as they are.
Sha256Digest ManifestDigest(ByteView json);

// Section 5: the seed of a job that was given none. The manifest's own seed does not matter.
Sha256Digest DefaultSeed(const Manifest& manifest);

}  // namespace plasm::receipt
