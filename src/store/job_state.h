// The states of a job: queued, running, and the ways in which it can end.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace plasm::store {

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
  kFailed,  // the node's fault, never the guest's
};

inline constexpr std::size_t kJobStates = 10;

constexpr bool IsEnded(JobState state) {
  return state != JobState::kQueued && state != JobState::kRunning;
}

// "queued", "out_of_fuel": as in the database, in the API and in receipts.
std::string_view JobStateName(JobState state);
std::optional<JobState> JobStateOf(std::string_view name);

// How many jobs there are in each state.
struct JobCounts {
  std::array<std::uint64_t, kJobStates> by_state{};

  std::uint64_t& operator[](JobState state) { return by_state[static_cast<std::size_t>(state)]; }
  std::uint64_t operator[](JobState state) const {
    return by_state[static_cast<std::size_t>(state)];
  }
  friend bool operator==(const JobCounts&, const JobCounts&) = default;
};

}  // namespace plasm::store
