// The node's own log, opened for appending.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "crypto/ed25519.h"
#include "node/receipt_issuer.h"
#include "tlog/folder.h"
#include "tlog/log_writer.h"
#include "tlog/storage.h"

namespace plasm::node {

enum class IfMissing {
  kRefuse,  // the node had a log: one that is lost is not begun again (spec/log.md section 1.3)
  kCreate,
};

struct LoggedReceipt {
  receipt::Envelope envelope;
  std::uint64_t index = 0;                      // in the log
  std::string proof;                            // a ProofFile, as its file has it
  std::optional<Sha256Digest> result_digest{};  // as the receipt has it
};

// One thread at a time; holds the folder's lock as long as it lives. The key must outlive it.
class NodeLog {
 public:
  // Waits while another process appends; kUnavailable after half a minute of that. kNotFound,
  // saying what to do, for a log that is missing and should not be.
  static Result<NodeLog> Open(const std::filesystem::path& folder, const std::string& origin,
                              const crypto::SigningKey& key, IfMissing if_missing, Clock& clock);

  // The same on any storage, which nobody else may write to. `name` is for messages.
  static Result<NodeLog> OpenOn(std::unique_ptr<tlog::Storage> storage, const std::string& name,
                                const std::string& origin, const crypto::SigningKey& key,
                                IfMissing if_missing);

  // Logs the entries of receipts, at least one, under one checkpoint, and gives the index of the
  // first; the others follow in their order. Durable on return. After an error, which may pass
  // as that of a full disk does, the call may be repeated; it is open then whether the entries
  // of the first call are in the log.
  Result<std::uint64_t> Append(std::span<const ByteView> entries);

  // Against the checkpoint of the last group. kCorrupt when the tiles on disk are damaged.
  Result<std::string> Proof(std::uint64_t index) { return writer_->ProofText(index); }

  std::uint64_t size() const { return writer_->size(); }

 private:
  NodeLog(std::unique_ptr<tlog::Storage> storage, std::string origin, const crypto::SigningKey& key)
      : storage_(std::move(storage)), origin_(std::move(origin)), key_(&key) {}

  // In the order in which they refer to each other.
  std::unique_ptr<tlog::SystemFolder> folder_;  // none on another storage
  std::unique_ptr<tlog::Storage> storage_;
  std::string origin_;
  const crypto::SigningKey* key_;
  std::unique_ptr<tlog::LogWriter> writer_;
};

}  // namespace plasm::node
