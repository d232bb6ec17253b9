// The verdict on what several nodes answered to one job (spec/quorum.md section 5). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/sha256.h"
#include "receipt/quorum_bundle.h"
#include "receipt/verdict.h"
#include "tlog/policy.h"
#include "trust/trust_state.h"
#include "verify/output_match.h"
#include "verify/verification.h"

namespace plasm::verify {

// As Evidence, of all the answers.
struct QuorumEvidence {
  const trust::TrustState* trusted = nullptr;
  const tlog::Policy* policy = nullptr;
  const tlog::Policy* standing_policy = nullptr;
  std::vector<OutputAtHand> outputs{};
  std::uint64_t now_seconds = 0;
  std::optional<std::uint32_t> agree{};  // the caller's own; else the bundle's
};

struct JudgedAnswer {
  Verification verification;
  bool counts = false;  // valid, and of a node and an operator of its own
  bool agrees = false;  // with the result that was agreed on
  std::string why_not;  // it does not count, where its verdict does not say so
};

struct QuorumVerification {
  receipt::Verdict verdict = receipt::Verdict::kNoQuorum;
  std::string reason;                 // for people; empty when valid
  std::vector<JudgedAnswer> answers;  // in the bundle's order
  std::uint32_t agree = 1;            // that were demanded
  std::uint32_t agreeing = 0;         // with the most frequent result
  std::optional<Sha256Digest> result{};
};

// Thread-safe. Never fails: what is wrong is the verdict.
QuorumVerification VerifyQuorum(const receipt::QuorumBundle& bundle,
                                const QuorumEvidence& evidence);

}  // namespace plasm::verify
