#include "receipt/verdict.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace plasm::receipt {
namespace {

TEST(VerdictTest, NamesAndExitCodesAreStable) {
  const std::tuple<Verdict, const char*, int> expected[] = {
      {Verdict::kValidLegacyUnbound, "VALID_LEGACY_UNBOUND", 0},
      {Verdict::kMalformed, "MALFORMED", 10},
      {Verdict::kBadSignature, "BAD_SIGNATURE", 11},
      {Verdict::kUnknownKey, "UNKNOWN_KEY", 12},
      {Verdict::kWrongKey, "WRONG_KEY", 13}};
  EXPECT_EQ(std::size(expected), AllVerdicts().size());
  for (const auto& [verdict, name, exit_code] : expected) {
    EXPECT_EQ(VerdictName(verdict), name);
    EXPECT_EQ(VerdictExitCode(verdict), exit_code);
  }
}

TEST(VerdictTest, OnlyValidVerdictsExitWithZero) {
  std::set<int> codes;
  for (const Verdict verdict : AllVerdicts()) {
    const bool valid = VerdictName(verdict).starts_with("VALID");
    EXPECT_EQ(VerdictExitCode(verdict) == 0, valid) << VerdictName(verdict);
    EXPECT_NE(VerdictMeaning(verdict), "");
    EXPECT_TRUE(valid || codes.insert(VerdictExitCode(verdict)).second);
  }
}

}  // namespace
}  // namespace plasm::receipt
