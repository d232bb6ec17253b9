// A job as it is asked for from here: what was sent is kept, so that the same request has the same
// bytes again and the receipt is held against the manifest as it was sent.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "client/job_plan.h"
#include "client/job_submission.h"
#include "client/node_access.h"
#include "execution/job_order.h"
#include "home/data_folder.h"

namespace plasm::client {

// kInvalid unless it is 1 to 128 visible characters of ASCII. Pure.
Result<void> CheckIdempotencyKey(std::string_view key);

// As PlanJob, into the data folder's blobs. With a key, a request to `node` under the same key
// takes start time and nonce from the one before; kConflict when that was another job.
Result<JobPlan> PlanRequest(const home::DataFolder& data, const std::string& node,
                            const std::string& idempotency_key, const execution::JobOrder& order,
                            ByteView module, int stdin_fd, Clock& clock, Entropy& entropy);

// As SubmitJob, under the id, or without one under the key. What is sent and where to is kept in
// home::JobFiles, with an id before it is sent: so a job that the node has got is found again,
// whatever happens here meanwhile.
Result<SubmittedJob> SubmitRequest(const home::DataFolder& data, NodeAccess& access,
                                   const JobPlan& plan, const JobNames& names,
                                   const UploadProgress& progress = {});

}  // namespace plasm::client
