#include "jobs/task.h"

#include <utility>

namespace plasm::jobs {

store::SubmitJob SubmissionOf(const Task& task, std::vector<Sha256Digest> blobs) {
  const store::JobSummary& summary = task.summary;
  return {.id = summary.id,
          .client = summary.client,
          .idempotency_key = summary.idempotency_key,
          .manifest = task.manifest_bytes,
          .manifest_digest = summary.manifest_digest,
          .submitted_ns = summary.submitted_ns,
          .blobs = std::move(blobs)};
}

}  // namespace plasm::jobs
