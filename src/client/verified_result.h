// The result of a job on a node, believed only under its receipt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"
#include "client/node_connection.h"
#include "tlog/policy.h"
#include "trust/trust_state.h"
#include "verify/verification.h"

namespace plasm::client {

// As the node sends them: nothing is verified.
struct ReceiptBundle {
  Bytes receipt;
  std::optional<Bytes> proof;
  Bytes manifest;
};

// What the receipt has to agree with. Pointers may be null and outlive the call.
struct Expectation {
  std::string_view node;  // its name in the trust file
  std::string_view job_id;
  const trust::TrustState* trusted = nullptr;
  const tlog::Policy* standing_policy = nullptr;
  std::optional<Sha256Digest> stdout_digest;  // of what came of the stream
  std::optional<Sha256Digest> stderr_digest;
  std::uint64_t now_seconds = 0;
};

// `manifest`: as it was sent, where that is known; the node is asked for it otherwise. kNotFound
// when the job has no receipt.
Result<ReceiptBundle> FetchReceipt(NodeConnection& node, std::string_view job_id,
                                   std::optional<Bytes> manifest);

// The verdict by spec/receipt.md section 8. Besides, the receipt must be that of the node which
// was asked (WRONG_KEY otherwise) and of this job (WRONG_JOB). Pure.
verify::Verification VerifyResult(const ReceiptBundle& bundle, const Expectation& expected);

// kDenied with verdict and reason, unless the verdict is VALID.
Result<void> ExpectValid(const verify::Verification& verification);

}  // namespace plasm::client
