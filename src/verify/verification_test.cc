#include "verify/verification.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "receipt/receipt_v1.h"
#include "verify/testing/scene.h"

namespace plasm::verify {
namespace {

using receipt::Signing;
using receipt::Verdict;
using receipt::VerdictName;
using receipt::testing::DigestOf;
using testing::PublicFrom;
using testing::Scene;
using testing::Time;
using trust::TrustLevel;

constexpr unsigned char kStranger = 9;

// One way to fail a row of the table in spec/receipt.md section 8.
struct Fault {
  Verdict verdict;
  void (*commit)(Scene&);
};

void RevokeHere(Scene& scene) {
  scene.node.revoked = {{scene.statement.node.key, Time("2026-07-02T00:00:00Z")}};
}

// In the order of the table.
const std::vector<Fault>& Faults() {
  static const std::vector<Fault> kFaults = {
      {Verdict::kMalformed, [](Scene& scene) { scene.after_receipt = "}"; }},
      {Verdict::kWrongKey, [](Scene& scene) { scene.key = PublicFrom(kStranger); }},
      {Verdict::kUnknownKey, [](Scene& scene) { scene.trusted = false; }},
      {Verdict::kBadSignature, [](Scene& scene) { scene.signer = kStranger; }},
      {Verdict::kNotLogged, [](Scene& scene) { scene.has_proof = false; }},
      {Verdict::kBadLogProof, [](Scene& scene) { scene.index = 0; }},
      {Verdict::kNotWitnessed, [](Scene& scene) { scene.cosigners = 1; }},
      {Verdict::kNodeBlocked, [](Scene& scene) { scene.node.level = TrustLevel::kBlocked; }},
      {Verdict::kKeyNotValid,
       [](Scene& scene) { scene.AnsweringKey().to = Time("2026-07-01T10:00:00.124Z"); }},
      {Verdict::kKeyRevoked, RevokeHere},
      {Verdict::kInconsistent, [](Scene& scene) { scene.statement.result.truncated = true; }},
      {Verdict::kWrongJob, [](Scene& scene) { scene.nonce = std::string(32, 'b'); }},
      {Verdict::kTooLate,
       [](Scene& scene) { scene.SetNotAfter(Time("2026-07-01T09:59:59.999Z")); }},
      {Verdict::kWrongOutput,
       [](Scene& scene) { scene.outputs.push_back({"e", "stderr", DigestOf("out")}); }},
  };
  return kFaults;
}

std::vector<Fault> FaultsOf(Signing signing) {
  std::vector<Fault> faults = Faults();
  if (signing == Signing::kBatch) {  // the checkpoint is its signature
    std::erase_if(faults, [](const Fault& f) { return f.verdict == Verdict::kBadSignature; });
  }
  return faults;
}

class VerificationTest : public ::testing::TestWithParam<Signing> {};

INSTANTIATE_TEST_SUITE_P(EitherWayOfSigning, VerificationTest,
                         ::testing::Values(Signing::kEach, Signing::kBatch),
                         [](const ::testing::TestParamInfo<Signing>& way) {
                           return way.param == Signing::kEach ? "Each" : "Batch";
                         });

TEST_P(VerificationTest, IsValidWhenEverythingIsRight) {
  const Verification found = Scene(GetParam()).Verify();
  EXPECT_EQ(VerdictName(found.verdict), "VALID") << found.reason;
  EXPECT_TRUE(found.reason.empty());
  EXPECT_TRUE(found.notes.empty());
  EXPECT_EQ(found.node_name, "a");
  EXPECT_EQ(found.level, TrustLevel::kWitnessed);
  EXPECT_EQ(found.matched_outputs, std::vector<std::string>{"stdout"});
  ASSERT_TRUE(found.log);
  EXPECT_EQ(found.log->index, 1U);
  EXPECT_EQ(found.log->tree_size, 3U);
  EXPECT_EQ(found.log->witnesses, (std::vector<std::string>{"w0", "w1"}));
  EXPECT_EQ(found.manifest, receipt::testing::ExampleManifest());
}

TEST_P(VerificationTest, EachRowOfTheTableGivesItsVerdict) {
  for (const Fault& fault : FaultsOf(GetParam())) {
    Scene scene(GetParam());
    fault.commit(scene);
    const Verification found = scene.Verify();
    EXPECT_EQ(VerdictName(found.verdict), VerdictName(fault.verdict)) << found.reason;
    EXPECT_FALSE(found.reason.empty());
  }
}

TEST_P(VerificationTest, OfTwoFaultsTheEarlierRowGivesTheVerdict) {
  const auto faults = FaultsOf(GetParam());
  for (std::size_t first = 0; first < faults.size(); ++first) {
    for (std::size_t second = first + 1; second < faults.size(); ++second) {
      Scene scene(GetParam());
      faults[second].commit(scene);
      faults[first].commit(scene);
      EXPECT_EQ(VerdictName(scene.Verify().verdict), VerdictName(faults[first].verdict))
          << "with " << VerdictName(faults[second].verdict);
    }
  }
}

TEST_P(VerificationTest, AKeyGivenInTheCallIsTheOnlyOneThatCounts) {
  Scene scene(GetParam());
  scene.key = scene.AnsweringKey().key;
  scene.node.level = TrustLevel::kBlocked;
  RevokeHere(scene);
  scene.AnsweringKey().to = scene.AnsweringKey().from;
  const Verification found = scene.Verify();
  EXPECT_EQ(VerdictName(found.verdict), "VALID") << found.reason;
  EXPECT_FALSE(found.node_name);
}

TEST_P(VerificationTest, AKeyOfAnotherUseDoesNotAnswer) {
  Scene scene(GetParam());
  const unsigned char other = scene.batch() ? testing::kReceiptKey : testing::kLogKey;
  scene.statement.node.key = trust::testing::FingerprintFrom(other);
  scene.signer = other;
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "UNKNOWN_KEY");
}

TEST_P(VerificationTest, ALogThatThePolicyDoesNotListIsNotTheOne) {
  Scene scene(GetParam());
  scene.policy_text = "log " +
                      tlog::LogVerifierKey("other.example", PublicFrom(testing::kLogKey)).ToText() +
                      "\nquorum none\n";
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "BAD_LOG_PROOF");
}

TEST_P(VerificationTest, AProofThatIsThereIsCheckedThoughNobodyAskedForIt) {
  Scene scene(GetParam());
  scene.node.level = TrustLevel::kSigned;
  scene.has_policy = false;
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "VALID");
  scene.index = 2;
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "BAD_LOG_PROOF");
}

TEST_P(VerificationTest, TheStandingPolicyIsForWitnessedNodes) {
  Scene scene(GetParam());
  scene.has_policy = false;
  scene.has_standing_policy = true;
  scene.cosigners = 1;
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "NOT_WITNESSED");
  scene.node.level = TrustLevel::kLogged;
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "VALID");
  scene.cosigners = 2;
  scene.node.level = TrustLevel::kWitnessed;
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "VALID");
}

TEST_P(VerificationTest, AWitnessedNodeWithoutAPolicyHasNoWitnesses) {
  Scene scene(GetParam());
  scene.has_policy = false;
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "NOT_WITNESSED");
}

TEST_P(VerificationTest, AnExpiredCardIsNoWitnessOfItsKeys) {
  Scene scene(GetParam());
  scene.card.expires = Time("2026-07-01T10:00:00.124Z");
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "KEY_NOT_VALID");
  scene.card.expires = Time("2026-07-01T10:00:00.125Z");
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "VALID");
}

TEST_P(VerificationTest, AKeyIsValidFromItsFirstMomentOn) {
  Scene scene(GetParam());
  scene.AnsweringKey().from = Time("2026-07-01T10:00:00.126Z");
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "KEY_NOT_VALID");
  scene.AnsweringKey().from = Time("2026-07-01T10:00:00.125Z");
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "VALID");
}

TEST_P(VerificationTest, AManifestInOtherBytesIsAnotherJob) {
  Scene scene(GetParam());
  scene.manifest.args.emplace_back("more");
  const Verification found = scene.Verify();
  EXPECT_EQ(VerdictName(found.verdict), "WRONG_JOB");
  EXPECT_FALSE(found.manifest);
}

TEST_P(VerificationTest, AManifestThatTheReceiptDoesNotFitIsAnotherJob) {
  Scene scene(GetParam());
  scene.statement.input.args = DigestOf("other arguments");
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "WRONG_JOB");
  scene.has_manifest = false;
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "VALID");
}

TEST_P(VerificationTest, AReceiptWithoutANonceAnswersNoRequestThatHasOne) {
  Scene scene(GetParam());
  scene.has_manifest = false;
  scene.statement.job.nonce.reset();
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "WRONG_JOB");
}

TEST_P(VerificationTest, AJobMayBeStartedAtTheLastMoment) {
  Scene scene(GetParam());
  scene.SetNotAfter(scene.statement.observed.start);
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "VALID");
}

TEST_P(VerificationTest, ARunThatEndsBeforeItStartsIsInconsistent) {
  Scene scene(GetParam());
  scene.statement.observed.end = Time("2026-07-01T09:59:59.999Z");
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "INCONSISTENT");
}

TEST_P(VerificationTest, WhatWasParsedIsShownWithEveryVerdict) {
  Scene scene(GetParam());
  scene.trusted = false;
  const Verification found = scene.Verify();
  ASSERT_TRUE(found.statement);
  EXPECT_EQ(*found.statement, scene.statement);
  EXPECT_FALSE(found.legacy);
}

TEST(VerificationOfEachTest, APinnedKeyCannotJudgeAProofWithoutAPolicy) {
  Scene scene;
  scene.key = PublicFrom(testing::kReceiptKey);
  scene.has_policy = false;
  scene.index = 0;  // wrong, but nobody says whose log it is
  const Verification found = scene.Verify();
  EXPECT_EQ(VerdictName(found.verdict), "VALID") << found.reason;
  EXPECT_EQ(found.notes.size(), 1U);
  EXPECT_FALSE(found.log);
}

TEST(VerificationOfEachTest, AProofOfALogThatTheCardDoesNotListIsNoProof) {
  Scene scene;
  scene.card.keys[1].origin = "plasm.invalid/another";
  const Verification found = scene.Verify();
  EXPECT_EQ(VerdictName(found.verdict), "NOT_LOGGED") << found.reason;
  EXPECT_EQ(found.notes.size(), 1U);
  scene.has_policy = false;
  scene.node.level = TrustLevel::kSigned;
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "VALID");
}

TEST(VerificationOfEachTest, WithAPinnedKeyAPolicyOfOtherLogsNamesNoKey) {
  Scene scene;
  scene.key = PublicFrom(testing::kReceiptKey);
  scene.policy_text = "log " +
                      tlog::LogVerifierKey("other.example", PublicFrom(testing::kLogKey)).ToText() +
                      "\nquorum none\n";
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "NOT_LOGGED");
}

TEST(VerificationOfBatchTest, AKeyThatTheCardListsForAnotherLogIsNotThisLogs) {
  Scene scene(Signing::kBatch);
  scene.card.keys[1].origin = "plasm.invalid/another";
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "NOT_LOGGED");
  scene.key = PublicFrom(testing::kLogKey);  // then no card is asked
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "VALID");
}

TEST(VerificationOfEachTest, AReceiptWithoutALogHasNoProofWhateverLiesBesideIt) {
  Scene scene;
  scene.statement.node.log.reset();
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "NOT_LOGGED");
  scene.has_policy = false;
  scene.node.level = TrustLevel::kSigned;
  const Verification found = scene.Verify();
  EXPECT_EQ(VerdictName(found.verdict), "VALID") << found.reason;
  EXPECT_EQ(found.notes.size(), 1U);
}

TEST(VerificationOfEachTest, WhatWasLoggedBeforeItsKeyWasRevokedCounts) {
  Scene scene;
  scene.card.revoked = {{PublicFrom(testing::kReceiptKey), Time("2026-07-02T00:00:00Z"), 2}};
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "VALID");
  scene.card.revoked[0].log_size = 1;  // the receipt has the index 1: it came later
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "KEY_REVOKED");
  scene.card.revoked[0].log_size.reset();
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "KEY_REVOKED");
}

TEST(VerificationOfEachTest, ARevokedLogKeyMattersWhereAProofIsNeeded) {
  Scene scene;
  scene.node.revoked = {
      {trust::testing::FingerprintFrom(testing::kLogKey), Time("2026-07-02T00:00:00Z")}};
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "KEY_REVOKED");
  scene.has_policy = false;
  scene.node.level = TrustLevel::kSigned;
  EXPECT_EQ(VerdictName(scene.Verify().verdict), "VALID");
}

class LegacyVerificationTest : public ::testing::Test {
 protected:
  LegacyVerificationTest()
      : text_(receipt::SerializeReceiptV1(
            receipt::SignReceiptV1({DigestOf("module"), 0, 12, 1'764'000'000},
                                   testing::KeyFrom(testing::kReceiptKey)),
            JsonStyle::kCompact)) {
    evidence_.key = PublicFrom(testing::kReceiptKey);
  }

  std::string_view Verdict() {
    evidence_.receipt = AsBytes(text_);
    return VerdictName(Verify(evidence_).verdict);
  }

  std::string text_;
  Evidence evidence_;
};

TEST_F(LegacyVerificationTest, CountsUnderAGivenKeyAlone) {
  EXPECT_EQ(Verdict(), "VALID_LEGACY_UNBOUND");
  evidence_.key = PublicFrom(kStranger);
  EXPECT_EQ(Verdict(), "WRONG_KEY");
  evidence_.key.reset();
  EXPECT_EQ(Verdict(), "UNKNOWN_KEY");
}

TEST_F(LegacyVerificationTest, DoesNotContentWhoAsksForMore) {
  evidence_.outputs = {{"o", "stdout", DigestOf("out")}};
  EXPECT_EQ(Verdict(), "WRONG_OUTPUT");
  evidence_.nonce = std::string(32, 'a');
  EXPECT_EQ(Verdict(), "WRONG_JOB");
  evidence_.nonce.reset();
  evidence_.manifest = AsBytes("{}");
  EXPECT_EQ(Verdict(), "WRONG_JOB");
  const tlog::Policy policy = *tlog::Policy::Parse(AsBytes("quorum none\n"));
  evidence_.policy = &policy;
  EXPECT_EQ(Verdict(), "NOT_LOGGED");
}

}  // namespace
}  // namespace plasm::verify
