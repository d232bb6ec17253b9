// What a manifest and the receipt that answers it have in common.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/sha256.h"

namespace plasm::receipt {

enum class Profile : std::uint8_t { kDet1, kLive };

// "plasm-det-1", "live".
std::string_view ProfileName(Profile profile);

struct ModuleName {
  Sha256Digest sha256;
  std::uint64_t size = 0;  // bytes

  friend bool operator==(const ModuleName&, const ModuleName&) = default;
};

// spec/job.md section 4.
struct Limits {
  static constexpr std::uint64_t kMaxFuel = INT64_MAX;
  static constexpr std::uint32_t kMaxFileNodes = std::uint32_t{1} << 30;

  std::uint64_t memory_bytes = 0;
  std::uint64_t fuel = 0;          // at most kMaxFuel
  std::uint64_t output_bytes = 0;  // stdout and stderr together
  std::uint64_t file_bytes = 0;    // contents of all files
  std::uint32_t file_nodes = 0;    // at most kMaxFileNodes
  std::uint64_t wall_time_ms = 0;  // 0: none

  friend bool operator==(const Limits&, const Limits&) = default;
};

// A preopened folder and what was in it (spec/job.md section 3).
struct InputTree {
  std::string guest;  // its path in the guest: bytes, not empty, without NUL
  Sha256Digest tree;
  std::optional<Sha256Digest> layout;

  friend bool operator==(const InputTree&, const InputTree&) = default;
};

}  // namespace plasm::receipt
