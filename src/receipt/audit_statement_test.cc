#include "receipt/audit_statement.h"

#include <gtest/gtest.h>

#include <string>

namespace plasm::receipt {
namespace {

AuditedReceipt Audited(Verdict verdict, std::string reason = "") {
  return {.name = "r.json", .pae_digest = {}, .verdict = verdict, .reason = std::move(reason)};
}

std::string Serialized(std::vector<AuditedReceipt> receipts) {
  AuditStatement statement;
  statement.auditor = "SHA256:UcvJAyqcE3QOOC/6NA5kMC4hYzE0DgJC3ZBe1Pu0j68";
  statement.time = *UtcTime::Parse("2026-11-25T12:00:00Z");
  statement.runtime.engine = "wasmtime";
  statement.runtime.version = "48.0.8";
  statement.runtime.target = "pulley64";
  statement.receipts = std::move(receipts);
  return SerializeAuditStatement(statement);
}

TEST(AuditStatementTest, HasTheMembersOfTheSpecificationInItsOrder) {
  const std::string zeros(64, '0');
  EXPECT_EQ(
      Serialized({Audited(Verdict::kValid)}),
      R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"r.json","digest":{"sha256":")" +
          zeros +
          R"("}}],"predicateType":"urn:plasm:audit:v1","predicate":{"auditor":)"
          R"("SHA256:UcvJAyqcE3QOOC/6NA5kMC4hYzE0DgJC3ZBe1Pu0j68","time":"2026-11-25T12:00:00.000Z",)"
          R"("engine":{"engine":"wasmtime","version":"48.0.8","configuration":")" +
          zeros + R"(","target":"pulley64"},"receipts":[{"receipt":")" + zeros +
          R"(","verdict":"VALID"}],"conclusion":"confirmed"}})");
}

TEST(AuditStatementTest, StatesADifferenceOnlyWhereAReplayDiffers) {
  EXPECT_NE(Serialized({Audited(Verdict::kReplayDiffers, "fuel")}).find(R"("difference":"fuel")"),
            std::string::npos);
  EXPECT_EQ(Serialized({Audited(Verdict::kNotLogged, "no proof")}).find("difference"),
            std::string::npos);
}

TEST(AuditStatementTest, CutsALongDifferenceBetweenTwoCodePoints) {
  const std::string text =
      Serialized({Audited(Verdict::kReplayDiffers, std::string(1023, 'a') + "\xc3\xa4" + "more")});
  EXPECT_NE(text.find('"' + std::string(1023, 'a') + '"'), std::string::npos);
}

TEST(AuditStatementTest, OnlyAReceiptThatIsNotTrueContradicts) {
  for (const Verdict verdict : AllVerdicts()) {
    const auto alone = ConclusionOf({Audited(verdict)});
    const auto beside_a_valid_one = ConclusionOf({Audited(Verdict::kValid), Audited(verdict)});
    AuditConclusion expected = AuditConclusion::kInconclusive;
    if (verdict == Verdict::kValid) expected = AuditConclusion::kConfirmed;
    if (verdict == Verdict::kReplayDiffers || verdict == Verdict::kInconsistent) {
      expected = AuditConclusion::kContradicted;
    }
    EXPECT_EQ(alone, expected) << VerdictName(verdict);
    EXPECT_EQ(beside_a_valid_one, expected) << VerdictName(verdict);
  }
  EXPECT_EQ(ConclusionOf({}), AuditConclusion::kInconclusive);
  EXPECT_EQ(ConclusionOf({Audited(Verdict::kReplayImpossible), Audited(Verdict::kReplayDiffers)}),
            AuditConclusion::kContradicted);
}

TEST(AuditStatementTest, TakesOnlyNamesThatAStatementCanHold) {
  EXPECT_TRUE(IsAuditedName("r.json"));
  EXPECT_TRUE(IsAuditedName("\xc2\xa0\xc3\xa4"));
  EXPECT_TRUE(IsAuditedName(std::string(255, 'x')));
  for (const std::string& bad :
       {std::string(), std::string(256, 'x'), std::string("a/b"), std::string("a\n"),
        std::string("\x7f"), std::string("\xc2\x85"), std::string("\xff"), std::string("a\0", 2)}) {
    EXPECT_FALSE(IsAuditedName(bad)) << bad;
  }
}

}  // namespace
}  // namespace plasm::receipt
