#include "receipt/audit_statement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "receipt/testing/examples.h"

namespace plasm::receipt {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

AuditedReceipt Audited(const std::string& name, Verdict verdict, const std::string& reason = "") {
  return {
      .name = name, .pae_digest = testing::DigestOf(name), .verdict = verdict, .reason = reason};
}

AuditStatement Statement(std::vector<AuditedReceipt> receipts) {
  return {.auditor = "SHA256:UcvJAyqcE3QOOC/6NA5kMC4hYzE0DgJC3ZBe1Pu0j68",
          .time = *UtcTime::Parse("2026-11-25T12:00:00Z"),
          .runtime = {.engine = "wasmtime",
                      .version = "48.0.8",
                      .target = "pulley64",
                      .configuration = testing::DigestOf("configuration"),
                      .profile = Profile::kDet1},
          .receipts = std::move(receipts)};
}

// The form of spec/audit.md sections 2 and 3, member by member.
TEST(AuditStatementTest, HasTheMembersOfTheSpecification) {
  const auto text = SerializeAuditStatement(
      Statement({Audited("a.json", Verdict::kValid),
                 Audited("b.json", Verdict::kReplayDiffers, "stdout differs from byte 3 on")}));
  ASSERT_TRUE(text);
  const std::string a = testing::DigestOf("a.json").ToHex();
  const std::string b = testing::DigestOf("b.json").ToHex();
  EXPECT_EQ(*text, R"({"_type":"https://in-toto.io/Statement/v1","subject":[)"
                   R"({"name":"a.json","digest":{"sha256":")" +
                       a +
                       R"("}},)"
                       R"({"name":"b.json","digest":{"sha256":")" +
                       b +
                       R"("}}],)"
                       R"("predicateType":"urn:plasm:audit:v1","predicate":{)"
                       R"("auditor":"SHA256:UcvJAyqcE3QOOC/6NA5kMC4hYzE0DgJC3ZBe1Pu0j68",)"
                       R"("time":"2026-11-25T12:00:00.000Z",)"
                       R"("engine":{"engine":"wasmtime","version":"48.0.8","configuration":")" +
                       testing::DigestOf("configuration").ToHex() +
                       R"(","target":"pulley64"},)"
                       R"("receipts":[{"receipt":")" +
                       a +
                       R"(","verdict":"VALID"},)"
                       R"({"receipt":")" +
                       b +
                       R"(","verdict":"REPLAY_DIFFERS",)"
                       R"("difference":"stdout differs from byte 3 on"}],)"
                       R"("conclusion":"contradicted"}})");
}

TEST(AuditStatementTest, NamesADifferenceOnlyWhereAReplayDiffers) {
  const auto text = SerializeAuditStatement(
      Statement({Audited("a.json", Verdict::kReplayImpossible, "the module is not there")}));
  EXPECT_THAT(*text, Not(HasSubstr("difference")));
}

TEST(AuditStatementTest, ADifferenceIsOneSentenceOfBoundedLength) {
  const auto text = SerializeAuditStatement(
      Statement({Audited("a.json", Verdict::kReplayDiffers, "\n" + std::string(5000, 'x'))}));
  EXPECT_THAT(*text, HasSubstr("\"difference\":\" " + std::string(1023, 'x') + "\""));
}

TEST(AuditStatementTest, RefusesWhatIsNoSubject) {
  const auto refuses = [](std::vector<AuditedReceipt> receipts) {
    const auto text = SerializeAuditStatement(Statement(std::move(receipts)));
    return !text && text.error().code == ErrorCode::kInvalid;
  };
  EXPECT_TRUE(refuses({}));
  for (const std::string& name :
       {std::string(), std::string("a/b"), std::string("a\nb"), std::string("\xff"),
        std::string("a\xc2\x85"), std::string(256, 'a')}) {
    EXPECT_TRUE(refuses({Audited(name, Verdict::kValid)})) << name;
  }
  EXPECT_FALSE(refuses({Audited(std::string(255, 'a'), Verdict::kValid)}));
  EXPECT_TRUE(refuses({Audited("a", Verdict::kMalformed)}));
  EXPECT_TRUE(refuses({Audited("a", Verdict::kValidLegacyUnbound)}));
  EXPECT_TRUE(refuses({Audited("a", Verdict::kValid), Audited("a", Verdict::kValid)}));
  AuditedReceipt same = Audited("b", Verdict::kValid);
  same.pae_digest = testing::DigestOf("a");
  EXPECT_TRUE(refuses({Audited("a", Verdict::kValid), same}));
}

TEST(AuditStatementTest, RefusesMoreReceiptsThanAReaderTakes) {
  std::vector<AuditedReceipt> receipts;
  for (std::size_t i = 0; i < kMaxAuditedReceipts; ++i) {
    receipts.push_back(Audited(std::to_string(i), Verdict::kValid));
  }
  EXPECT_TRUE(SerializeAuditStatement(Statement(receipts)));
  receipts.push_back(Audited("one more", Verdict::kValid));
  const auto text = SerializeAuditStatement(Statement(receipts));
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, ErrorCode::kLimitExceeded);
}

TEST(AuditConclusionTest, OneContradictionOutweighsEverythingElse) {
  for (const Verdict verdict : {Verdict::kReplayDiffers, Verdict::kInconsistent}) {
    EXPECT_EQ(ConclusionOf({Audited("a", Verdict::kValid), Audited("b", verdict),
                            Audited("c", Verdict::kUnknownKey)}),
              AuditConclusion::kContradicted);
  }
}

TEST(AuditConclusionTest, AReceiptThatTheNodeMayNeverHaveMadeContradictsNothing) {
  for (const Verdict verdict : {Verdict::kBadSignature, Verdict::kUnknownKey, Verdict::kWrongJob,
                                Verdict::kReplayInconclusive, Verdict::kReplayImpossible}) {
    EXPECT_EQ(ConclusionOf({Audited("a", Verdict::kValid), Audited("b", verdict)}),
              AuditConclusion::kInconclusive);
  }
}

TEST(AuditConclusionTest, OnlyValidReceiptsConfirm) {
  EXPECT_EQ(ConclusionOf({Audited("a", Verdict::kValid)}), AuditConclusion::kConfirmed);
  EXPECT_EQ(ConclusionOf({}), AuditConclusion::kInconclusive);
}

TEST(AuditConclusionTest, HasTheNamesOfTheSpecification) {
  EXPECT_EQ(AuditConclusionName(AuditConclusion::kConfirmed), "confirmed");
  EXPECT_EQ(AuditConclusionName(AuditConclusion::kContradicted), "contradicted");
  EXPECT_EQ(AuditConclusionName(AuditConclusion::kInconclusive), "inconclusive");
}

}  // namespace
}  // namespace plasm::receipt
