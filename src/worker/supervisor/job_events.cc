#include "worker/supervisor/job_events.h"

namespace plasm::worker {

const char* JobStatusName(JobStatus status) {
  switch (status) {
    case JobStatus::kExited:
      return "exited";
    case JobStatus::kTrapped:
      return "trapped";
    case JobStatus::kOutOfFuel:
      return "out_of_fuel";
    case JobStatus::kTimedOut:
      return "timed_out";
    case JobStatus::kOutputLimit:
      return "output_limit";
    case JobStatus::kRefused:
      return "rejected";
    case JobStatus::kCancelled:
      return "cancelled";
    case JobStatus::kFailed:
      return "failed";
  }
  return "failed";
}

}  // namespace plasm::worker
