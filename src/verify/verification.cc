#include "verify/verification.h"

#include <algorithm>

#include "base/quote.h"
#include "crypto/public_key_text.h"
#include "receipt/agreement.h"
#include "receipt/receipt_v1_verify.h"
#include "receipt/receipt_v2.h"
#include "tlog/logged_entry.h"
#include "trust/key_decision.h"

namespace plasm::verify {
namespace {

using receipt::Statement;
using receipt::Verdict;

// What a step found wrong; nothing when it passed.
struct Refusal {
  Verdict verdict;
  std::string reason;
};
using Step = std::optional<Refusal>;

constexpr Step kPassed = std::nullopt;

// One verification of a receipt v2, a method a step (the numbers are the table's).
class V2 {
 public:
  V2(const Evidence& evidence, const receipt::ReceiptV2& receipt, Verification& result)
      : evidence_(evidence),
        envelope_(receipt.envelope),
        statement_(receipt.statement),
        batch_(receipt.statement.node.signing == receipt::Signing::kBatch),
        result_(result) {}

  Step Run() {
    for (const auto step : {&V2::FindWhoAnswers, &V2::CheckSignature, &V2::CheckLog, &V2::CheckNode,
                            &V2::CheckAgreement, &V2::CheckRequest, &V2::CheckOutputs}) {
      if (Step refused = (this->*step)()) return refused;
    }
    return kPassed;
  }

 private:
  // 2
  Step FindWhoAnswers() {
    if (evidence_.key) {
      if (crypto::Fingerprint(*evidence_.key) != statement_.node.key) {
        return Refusal{Verdict::kWrongKey, "the receipt names the key " + statement_.node.key +
                                               ", given was " +
                                               crypto::Fingerprint(*evidence_.key)};
      }
      key_ = *evidence_.key;
      return kPassed;
    }
    if (evidence_.trusted == nullptr) return Refusal{Verdict::kUnknownKey, "no node is trusted"};
    auto found = trust::FindKey(*evidence_.trusted, statement_.node.identity, statement_.node.key,
                                batch_ ? trust::KeyUse::kLog : trust::KeyUse::kReceipt);
    if (!found) return Refusal{Verdict::kUnknownKey, found.error().message};
    found_ = *found;
    key_ = found_->key->key;
    result_.node_name = found_->node->name;
    result_.level = found_->node->level;
    return kPassed;
  }

  // 3
  Step CheckSignature() {
    if (batch_ || receipt::VerifyEnvelope(envelope_, key_)) return kPassed;
    return Refusal{Verdict::kBadSignature, "the signature is not that of " + statement_.node.key};
  }

  // The policy that is demanded here: the call's own, or the standing one for a witnessed node.
  const tlog::Policy* Policy() const {
    if (evidence_.policy != nullptr) return evidence_.policy;
    const bool witnessed = found_ && trust::NeedsQuorum(found_->node->level);
    return witnessed ? evidence_.standing_policy : nullptr;
  }

  bool NeedsProof() const {
    return batch_ || evidence_.policy != nullptr ||
           (found_ && trust::NeedsLogProof(found_->node->level));
  }

  static std::vector<crypto::PublicKey> PolicyKeys(const tlog::Policy& policy,
                                                   const std::string& origin) {
    std::vector<crypto::PublicKey> keys;
    for (const tlog::PolicyLog& log : policy.logs()) {
      if (log.key.name == origin) keys.push_back(log.key.key);
    }
    return keys;
  }

  // The log's keys by who may name them: the card for this origin; where a key is pinned, that
  // key for a batch, else the policy.
  std::vector<crypto::PublicKey> NamedLogKeys(const std::string& origin) const {
    std::vector<crypto::PublicKey> keys;
    if (batch_) {
      if (!found_ || found_->key->origin == origin) keys.push_back(key_);
    } else if (found_) {
      for (const auto& log : trust::LogKeysOf(*found_, origin)) keys.push_back(log.key->key);
    } else if (Policy() != nullptr) {
      keys = PolicyKeys(*Policy(), origin);
    }
    return keys;
  }

  // Those of them that may have signed the checkpoint: a policy that lists logs must have them.
  std::vector<crypto::PublicKey> AllowedLogKeys(const std::string& origin) const {
    std::vector<crypto::PublicKey> keys = NamedLogKeys(origin);
    if (Policy() == nullptr || Policy()->logs().empty()) return keys;
    const auto allowed = PolicyKeys(*Policy(), origin);
    std::erase_if(keys, [&allowed](const crypto::PublicKey& key) {
      return std::ranges::find(allowed, key) == allowed.end();
    });
    return keys;
  }

  // 4, 5, 6
  Step CheckLog() {
    std::optional<ByteView> proof = evidence_.proof;
    if (proof && !statement_.node.log) {
      result_.notes.emplace_back("the proof was not looked at: the receipt names no log");
      proof.reset();
    } else if (proof && NamedLogKeys(*statement_.node.log).empty()) {
      result_.notes.push_back("the proof was not looked at: nobody names a key of the log " +
                              Quote(*statement_.node.log));
      proof.reset();
    }
    if (!proof) {
      if (!NeedsProof()) return kPassed;
      return Refusal{Verdict::kNotLogged, statement_.node.log
                                              ? "there is no proof that it is in the node's log"
                                              : "the receipt names no log"};
    }
    const std::string& origin = *statement_.node.log;
    const tlog::ExpectedLog expected{origin, AllowedLogKeys(origin)};
    if (expected.keys.empty()) {
      return Refusal{Verdict::kBadLogProof,
                     "the policy does not list the key of the log " + Quote(origin)};
    }
    const std::string entry = receipt::LogEntry(receipt::LeafReceiptDigest(envelope_.payload));
    auto check =
        tlog::CheckLoggedEntry(AsBytes(entry), *proof, expected, Policy(), evidence_.now_seconds);
    if (check.status == tlog::LoggedEntryStatus::kBadLogProof) {
      return Refusal{Verdict::kBadLogProof, check.reason};
    }
    result_.log = LogPlace{origin, check.index, check.head.size, check.cosigners};
    log_key_ = check.log_key;
    if (check.status == tlog::LoggedEntryStatus::kNotWitnessed) {
      return Refusal{Verdict::kNotWitnessed, check.reason};
    }
    if (found_ && trust::NeedsQuorum(found_->node->level) && Policy() == nullptr) {
      return Refusal{Verdict::kNotWitnessed,
                     "the node's level asks for witnesses, and there is no policy that names any"};
    }
    return kPassed;
  }

  // 7, 8, 9
  Step CheckNode() {
    if (!found_) return kPassed;
    if (trust::IsBlocked(*found_)) {
      return Refusal{Verdict::kNodeBlocked, "the node " + found_->node->name + " is blocked here"};
    }
    switch (trust::ValidityAt(*found_, statement_.observed.end)) {
      case trust::KeyValidity::kValid:
        break;
      case trust::KeyValidity::kNotYet:
        return Refusal{Verdict::kKeyNotValid,
                       "the key is valid from " + found_->key->from.ToString() + " on only"};
      case trust::KeyValidity::kEnded:
        return Refusal{Verdict::kKeyNotValid,
                       "the key was valid until " + found_->key->to.ToString() + " only"};
      case trust::KeyValidity::kCardExpired:
        return Refusal{Verdict::kKeyNotValid, "the node's card expired at " +
                                                  found_->card->expires.ToString() +
                                                  ": a newer one is needed"};
    }
    std::optional<trust::ProvenEntry> entry;
    if (result_.log) entry = {log_key_, result_.log->index};
    if (trust::IsRevoked(trust::RevocationOf(*found_, entry))) {
      return Refusal{Verdict::kKeyRevoked, "the key " + statement_.node.key + " has been revoked"};
    }
    if (batch_ || !NeedsProof() || !result_.log) return kPassed;
    for (const auto& log : trust::LogKeysOf(*found_, result_.log->origin)) {
      if (log.key->key == log_key_ && trust::IsRevoked(log.revocation)) {
        return Refusal{Verdict::kKeyRevoked,
                       "the key of the log " + Quote(result_.log->origin) + " has been revoked"};
      }
    }
    return kPassed;
  }

  // 10
  Step CheckAgreement() {
    const auto agrees = receipt::CheckAgreement(statement_);
    if (!agrees) return Refusal{Verdict::kInconsistent, agrees.error().message};
    return kPassed;
  }

  // 11, 12
  Step CheckRequest() {
    if (evidence_.manifest) {
      const Sha256Digest digest = receipt::ManifestDigest(*evidence_.manifest);
      if (digest != statement_.job.manifest) {
        return Refusal{Verdict::kWrongJob, "the manifest has the digest " + digest.ToHex() +
                                               ", the receipt is for " +
                                               statement_.job.manifest.ToHex()};
      }
      auto manifest = receipt::ParseManifest(*evidence_.manifest);
      if (!manifest) return Refusal{Verdict::kWrongJob, manifest.error().message};
      if (const auto fits = receipt::CheckAgainstManifest(statement_, digest, *manifest); !fits) {
        return Refusal{Verdict::kWrongJob, fits.error().message};
      }
      result_.manifest = *std::move(manifest);
    }
    if (evidence_.nonce && statement_.job.nonce != evidence_.nonce) {
      return Refusal{Verdict::kWrongJob, statement_.job.nonce
                                             ? "the receipt answers a request with another nonce"
                                             : "the receipt answers a request without a nonce"};
    }
    const auto& not_after = statement_.job.not_after;
    if (not_after && statement_.observed.start > *not_after) {
      return Refusal{Verdict::kTooLate, "the job was started at " +
                                            statement_.observed.start.ToString() + ", after " +
                                            not_after->ToString()};
    }
    return kPassed;
  }

  // 13
  Step CheckOutputs() {
    for (const OutputAtHand& output : evidence_.outputs) {
      auto match = MatchOutput(statement_, output);
      if (!match) return Refusal{Verdict::kWrongOutput, match.error().message};
      result_.matched_outputs.push_back(*std::move(match));
    }
    return kPassed;
  }

  const Evidence& evidence_;
  const receipt::Envelope& envelope_;
  const Statement& statement_;
  const bool batch_;
  Verification& result_;

  crypto::PublicKey key_{};
  std::optional<trust::FoundKey> found_;  // nothing when the call pins a key
  crypto::PublicKey log_key_{};
};

// A receipt v0.1 answers for nothing but its own few fields: who asks for more is told so.
Step RunLegacy(const Evidence& evidence, const receipt::ReceiptV1& receipt) {
  receipt::TrustedKeys trusted;
  trusted.demanded = evidence.key;
  const Verdict verdict = receipt::VerifyReceiptV1(receipt, trusted);
  if (verdict != Verdict::kValidLegacyUnbound) {
    return Refusal{verdict, std::string(receipt::VerdictMeaning(verdict))};
  }
  if (evidence.policy != nullptr) {
    return Refusal{Verdict::kNotLogged, "a receipt of version 0.1 is in no log"};
  }
  if (evidence.manifest || evidence.nonce) {
    return Refusal{Verdict::kWrongJob, "a receipt of version 0.1 names no manifest"};
  }
  if (!evidence.outputs.empty()) {
    return Refusal{Verdict::kWrongOutput, "a receipt of version 0.1 names no outputs"};
  }
  return kPassed;
}

}  // namespace

Verification Verify(const Evidence& evidence) {
  Verification result;
  Step refused;
  if (auto receipt = receipt::ParseReceiptV2(evidence.receipt)) {
    refused = V2(evidence, *receipt, result).Run();
    result.verdict = Verdict::kValid;
    result.statement = std::move(receipt->statement);
  } else if (auto legacy = receipt::ParseReceiptV1(evidence.receipt)) {
    refused = RunLegacy(evidence, *legacy);
    result.verdict = Verdict::kValidLegacyUnbound;
    result.legacy = *std::move(legacy);
  } else {
    refused = Refusal{Verdict::kMalformed, receipt.error().message};
  }
  if (refused) {
    result.verdict = refused->verdict;
    result.reason = std::move(refused->reason);
  }
  return result;
}

}  // namespace plasm::verify
