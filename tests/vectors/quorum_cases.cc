#include <gtest/gtest.h>

#include "case_runners.h"
#include "evidence_fields.h"
#include "receipt/quorum_bundle.h"
#include "receipt/verdict.h"
#include "verify/quorum.h"

namespace plasm::vectors {
namespace {

verify::QuorumVerification Judge(ByteView bytes, const verify::QuorumEvidence& evidence) {
  const auto bundle = receipt::ParseQuorumBundle(bytes);
  if (bundle) return verify::VerifyQuorum(*bundle, evidence);
  verify::QuorumVerification none;
  none.verdict = receipt::Verdict::kMalformed;
  none.reason = bundle.error().message;
  return none;
}

}  // namespace

void RunQuorumCase(CaseFields& fields) {
  verify::QuorumEvidence evidence;
  const Bytes bundle = fields.TextOrBase64("bundle");
  const auto trusted = TakeTrust(fields);
  if (trusted) evidence.trusted = &*trusted;
  const auto policy = TakePolicy(fields);
  if (policy) evidence.policy = &*policy;
  evidence.outputs = TakeOutputs(fields);
  if (fields.Has("agree")) evidence.agree = static_cast<std::uint32_t>(fields.Number("agree"));
  evidence.now_seconds = TakeNowSeconds(fields);

  const verify::QuorumVerification found = Judge(bundle, evidence);
  EXPECT_EQ(receipt::VerdictName(found.verdict), fields.Text("verdict")) << found.reason;
  EXPECT_EQ(found.reason.empty(), receipt::VerdictExitCode(found.verdict) == 0) << found.reason;
  EXPECT_EQ(found.result ? found.result->ToHex() : "",
            fields.Has("result") ? fields.Text("result") : "");
  std::vector<CaseFields> answers = fields.Objects("answers");
  ASSERT_EQ(found.answers.size(), answers.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const verify::JudgedAnswer& answer = found.answers[i];
    EXPECT_EQ(receipt::VerdictName(answer.verification.verdict), answers[i].Text("verdict")) << i;
    EXPECT_EQ(answer.counts, answers[i].Boolean("counts")) << i;
    EXPECT_EQ(answer.agrees, answers[i].Boolean("agrees")) << i;
    answers[i].End();
  }
}

}  // namespace plasm::vectors
