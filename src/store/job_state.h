// The states of a job, and how many jobs there are in each.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "receipt/job_state.h"

namespace plasm::store {

using receipt::IsEnded;
using receipt::JobState;
using receipt::JobStateName;
using receipt::JobStateOf;
using receipt::kJobStates;

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
