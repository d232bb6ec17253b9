#include "job/job_results.h"

#include <utility>

namespace plasm::app {

JobResults::JobResults(OutputSink& sink, std::vector<std::string> outputs,
                       std::vector<std::filesystem::path> destinations, const BlobStore* keep)
    : outputs_(std::move(outputs)),
      to_user_(sink, std::move(destinations)),
      digests_(BehindDigests(keep), outputs_) {}

worker::JobEvents& JobResults::BehindDigests(const BlobStore* keep) {
  if (keep == nullptr) return to_user_;
  return kept_.emplace(to_user_, *keep);
}

Result<void> JobResults::FinishKeeping() { return kept_ ? kept_->Finish() : Result<void>(); }

std::vector<std::string> JobResults::Missing() const {
  std::vector<std::string> missing;
  for (std::uint32_t i = 0; i < outputs_.size(); ++i) {
    if (!to_user_.seen().contains(i)) missing.push_back(outputs_[i]);
  }
  return missing;
}

}  // namespace plasm::app
