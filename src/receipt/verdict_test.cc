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
      {Verdict::kWrongKey, "WRONG_KEY", 13},
      {Verdict::kValid, "VALID", 0},
      {Verdict::kNodeBlocked, "NODE_BLOCKED", 14},
      {Verdict::kKeyNotValid, "KEY_NOT_VALID", 15},
      {Verdict::kKeyRevoked, "KEY_REVOKED", 16},
      {Verdict::kNotLogged, "NOT_LOGGED", 17},
      {Verdict::kBadLogProof, "BAD_LOG_PROOF", 18},
      {Verdict::kNotWitnessed, "NOT_WITNESSED", 19},
      {Verdict::kInconsistent, "INCONSISTENT", 20},
      {Verdict::kWrongJob, "WRONG_JOB", 21},
      {Verdict::kTooLate, "TOO_LATE", 22},
      {Verdict::kWrongOutput, "WRONG_OUTPUT", 23},
      {Verdict::kReplayDiffers, "REPLAY_DIFFERS", 30},
      {Verdict::kReplayInconclusive, "REPLAY_INCONCLUSIVE", 31},
      {Verdict::kReplayImpossible, "REPLAY_IMPOSSIBLE", 32},
      {Verdict::kNoQuorum, "NO_QUORUM", 24}};
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
