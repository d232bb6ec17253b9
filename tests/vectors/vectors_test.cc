// Every case of spec/vectors/*.json, each a test of its own, as in
// Receipt/VectorTest.GivesItsVerdict/signature_63_bytes.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <ostream>

#include "case_runners.h"

namespace plasm::vectors {
namespace {

struct VectorFile {
  const char* suite;
  const char* file;
  const char* format;
  void (*run)(CaseFields&);
};

constexpr std::array<VectorFile, 6> kFiles = {{
    {"Card/VectorTest", "card", "plasm-vectors/card/v1", RunCardCase},
    {"Job/VectorTest", "job", "plasm-vectors/job/v1", RunJobCase},
    {"Log/VectorTest", "log", "plasm-vectors/log/v1", RunLogCase},
    {"Quorum/VectorTest", "quorum", "plasm-vectors/quorum/v1", RunQuorumCase},
    {"Receipt/VectorTest", "receipt", "plasm-vectors/receipt/v1", RunReceiptCase},
    {"Trust/VectorTest", "trust", "plasm-vectors/trust/v1", RunTrustCase},
}};

struct VectorCase {
  Case content;
  void (*run)(CaseFields&);

  friend std::ostream& operator<<(std::ostream& out, const VectorCase& vector) {
    return out << vector.content.name;
  }
};

std::vector<VectorCase> CasesOf(std::size_t file) {
  std::vector<VectorCase> cases;
  for (Case& content : ReadCases(kFiles[file].file, kFiles[file].format)) {
    cases.push_back({std::move(content), kFiles[file].run});
  }
  return cases;
}

std::string TestName(const ::testing::TestParamInfo<VectorCase>& info) {
  std::string name = info.param.content.name;
  std::ranges::replace(name, '-', '_');
  return name;
}

class VectorTest : public ::testing::TestWithParam<VectorCase> {};

TEST_P(VectorTest, GivesItsVerdict) {
  CaseFields fields = GetParam().content.Fields();
  GetParam().run(fields);
  if (!HasFatalFailure()) fields.End();
}

INSTANTIATE_TEST_SUITE_P(Card, VectorTest, ::testing::ValuesIn(CasesOf(0)), TestName);
INSTANTIATE_TEST_SUITE_P(Job, VectorTest, ::testing::ValuesIn(CasesOf(1)), TestName);
INSTANTIATE_TEST_SUITE_P(Log, VectorTest, ::testing::ValuesIn(CasesOf(2)), TestName);
INSTANTIATE_TEST_SUITE_P(Quorum, VectorTest, ::testing::ValuesIn(CasesOf(3)), TestName);
INSTANTIATE_TEST_SUITE_P(Receipt, VectorTest, ::testing::ValuesIn(CasesOf(4)), TestName);
INSTANTIATE_TEST_SUITE_P(Trust, VectorTest, ::testing::ValuesIn(CasesOf(5)), TestName);

const ::testing::TestSuite* SuiteOf(std::string_view name) {
  const auto& all = *::testing::UnitTest::GetInstance();
  for (int i = 0; i < all.total_test_suite_count(); ++i) {
    if (all.GetTestSuite(i)->name() == name) return all.GetTestSuite(i);
  }
  return nullptr;
}

// Counts by the text alone: the generator writes one line `"spec": …` a case, and no other.
std::size_t CasesInText(const std::string& file) {
  constexpr std::string_view kMark = "\"spec\": ";
  const std::string text = ReadDocument(file + ".json");
  std::size_t count = 0;
  for (auto at = text.find(kMark); at != std::string::npos; at = text.find(kMark, at + 1)) ++count;
  return count;
}

TEST(VectorFilesTest, EveryCaseInEveryFileIsATest) {
  std::vector<std::string> known;
  for (const VectorFile& file : kFiles) {
    known.emplace_back(file.file);
    const auto* suite = SuiteOf(file.suite);
    ASSERT_NE(suite, nullptr) << file.suite;
    EXPECT_EQ(static_cast<std::size_t>(suite->total_test_count()), CasesInText(file.file))
        << file.file;
    EXPECT_EQ(suite->disabled_test_count(), 0) << file.file;
  }
  EXPECT_EQ(VectorFiles(), known);
}

TEST(VectorFilesTest, AnUnknownFormatOrMemberIsNotPassedOver) {
  EXPECT_THROW(ReadCases("trust", "plasm-vectors/trust/v2"), std::runtime_error);
  Case vector = ReadCases("trust", "plasm-vectors/trust/v1").front();
  vector.members.push_back({"later", {true}});
  CaseFields fields = vector.Fields();
  RunTrustCase(fields);
  EXPECT_THROW(fields.End(), std::runtime_error);
}

}  // namespace
}  // namespace plasm::vectors
