// What is kept here of a job: its receipt with what belongs to it, and where it was submitted.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "home/data_folder.h"

namespace plasm::home {

// In `receipts/` of the data folder. The job id is one (receipt::IsJobId), or nothing is there.
class JobFiles {
 public:
  JobFiles(const DataFolder& data, std::string_view job_id);

  const std::filesystem::path& receipt() const { return receipt_; }

  // Before the job is known to run: what was sent, and to which node.
  Result<void> RecordRequest(ByteView manifest, std::string_view node) const;
  // Nothing when the job was not submitted from here.
  Result<std::optional<std::string>> Node() const;
  Result<std::optional<Bytes>> Manifest() const;

 private:
  std::filesystem::path receipt_;
  std::filesystem::path node_;
};

}  // namespace plasm::home
