// What an operator allows.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "receipt/job_parts.h"

namespace plasm::jobs {

// The most that a job may ask for. What a manifest asks is what its receipt says and what a
// replay gets: a job beyond these is refused, never run with less.
struct MostLimits {
  std::uint64_t memory_bytes = std::uint64_t{4} << 30;
  std::uint64_t fuel = receipt::Limits::kMaxFuel;
  std::uint64_t output_bytes = std::uint64_t{64} << 20;
  std::uint64_t file_bytes = std::uint64_t{1} << 30;
  std::uint32_t file_nodes = 1u << 20;
  std::uint64_t wall_time_ms = 3'600'000;  // a job must name a time, and at most this
};

// kLimitExceeded, naming the member of the manifest, what was asked and the most.
Result<void> CheckLimits(const receipt::Limits& asked, const MostLimits& most);

// How long ended jobs are remembered.
struct Retention {
  std::uint64_t seconds = 30 * 86'400;
  std::uint64_t jobs = 1'000'000;
  std::uint64_t upload_seconds = 86'400;  // a blob that no job refers to
};

}  // namespace plasm::jobs
