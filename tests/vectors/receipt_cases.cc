#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/utc_time.h"
#include "case_runners.h"
#include "receipt/verdict.h"
#include "verify/verification.h"

namespace plasm::vectors {
namespace {

using verify::OutputAtHand;

// Cards that are refused are as if they were not there.
trust::TrustState TrustedState(CaseFields& fields) {
  trust::TrustState state(Need(trust::TrustFile::Parse(fields.TextOrBase64("trusted_nodes"))));
  if (!fields.Has("cards")) return state;
  for (const std::string& text : fields.Texts("cards")) {
    auto card = trust::OpenNodeCard(AsBytes(text));
    if (card) (void)state.TakeCard(*std::move(card));
  }
  return state;
}

// The vectors name subjects, Evidence names streams and paths in the guest. What is the name of
// no subject becomes the empty path, which is none either.
std::string NameInGuest(std::string_view subject) {
  constexpr std::string_view kFile = "file:";
  if (subject == "stdout" || subject == "stderr") return std::string(subject);
  return subject.starts_with(kFile) ? std::string(subject.substr(kFile.size())) : "";
}

std::vector<OutputAtHand> Outputs(JsonNode node) {
  std::vector<OutputAtHand> outputs;
  for (const JsonMember& member : std::get<JsonObject>(node.value().v)) {
    const Bytes bytes = Need(DecodeBase64(std::get<std::string>(member.value.v)));
    outputs.push_back({member.key, NameInGuest(member.key), Sha256Of(bytes)});
  }
  return outputs;
}

}  // namespace

void RunReceiptCase(CaseFields& fields) {
  verify::Evidence evidence;
  const Bytes receipt = fields.TextOrBase64("receipt");
  evidence.receipt = receipt;
  const auto proof = fields.OptionalBytes("proof");
  if (proof) evidence.proof = *proof;
  if (fields.Has("key")) evidence.key = Need(crypto::PublicKey::FromHex(fields.Text("key")));
  trust::TrustState state;
  if (fields.HasBytes("trusted_nodes")) {
    state = TrustedState(fields);
    evidence.trusted = &state;
  }
  tlog::Policy policy;
  if (fields.HasBytes("policy")) {
    policy = Need(tlog::Policy::Parse(fields.TextOrBase64("policy")));
    evidence.policy = &policy;
  }
  const auto manifest = fields.OptionalBytes("manifest");
  if (manifest) evidence.manifest = *manifest;
  if (fields.Has("nonce")) evidence.nonce = fields.Text("nonce");
  if (fields.Has("outputs")) evidence.outputs = Outputs(fields.Node("outputs"));
  evidence.now_seconds = Need(UtcTime::Parse(fields.Text("now"))).milliseconds / 1000;

  const verify::Verification found = verify::Verify(evidence);
  EXPECT_EQ(receipt::VerdictName(found.verdict), fields.Text("verdict")) << found.reason;
  EXPECT_EQ(found.reason.empty(), receipt::VerdictExitCode(found.verdict) == 0) << found.reason;
}

}  // namespace plasm::vectors
