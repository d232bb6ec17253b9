#include "net/problem.h"

#include <gtest/gtest.h>

namespace plasm::net {
namespace {

TEST(ProblemTest, HasTheMembersOfTheRfc) {
  EXPECT_EQ(ProblemBody(404, "not_found", "job \"x\"\n"),
            R"({"type":"about:blank","title":"Not Found","status":404,)"
            R"("detail":"job \"x\"\n","code":"not_found"})");
}

TEST(ProblemTest, EveryCodeHasAStatusThatLeadsBack) {
  for (const ErrorCode code :
       {ErrorCode::kInvalid, ErrorCode::kDenied, ErrorCode::kNotFound, ErrorCode::kConflict,
        ErrorCode::kLimitExceeded, ErrorCode::kUnavailable, ErrorCode::kInternal}) {
    EXPECT_EQ(CodeOfStatus(StatusOf(code)), code) << ErrorCodeName(code);
    EXPECT_NE(ReasonOf(StatusOf(code)), "Unknown");
  }
  EXPECT_EQ(StatusOf(ErrorCode::kOverloaded), 503);
  EXPECT_EQ(StatusOf(ErrorCode::kCorrupt), 500);
  EXPECT_EQ(CodeOfStatus(429), ErrorCode::kOverloaded);
}

}  // namespace
}  // namespace plasm::net
