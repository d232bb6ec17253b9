// A job that has ended on a node, with the verdict on its receipt.
#pragma once

#include <filesystem>

#include "base/clock.h"
#include "base/result.h"
#include "cli/data_folder.h"
#include "client/job_document.h"
#include "client/job_event.h"
#include "client/verified_result.h"
#include "job_streams.h"
#include "node_access.h"
#include "verify/verification.h"

namespace plasm::app {

struct JudgedJob {
  client::JobDocument job;
  client::ReceiptBundle bundle;
  verify::Verification verification;
  std::filesystem::path receipt;  // where it is saved
};

// Gets the receipt, verifies and saves it; the manifest is the one that was sent from here, where
// it was. With `streams`, what `progress` says is still missing of them goes there first, and the
// receipt must be about what went there in all; both may be null. kUnavailable for a job that
// failed by the node's own fault and has no receipt. A verdict that is not VALID is no error here.
Result<JudgedJob> JudgeJob(NodeAccess& access, const DataFolder& data, client::JobDocument job,
                           JobStreams* streams, client::OutputProgress* progress, Clock& clock);

}  // namespace plasm::app
