// What a run on one node and a run on several have in common.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "client/job_plan.h"
#include "client/job_submission.h"
#include "client/judged_job.h"
#include "job_streams.h"
#include "run_request.h"

namespace plasm::app {

// Says what went wrong, and gives the exit status for it.
int NodeFailed(const Error& error);

// The module, then the plan; an exit status when there is nothing to go on with: something went
// wrong, or --dry-run has been answered. `node` is who an idempotency key is for.
struct PlannedRun {
  std::optional<client::JobPlan> plan;
  int exit_status = 0;
};
PlannedRun PlanRun(const RunRequest& request, const DataFolder& data, const std::string& node,
                   Clock& clock, Entropy& entropy);

// With progress on a terminal.
Result<client::SubmittedJob> SubmitPlanned(const DataFolder& data, client::NodeAccess& access,
                                           const client::JobPlan& plan,
                                           const client::JobNames& names);

// After a valid verdict: says why a guest was ended, fetches the files that were asked for, and
// gives the exit status.
Result<int> Deliver(const RunRequest& request, const DataFolder& data, client::NodeAccess& access,
                    const client::JobDocument& job, const receipt::Statement& statement);

void PrintJson(const client::JudgedJob& judged, const std::string& node,
               const Bytes& standard_output, const Bytes& standard_error);

}  // namespace plasm::app
