// Makes receipts of jobs that have ended (spec/receipt.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/sha256.h"
#include "base/utc_time.h"
#include "crypto/ed25519.h"
#include "execution/finished_run.h"
#include "receipt/envelope.h"
#include "receipt/manifest_v1.h"
#include "receipt/statement.h"

namespace plasm::node {

// A job that has ended, for whatever reason but the node's own fault.
struct EndedJob {
  std::string id;  // "job-" and a UUID
  const receipt::Manifest& manifest;
  Sha256Digest manifest_digest;
  receipt::Runtime runtime;
  const execution::FinishedRun& run;
  UtcTime start;
  UtcTime end;
  std::uint32_t attempts = 1;
};

struct IssuedReceipt {
  receipt::Envelope envelope;
  std::string log_entry;
  std::optional<Sha256Digest> result_digest{};  // as the receipt has it
};

// Who signs, and how.
struct IssuerSettings {
  std::string identity;  // fingerprint
  receipt::Signing signing = receipt::Signing::kEach;
  std::string origin;  // of the log that every receipt goes into
  std::string boot;    // UUID
};

// Numbers the receipts of one boot. With batch signing `key` is the log's and signs nothing
// here: the checkpoint is the signature. Not thread-safe; the key must outlive it.
class ReceiptIssuer {
 public:
  ReceiptIssuer(IssuerSettings settings, const crypto::SigningKey& key);

  // kLimitExceeded when the receipt would be larger than a reader takes, as with a hundred
  // thousand files; it then has no number.
  Result<IssuedReceipt> Issue(const EndedJob& job);

 private:
  const crypto::SigningKey& key_;
  receipt::Statement statement_;  // `node` is of the next receipt, all else of the last
  std::string text_;              // of the last
};

}  // namespace plasm::node
