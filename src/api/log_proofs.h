// Proofs of receipts from the node's logs on disk.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/job_record.h"
#include "trust/node_card.h"

namespace plasm::api {

// Immutable, so thread-safe. Reads the log's files each time.
class LogProofs {
 public:
  // The logs that the card lists, in the node's data folder.
  LogProofs(const std::filesystem::path& data_folder, const trust::NodeCard& card);

  // Under the newest checkpoint, as a .tlog-proof file has it. kNotFound for a log that the card
  // does not list; otherwise as tlog::LogReader.
  Result<std::string> ProofOf(const store::LogPosition& position) const;

 private:
  struct Log {
    std::string origin;
    crypto::PublicKey key;
    std::filesystem::path folder;
  };
  std::vector<Log> logs_;
};

}  // namespace plasm::api
