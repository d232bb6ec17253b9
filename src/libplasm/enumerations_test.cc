#include "libplasm/enumerations.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <set>
#include <string>

#include "libplasm/failure.h"

namespace plasm::libplasm {
namespace {

TEST(EnumerationsTest, EveryVerdictHasItsOwnNameAndMeaning) {
  std::set<std::string> names;
  for (const receipt::Verdict verdict : receipt::AllVerdicts()) {
    const v0::Verdict shown = VerdictOf(verdict);
    EXPECT_EQ(VerdictOf(shown), verdict);
    EXPECT_EQ(v0::VerdictName(shown), receipt::VerdictName(verdict));
    EXPECT_EQ(v0::VerdictMeaning(shown), receipt::VerdictMeaning(verdict));
    names.insert(v0::VerdictName(shown));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(v0::Verdict::kNoQuorum) + 1);
}

TEST(EnumerationsTest, EveryStateHasItsOwnName) {
  for (std::size_t i = 0; i < receipt::kJobStates; ++i) {
    const auto state = static_cast<receipt::JobState>(i);
    EXPECT_EQ(StateOf(StateOf(state)), state);
    EXPECT_EQ(v0::JobStateName(StateOf(state)), receipt::JobStateName(state));
    EXPECT_EQ(v0::IsEnded(StateOf(state)), receipt::IsEnded(state));
  }
}

TEST(EnumerationsTest, AReceiptsStatusIsTheStateOfTheSameName) {
  for (const auto status :
       {receipt::Status::kExited, receipt::Status::kTrapped, receipt::Status::kOutOfFuel,
        receipt::Status::kOutputLimit, receipt::Status::kTimedOut, receipt::Status::kCancelled,
        receipt::Status::kRejected}) {
    EXPECT_EQ(v0::JobStateName(StateOf(status)), receipt::StatusName(status));
  }
}

TEST(FailureTest, AnErrorKeepsItsCodeAndText) {
  for (const ErrorCode code :
       {ErrorCode::kInvalid, ErrorCode::kDenied, ErrorCode::kNotFound, ErrorCode::kConflict,
        ErrorCode::kLimitExceeded, ErrorCode::kOverloaded, ErrorCode::kUnavailable,
        ErrorCode::kCorrupt, ErrorCode::kInternal}) {
    try {
      ValueOf(Result<int>(Error{code, "file: why"}));
      ADD_FAILURE();
    } catch (const v0::Error& error) {
      EXPECT_STREQ(v0::ErrorCodeName(error.code()), ErrorCodeName(code));
      EXPECT_STREQ(error.what(), "file: why");
    }
  }
  EXPECT_EQ(ValueOf(Result<int>(7)), 7);
}

}  // namespace
}  // namespace plasm::libplasm
