// Receipts v2 of plasmd's own jobs: made, logged, and written where the user wants them.
#pragma once

#include <filesystem>
#include <string>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "job/job_runner.h"
#include "node/local_node.h"

namespace plasm::app {

struct JobReceipt {
  node::LoggedReceipt logged;
  std::string manifest;  // the bytes whose digest the receipt names
};

// The job has not failed by the node's own fault. Keeps the manifest where `keep` is not null.
Result<JobReceipt> IssueReceipt(node::LocalNode& node, const std::string& job_id,
                                const FinishedJob& job, worker::Target target,
                                const BlobStore* keep);

// As home/receipt_files.h has it.
Result<void> WriteReceiptFiles(const JobReceipt& receipt, const std::filesystem::path& file);

}  // namespace plasm::app
