#include "client/problem_document.h"

#include <gtest/gtest.h>

#include <string>

namespace plasm::client {
namespace {

Problem Read(int status, const std::string& body) { return ReadProblem(status, AsBytes(body)); }

TEST(ProblemDocumentTest, TellsCodeAndText) {
  const Problem problem = Read(403, R"({"type":"about:blank","title":"Forbidden","status":403,)"
                                    R"("code":"denied","detail":"live is not for you"})");
  EXPECT_EQ(problem.error.code, ErrorCode::kDenied);
  EXPECT_EQ(problem.error.message, "live is not for you");
  EXPECT_TRUE(problem.missing.empty());
}

TEST(ProblemDocumentTest, TellsWhatIsMissing) {
  const std::string digest(64, 'a');
  const Problem problem = Read(
      409, R"({"code":"conflict","detail":"blobs are missing","missing":[")" + digest + "\"]}");
  ASSERT_EQ(problem.missing.size(), 1u);
  EXPECT_EQ(problem.missing.front().ToHex(), digest);
}

TEST(ProblemDocumentTest, TextCanNeitherForgeLinesNorFlood) {
  const Problem forged = Read(400, R"({"code":"invalid","detail":"a\nplasm: all is well"})");
  EXPECT_EQ(forged.error.message, "a plasm: all is well");
  const Problem flood =
      Read(400, R"({"code":"invalid","detail":")" + std::string(10'000, 'x') + "\"}");
  EXPECT_LE(flood.error.message.size(), 2048u);
}

TEST(ProblemDocumentTest, AnythingElseLeavesTheStatusToSpeak) {
  for (const std::string body :
       {"", "<html>", "{}", R"({"code":"fine","detail":"x"})", R"({"code":"denied"})",
        R"({"code":"conflict","detail":"x","missing":["zz"]})"}) {
    const Problem problem = Read(503, body);
    EXPECT_EQ(problem.error.code, ErrorCode::kUnavailable) << body;
    EXPECT_EQ(problem.error.message, "the node answered 503 Service Unavailable") << body;
    EXPECT_TRUE(problem.missing.empty());
  }
}

}  // namespace
}  // namespace plasm::client
