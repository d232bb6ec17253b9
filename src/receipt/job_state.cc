#include "receipt/job_state.h"

#include <array>

namespace plasm::receipt {
namespace {

constexpr std::array<std::string_view, kJobStates> kNames = {
    "queued",    "running",      "exited",    "trapped",  "out_of_fuel",
    "timed_out", "output_limit", "cancelled", "rejected", "failed"};

}  // namespace

std::string_view JobStateName(JobState state) { return kNames[static_cast<std::size_t>(state)]; }

std::optional<JobState> JobStateOf(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<JobState>(i);
  }
  return std::nullopt;
}

}  // namespace plasm::receipt
