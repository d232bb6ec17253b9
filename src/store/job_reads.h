// Each read, as statements on a connection of its own. One thread at a time. job_store.h says
// what they give.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/job_list.h"
#include "store/job_record.h"
#include "store/sqlite.h"

namespace plasm::store {

class JobReads {
 public:
  explicit JobReads(Connection database) : database_(std::move(database)) {}

  Result<std::optional<JobRecord>> Find(std::string_view id);
  Result<std::optional<JobRecord>> FindBySeq(std::uint64_t seq);
  Result<std::optional<JobSummary>> FindSummary(std::string_view id);
  Result<JobPage> List(const JobFilter& filter, std::optional<JobCursor> after, std::size_t limit);
  Result<std::vector<JobRecord>> Unfinished(std::uint64_t after, std::size_t limit);
  Result<JobCounts> Counts();
  Result<bool> IsReferred(const Sha256Digest& digest);
  Result<bool> IsReferredBy(std::string_view client, const Sha256Digest& digest);

 private:
  Result<JobSummary> Summary(const Execution& row) const;
  Result<JobRecord> Record(const Execution& row) const;
  Result<std::optional<JobRecord>> OneRecord(Execution& row);
  Result<std::optional<JobSummary>> OneSummary(Execution& row) const;
  Result<std::vector<KeptFileRecord>> KeptFiles(std::uint64_t seq);

  Connection database_;
};

}  // namespace plasm::store
