// A job between its submission and its end, as the threads of the service hand it on.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/sha256.h"
#include "jobs/live_job.h"
#include "receipt/manifest_v1.h"
#include "store/job_record.h"
#include "store/writes.h"

namespace plasm::jobs {

struct Task {
  // Set before anybody else sees it, and never changed.
  std::uint64_t number = 0;  // the service's name of it; never used twice
  receipt::Manifest manifest;
  Bytes manifest_bytes;
  std::string share{};  // as Client's
  std::uint32_t running_at_most = 1;
  std::uint32_t attempts_allowed = 1;
  std::shared_ptr<LiveJob> live;

  // The runner's, until it hands the task to the finisher. Never its seq, nor its state.
  store::JobSummary summary;
  std::string proof;  // the finisher's

  const std::string& Share() const { return share.empty() ? summary.client : share; }
};

using TaskPtr = std::shared_ptr<Task>;

// What the store is told of it. `blobs`: that it refers to.
store::SubmitJob SubmissionOf(const Task& task, std::vector<Sha256Digest> blobs);

}  // namespace plasm::jobs
