// The states of a job: queued, running, and the ways in which it can end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace plasm::receipt {

enum class JobState : std::uint8_t {
  kQueued,
  kRunning,
  kExited,
  kTrapped,
  kOutOfFuel,
  kTimedOut,
  kOutputLimit,
  kCancelled,
  kRejected,
  kFailed,  // the node's fault, never the guest's: there is no receipt
};

inline constexpr std::size_t kJobStates = 10;

constexpr bool IsEnded(JobState state) {
  return state != JobState::kQueued && state != JobState::kRunning;
}

// "queued", "out_of_fuel": as in a node's database, in the API and in receipts.
std::string_view JobStateName(JobState state);
std::optional<JobState> JobStateOf(std::string_view name);

}  // namespace plasm::receipt
