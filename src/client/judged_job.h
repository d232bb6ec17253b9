// A job that has ended on a node, with the verdict on its receipt.
#pragma once

#include <filesystem>

#include "base/clock.h"
#include "base/result.h"
#include "client/digested_output.h"
#include "client/job_document.h"
#include "client/node_access.h"
#include "client/verified_result.h"
#include "home/data_folder.h"
#include "trust/trust_store.h"
#include "verify/verification.h"

namespace plasm::client {

struct JudgedJob {
  JobDocument job;
  ReceiptBundle bundle;
  verify::Verification verification;
  std::filesystem::path receipt;  // where it is saved
  std::vector<Error> reports;     // cards of trusted nodes that count as not there, and why
};

// Gets the receipt, verifies and saves it; the manifest is the one that was sent from here, where
// it was. With `output` (may be null), what is still missing of the streams goes there first, and
// the receipt must be about what went there in all. Where the card that is known here does not
// list the key, or not for long enough, the node is asked for a newer one. kUnavailable for a job
// that failed by the node's own fault and has no receipt. A verdict that is not VALID is no error
// here.
Result<JudgedJob> JudgeJob(NodeAccess& access, const home::DataFolder& data, JobDocument job,
                           DigestedOutput* output, Clock& clock);

}  // namespace plasm::client
