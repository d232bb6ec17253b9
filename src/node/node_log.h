// The node's own log, opened for appending.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/ed25519.h"
#include "node/receipt_issuer.h"
#include "tlog/folder.h"
#include "tlog/folder_storage.h"
#include "tlog/log_writer.h"
#include "tlog/proof_file.h"

namespace plasm::node {

enum class IfMissing {
  kRefuse,  // the node had a log: one that is lost is not begun again (spec/log.md section 1.3)
  kCreate,
};

// One thread at a time; holds the folder's lock as long as it lives. The key must outlive it.
class NodeLog {
 public:
  // Waits while another process appends; kUnavailable after half a minute of that. kNotFound,
  // saying what to do, for a log that is missing and should not be.
  static Result<NodeLog> Open(const std::filesystem::path& folder, const std::string& origin,
                              const crypto::SigningKey& key, IfMissing if_missing, Clock& clock);

  // Logs the receipts under one checkpoint. Durable on return, and the proofs verify: in the
  // order of the receipts.
  Result<std::vector<tlog::ProofFile>> Append(const std::vector<const IssuedReceipt*>& receipts);

  std::uint64_t size() const { return writer_->size(); }

 private:
  // In the order in which they refer to each other.
  std::unique_ptr<tlog::SystemFolder> folder_;
  std::unique_ptr<tlog::FolderStorage> storage_;
  std::unique_ptr<tlog::LogWriter> writer_;
};

}  // namespace plasm::node
