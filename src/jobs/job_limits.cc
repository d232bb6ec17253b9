#include "jobs/job_limits.h"

#include <string>

namespace plasm::jobs {
namespace {

Result<void> AtMost(const char* member, std::uint64_t asked, std::uint64_t most) {
  if (asked <= most) return {};
  return Error{ErrorCode::kLimitExceeded, std::string("limits.") + member + ": the job asks for " +
                                              std::to_string(asked) + ", this node gives at most " +
                                              std::to_string(most)};
}

}  // namespace

Result<void> CheckLimits(const receipt::Limits& asked, const MostLimits& most) {
  PLASM_TRY_VOID(AtMost("memoryBytes", asked.memory_bytes, most.memory_bytes));
  PLASM_TRY_VOID(AtMost("fuel", asked.fuel, most.fuel));
  PLASM_TRY_VOID(AtMost("outputBytes", asked.output_bytes, most.output_bytes));
  PLASM_TRY_VOID(AtMost("fileBytes", asked.file_bytes, most.file_bytes));
  PLASM_TRY_VOID(AtMost("fileNodes", asked.file_nodes, most.file_nodes));
  if (asked.wall_time_ms == 0) {
    return Error{ErrorCode::kLimitExceeded,
                 "limits.wallTimeMs: the job asks for no limit, this node gives at most " +
                     std::to_string(most.wall_time_ms)};
  }
  return AtMost("wallTimeMs", asked.wall_time_ms, most.wall_time_ms);
}

}  // namespace plasm::jobs
