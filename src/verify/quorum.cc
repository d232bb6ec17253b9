#include "verify/quorum.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "receipt/manifest_v1.h"

namespace plasm::verify {
namespace {

using receipt::Verdict;

Evidence EvidenceOf(const receipt::QuorumBundle& bundle, const receipt::Answer& answer,
                    const QuorumEvidence& given) {
  Evidence evidence{.receipt = AsBytes(answer.receipt),
                    .trusted = given.trusted,
                    .policy = given.policy,
                    .standing_policy = given.standing_policy,
                    .manifest = AsBytes(bundle.manifest),
                    .now_seconds = given.now_seconds};
  if (answer.proof) evidence.proof = AsBytes(*answer.proof);
  return evidence;
}

std::string OperatorOf(const Verification& verification, const trust::TrustState* trusted) {
  if (trusted == nullptr || !verification.node_name) return "";
  const trust::TrustedNode* node = trusted->file().FindByName(*verification.node_name);
  return node != nullptr && node->operator_name ? *node->operator_name : "";
}

// Who counts, in the order of the bundle.
class Counted {
 public:
  explicit Counted(const trust::TrustState* trusted) : trusted_(trusted) {}

  void Judge(JudgedAnswer& answer) {
    const Verification& verification = answer.verification;
    if (verification.verdict != Verdict::kValid) return;
    const receipt::Statement& statement = *verification.statement;
    if (!statement.result_digest) {
      answer.why_not = "it has no resultDigest, and agrees with nobody";
    } else if (!identities_.insert(statement.node.identity).second) {
      answer.why_not = "another answer of this node stands before it";
    } else if (const std::string name = OperatorOf(verification, trusted_);
               !name.empty() && !operators_.insert(name).second) {
      answer.why_not = "another node of the operator " + name + " stands before it";
    } else {
      answer.counts = true;
    }
  }

 private:
  const trust::TrustState* trusted_;
  std::set<std::string> identities_;
  std::set<std::string> operators_;
};

}  // namespace

QuorumVerification VerifyQuorum(const receipt::QuorumBundle& bundle,
                                const QuorumEvidence& evidence) {
  QuorumVerification result;
  result.agree = evidence.agree.value_or(bundle.agree);
  if (const auto manifest = receipt::ParseManifest(AsBytes(bundle.manifest)); !manifest) {
    result.verdict = Verdict::kMalformed;
    result.reason = manifest.error().message;
    return result;
  }
  Counted counted(evidence.trusted);
  std::map<Sha256Digest, std::uint32_t> tally;
  for (const receipt::Answer& answer : bundle.answers) {
    JudgedAnswer judged{.verification = Verify(EvidenceOf(bundle, answer, evidence)),
                        .why_not = {}};
    counted.Judge(judged);
    if (judged.counts) ++tally[*judged.verification.statement->result_digest];
    result.answers.push_back(std::move(judged));
  }
  const auto most = std::max_element(
      tally.begin(), tally.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  result.agreeing = most == tally.end() ? 0 : most->second;
  const auto reached = std::count_if(
      tally.begin(), tally.end(), [&](const auto& entry) { return entry.second >= result.agree; });
  if (reached != 1) {
    result.reason =
        reached > 1
            ? "more than one result is answered by " + std::to_string(result.agree) + " nodes"
            : std::to_string(result.agreeing) + " of " + std::to_string(bundle.answers.size()) +
                  " answers agree, expected " + std::to_string(result.agree);
    return result;
  }
  result.result = most->first;
  result.verdict = Verdict::kValid;
  for (std::size_t i = 0; i < result.answers.size(); ++i) {
    JudgedAnswer& judged = result.answers[i];
    judged.agrees = judged.counts && judged.verification.statement->result_digest == result.result;
    if (!judged.agrees || evidence.outputs.empty()) continue;
    // The outputs are the result's: those who agree on it name the same ones.
    Evidence with_outputs = EvidenceOf(bundle, bundle.answers[i], evidence);
    with_outputs.outputs = evidence.outputs;
    judged.verification = Verify(with_outputs);
    if (judged.verification.verdict == Verdict::kValid) continue;
    result.verdict = judged.verification.verdict;
    result.reason = judged.verification.reason;
  }
  return result;
}

}  // namespace plasm::verify
