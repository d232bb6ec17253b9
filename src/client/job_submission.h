// Gets a job to a node: the manifest, and of its blobs those that the node does not have.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "blobs/content_source.h"
#include "client/job_plan.h"
#include "client/node_connection.h"

namespace plasm::client {

// Bytes sent so far, of those that the node has asked for until now.
using UploadProgress = std::function<void(std::uint64_t done, std::uint64_t all)>;

struct JobNames {
  std::optional<std::string> job_id;
  std::optional<std::string> idempotency_key;
};

// Submits, uploads what the node says is missing, and submits again; more than once, since a node
// learns of a folder's files only from the text that lists them. Only blobs of the plan are ever
// sent: kDenied when the node asks for another. Errors as NodeConnection, Upload and the source.
Result<SubmittedJob> SubmitJob(NodeConnection& node, const JobPlan& plan, const JobNames& names,
                               const ContentSource& contents, const UploadProgress& progress = {});

}  // namespace plasm::client
