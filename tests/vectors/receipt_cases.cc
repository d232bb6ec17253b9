#include <gtest/gtest.h>

#include "case_runners.h"
#include "evidence_fields.h"
#include "receipt/verdict.h"
#include "verify/verification.h"

namespace plasm::vectors {

void RunReceiptCase(CaseFields& fields) {
  verify::Evidence evidence;
  const Bytes receipt = fields.TextOrBase64("receipt");
  evidence.receipt = receipt;
  const auto proof = fields.OptionalBytes("proof");
  if (proof) evidence.proof = *proof;
  if (fields.Has("key")) evidence.key = Need(crypto::PublicKey::FromHex(fields.Text("key")));
  const auto trusted = TakeTrust(fields);
  if (trusted) evidence.trusted = &*trusted;
  const auto policy = TakePolicy(fields);
  if (policy) evidence.policy = &*policy;
  const auto manifest = fields.OptionalBytes("manifest");
  if (manifest) evidence.manifest = *manifest;
  if (fields.Has("nonce")) evidence.nonce = fields.Text("nonce");
  evidence.outputs = TakeOutputs(fields);
  evidence.now_seconds = TakeNowSeconds(fields);

  const verify::Verification found = verify::Verify(evidence);
  EXPECT_EQ(receipt::VerdictName(found.verdict), fields.Text("verdict")) << found.reason;
  EXPECT_EQ(found.reason.empty(), receipt::VerdictExitCode(found.verdict) == 0) << found.reason;
}

}  // namespace plasm::vectors
