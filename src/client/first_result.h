// One job on the first of several nodes that gives a result whose receipt is valid.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "client/abandoned_jobs.h"
#include "client/job_plan.h"
#include "client/job_submission.h"
#include "client/judged_job.h"
#include "client/node_list.h"
#include "home/data_folder.h"

namespace plasm::client {

struct FirstResultSettings {
  // So long after a node has got the job a second one gets it too; nothing: only when it fails.
  std::optional<std::chrono::nanoseconds> hedge{};
  int interrupt_fd = -1;  // while it is readable, everything ends
  // What happens on the way, a line each, and how far an upload is. By any thread, one at a time.
  std::function<void(const std::string& line)> say{};
  UploadProgress on_upload{};
};

struct FirstResult {
  KnownNode node;
  JudgedJob judged;  // ExpectValidAsAsked; saved
  Bytes standard_output;
  Bytes standard_error;
  std::chrono::nanoseconds took{};  // from when the node had the job until it had ended
  // Cancels the job on the other nodes that got it, while this is there.
  std::unique_ptr<AbandonedJobs> others;
};

// Asks the nodes which of them take the job (Handshake), and goes from one to the next as
// failover_decision.h says, always under the same job id. kUnavailable, with what each node did,
// when none gives a valid result, and when it was interrupted: then the error names the nodes
// where the job may go on. Receipts that are not valid are kept as evidence, beside where that of
// the result is or would be. Blocks.
Result<FirstResult> RunOnFirst(const home::DataFolder& data, const std::vector<KnownNode>& nodes,
                               const JobPlan& plan, const std::string& job_id,
                               const FirstResultSettings& settings, Clock& clock, Entropy& entropy);

}  // namespace plasm::client
