#include "verify/quorum.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "receipt/result_digest.h"
#include "verify/testing/scene.h"

namespace plasm::verify {
namespace {

using receipt::Verdict;
using ::testing::HasSubstr;
using testing::Scene;

// Nodes of which each has keys of its own, and what they answered to one job.
class QuorumTest : public ::testing::Test {
 protected:
  static unsigned char KeyOf(int node, unsigned char use) {
    return static_cast<unsigned char>(100 + 10 * node + use);
  }
  static std::string OriginOf(int node) { return "plasm.invalid/" + std::to_string(node); }

  void Trust(int node, std::optional<std::string> operator_name = {}) {
    trust::NodeCard card = trust::testing::ExampleCard();
    card.identity = testing::PublicFrom(KeyOf(node, 0));
    for (std::size_t i = 0; i < card.keys.size(); ++i) {
      card.keys[i].key = testing::PublicFrom(KeyOf(node, static_cast<unsigned char>(i + 1)));
      if (card.keys[i].use == trust::KeyUse::kLog) card.keys[i].origin = OriginOf(node);
    }
    cards_.push_back(trust::testing::Opened(card, KeyOf(node, 0)));
    ASSERT_TRUE(file_.Add({.name = "n" + std::to_string(node),
                           .identity = card.identity,
                           .level = trust::TrustLevel::kSigned,
                           .card_version = {},
                           .operator_name = std::move(operator_name),
                           .revoked = {}}));
  }

  // Signed each, by the node's receipt key.
  receipt::Answer AnswerOf(int node, const std::string& out = "out") {
    receipt::Statement statement = testing::BaseStatement();
    statement.node.identity = trust::testing::FingerprintFrom(KeyOf(node, 0));
    statement.node.key = trust::testing::FingerprintFrom(KeyOf(node, 1));
    statement.node.signing = receipt::Signing::kEach;
    statement.node.log = OriginOf(node);
    statement.stdout_subject.digest = receipt::testing::DigestOf(out);
    statement.stdout_subject.bytes = out.size();
    if (has_result_) {
      statement.result_digest = receipt::ResultDigest(statement);
    } else {
      statement.result_digest.reset();
    }
    return {receipt::SerializeEnvelope(
        receipt::SignEnvelope(std::string(receipt::kReceiptPayloadType),
                              receipt::testing::ToBytes(receipt::SerializeStatement(statement)),
                              testing::KeyFrom(KeyOf(node, 1))))};
  }

  QuorumVerification Judged(std::vector<receipt::Answer> answers, std::uint32_t agree = 2) {
    trust::TrustState state(file_);
    for (const trust::OpenedCard& card : cards_) EXPECT_TRUE(state.TakeCard(card));
    evidence_.trusted = &state;
    evidence_.now_seconds = testing::kNow;
    return VerifyQuorum(
        {.agree = agree,
         .manifest = receipt::SerializeManifest(receipt::testing::ExampleManifest()),
         .answers = std::move(answers)},
        evidence_);
  }

  trust::TrustFile file_;
  std::vector<trust::OpenedCard> cards_;
  QuorumEvidence evidence_;
  bool has_result_ = true;
};

TEST_F(QuorumTest, EnoughNodesWithOneResultAgree) {
  for (int node = 0; node < 3; ++node) Trust(node);
  const auto judged = Judged({AnswerOf(0), AnswerOf(1, "lie"), AnswerOf(2)});
  EXPECT_EQ(judged.verdict, Verdict::kValid) << judged.reason;
  EXPECT_EQ(judged.agreeing, 2u);
  ASSERT_EQ(judged.answers.size(), 3u);
  EXPECT_TRUE(judged.answers[0].agrees);
  EXPECT_FALSE(judged.answers[1].agrees);
  EXPECT_EQ(judged.answers[1].verification.verdict, Verdict::kValid);  // signed evidence
  EXPECT_TRUE(judged.answers[2].agrees);
  EXPECT_EQ(judged.result, judged.answers[0].verification.statement->result_digest);
}

TEST_F(QuorumTest, TooFewDoNot) {
  for (int node = 0; node < 3; ++node) Trust(node);
  const auto judged = Judged({AnswerOf(0), AnswerOf(1, "lie"), AnswerOf(2, "other lie")});
  EXPECT_EQ(judged.verdict, Verdict::kNoQuorum);
  EXPECT_THAT(judged.reason, HasSubstr("1 of 3 answers agree, expected 2"));
  EXPECT_FALSE(judged.result);
}

TEST_F(QuorumTest, TheCallersOwnNumberCountsInsteadOfTheBundles) {
  for (int node = 0; node < 3; ++node) Trust(node);
  evidence_.agree = 3;
  EXPECT_EQ(Judged({AnswerOf(0), AnswerOf(1), AnswerOf(2, "lie")}, 1).verdict, Verdict::kNoQuorum);
  EXPECT_EQ(Judged({AnswerOf(0), AnswerOf(1), AnswerOf(2)}, 1).verdict, Verdict::kValid);
}

TEST_F(QuorumTest, ANodeCountsOnce) {
  Trust(0);
  Trust(1);
  const auto judged = Judged({AnswerOf(0), AnswerOf(0), AnswerOf(1, "lie")});
  EXPECT_EQ(judged.verdict, Verdict::kNoQuorum);
  EXPECT_FALSE(judged.answers[1].counts);
  EXPECT_THAT(judged.answers[1].why_not, HasSubstr("this node"));
}

TEST_F(QuorumTest, AnOperatorCountsOnce) {
  Trust(0, "acme");
  Trust(1, "acme");
  Trust(2);
  EXPECT_EQ(Judged({AnswerOf(0), AnswerOf(1), AnswerOf(2, "lie")}).verdict, Verdict::kNoQuorum);
  const auto judged = Judged({AnswerOf(0), AnswerOf(1), AnswerOf(2)});
  EXPECT_EQ(judged.verdict, Verdict::kValid);
  EXPECT_THAT(judged.answers[1].why_not, HasSubstr("operator acme"));
}

TEST_F(QuorumTest, StrangersAndForgeriesDoNotCount) {
  Trust(0);
  receipt::Answer forged = AnswerOf(1);
  Trust(1);
  forged.receipt.replace(forged.receipt.find("\"sig\":\"") + 7, 4, "AAAA");
  const auto judged = Judged({AnswerOf(0), forged, AnswerOf(2), {"{}"}});
  EXPECT_EQ(judged.verdict, Verdict::kNoQuorum);
  EXPECT_EQ(judged.answers[1].verification.verdict, Verdict::kBadSignature);
  EXPECT_EQ(judged.answers[2].verification.verdict, Verdict::kUnknownKey);
  EXPECT_EQ(judged.answers[3].verification.verdict, Verdict::kMalformed);
}

TEST_F(QuorumTest, AnAnswerWithoutAResultAgreesWithNobody) {
  Trust(0);
  Trust(1);
  has_result_ = false;
  const auto judged = Judged({AnswerOf(0), AnswerOf(1)}, 1);
  EXPECT_EQ(judged.verdict, Verdict::kNoQuorum);
}

TEST_F(QuorumTest, TwoResultsThatBothReachTheNumberAreNone) {
  Trust(0);
  Trust(1);
  const auto judged = Judged({AnswerOf(0), AnswerOf(1, "lie")}, 1);
  EXPECT_EQ(judged.verdict, Verdict::kNoQuorum);
  EXPECT_THAT(judged.reason, HasSubstr("more than one"));
}

TEST_F(QuorumTest, AnotherJobsReceiptIsNone) {
  Trust(0);
  Trust(1);
  trust::TrustState state(file_);
  for (const trust::OpenedCard& card : cards_) ASSERT_TRUE(state.TakeCard(card));
  receipt::Manifest other = receipt::testing::ExampleManifest();
  other.args.push_back("more");
  const auto judged = VerifyQuorum({.agree = 1,
                                    .manifest = receipt::SerializeManifest(other),
                                    .answers = {AnswerOf(0), AnswerOf(1)}},
                                   {.trusted = &state, .now_seconds = testing::kNow});
  EXPECT_EQ(judged.verdict, Verdict::kNoQuorum);
  EXPECT_EQ(judged.answers[0].verification.verdict, Verdict::kWrongJob);
  const auto none = VerifyQuorum({.agree = 1, .manifest = "{}", .answers = {AnswerOf(0)}},
                                 {.trusted = &state, .now_seconds = testing::kNow});
  EXPECT_EQ(none.verdict, Verdict::kMalformed);
}

TEST_F(QuorumTest, AnOutputAtHandIsThatOfThoseWhoAgree) {
  for (int node = 0; node < 3; ++node) Trust(node);
  evidence_.outputs = {{"out.bin", "stdout", receipt::testing::DigestOf("out")}};
  EXPECT_EQ(Judged({AnswerOf(0), AnswerOf(1, "lie"), AnswerOf(2)}).verdict, Verdict::kValid);
  evidence_.outputs = {{"out.bin", "stdout", receipt::testing::DigestOf("lie")}};
  EXPECT_EQ(Judged({AnswerOf(0), AnswerOf(1, "lie"), AnswerOf(2)}).verdict, Verdict::kWrongOutput);
}

}  // namespace
}  // namespace plasm::verify
