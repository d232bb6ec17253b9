#include "client/verified_result.h"

#include <utility>

#include "base/quote.h"
#include "receipt/manifest_v1.h"

namespace plasm::client {

Result<ReceiptBundle> FetchReceipt(NodeConnection& node, std::string_view job_id,
                                   std::optional<Bytes> manifest) {
  ReceiptBundle bundle;
  PLASM_TRY(bundle.receipt, node.Fetch(job_id, JobPart::kReceipt));
  auto proof = node.Fetch(job_id, JobPart::kProof);
  if (proof) {
    bundle.proof = *std::move(proof);
  } else if (proof.error().code != ErrorCode::kNotFound) {
    return std::move(proof).error();
  }
  if (manifest) {
    bundle.manifest = *std::move(manifest);
  } else {
    PLASM_TRY(bundle.manifest, node.Fetch(job_id, JobPart::kManifest));
  }
  return bundle;
}

verify::Verification VerifyResult(const ReceiptBundle& bundle, const Expectation& expected) {
  verify::Evidence evidence{.receipt = bundle.receipt};
  if (bundle.proof) evidence.proof = *bundle.proof;
  evidence.trusted = expected.trusted;
  evidence.standing_policy = expected.standing_policy;
  evidence.manifest = bundle.manifest;
  if (const auto manifest = receipt::ParseManifest(bundle.manifest)) {
    evidence.nonce = manifest->nonce;
  }
  if (expected.stdout_digest) {
    evidence.outputs.push_back({"standard output", "stdout", *expected.stdout_digest});
  }
  if (expected.stderr_digest) {
    evidence.outputs.push_back({"standard error", "stderr", *expected.stderr_digest});
  }
  evidence.now_seconds = expected.now_seconds;
  verify::Verification result = verify::Verify(evidence);
  if (result.verdict != receipt::Verdict::kValid) return result;
  if (result.node_name != expected.node) {
    result.verdict = receipt::Verdict::kWrongKey;
    result.reason = "the receipt is that of the node " + Quote(result.node_name.value_or("")) +
                    ", expected " + Quote(expected.node);
  } else if (result.statement->job.id != expected.job_id) {
    result.verdict = receipt::Verdict::kWrongJob;
    result.reason = "the receipt is that of " + Quote(result.statement->job.id) + ", expected " +
                    Quote(expected.job_id);
  }
  return result;
}

Result<void> ExpectValid(const verify::Verification& verification) {
  if (verification.verdict == receipt::Verdict::kValid) return {};
  return Error{ErrorCode::kDenied,
               "the receipt does not verify, so nothing of the result counts: " +
                   std::string(receipt::VerdictName(verification.verdict)) + ": " +
                   verification.reason};
}

}  // namespace plasm::client
