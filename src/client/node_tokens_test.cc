#include "client/node_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>

#include "base/file.h"
#include "base/testing/temp_folder.h"

namespace plasm::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kA(43, 'A');
const std::string kB(43, 'b');

Result<NodeTokens> Parse(const std::string& text) { return NodeTokens::Parse(AsBytes(text)); }

TEST(NodeTokensTest, HoldsOneTokenANode) {
  auto tokens = Parse("b " + kB + "\na " + kA);
  ASSERT_TRUE(tokens) << tokens.error().message;
  EXPECT_EQ(tokens->Find("a"), kA);
  EXPECT_EQ(tokens->Find("c"), std::nullopt);
  ASSERT_TRUE(tokens->Put("a", kB));
  EXPECT_TRUE(tokens->Remove("b"));
  EXPECT_FALSE(tokens->Remove("b"));
  EXPECT_EQ(tokens->Serialize(), "a " + kB + "\n");
}

TEST(NodeTokensTest, NamesTheLineThatIsWrongAndShowsNothingOfIt) {
  for (const std::string& line :
       {std::string(), std::string("a"), "a " + kA + " ", "a  " + kA, "a " + kA + "x",
        "local " + kA, "#x " + kA, "b " + kB, "\x1b " + kA, "a\t" + kA}) {
    const auto tokens = Parse("b " + kB + "\n" + line + "\n");
    ASSERT_FALSE(tokens) << line;
    EXPECT_THAT(tokens.error().message, HasSubstr("line 2"));
    EXPECT_THAT(tokens.error().message, Not(HasSubstr("AAAA")));
    EXPECT_THAT(tokens.error().message, Not(HasSubstr("bbbb")));
  }
  EXPECT_EQ(Parse(std::string(kMaxNodeTokensBytes + 1, '\n')).error().code,
            ErrorCode::kLimitExceeded);
}

TEST(NodeTokensTest, TheFileIsTheOwnersAlone) {
  const testing::TempFolder folder;
  const NodeTokenFile file(folder / "data");
  EXPECT_EQ(file.Load()->Find("a"), std::nullopt);
  ASSERT_TRUE(file.Put("a", kA));
  struct stat info{};
  ASSERT_EQ(stat((folder / "data" / "node_tokens").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600u);
  EXPECT_EQ(file.Load()->Find("a"), kA);
  ASSERT_EQ(chmod((folder / "data" / "node_tokens").c_str(), 0640), 0);
  EXPECT_EQ(file.Load().error().code, ErrorCode::kDenied);
  EXPECT_EQ(file.Put("b", kB).error().code, ErrorCode::kDenied);
}

TEST(NodeTokensTest, ASecretIsReadFromAFileThatHasNothingElse) {
  const testing::TempFolder folder;
  const auto read = [&](const std::string& text) {
    EXPECT_TRUE(WriteFileAtomically(folder / "secret", AsBytes(text)));
    return ReadTokenSecret(folder / "secret");
  };
  EXPECT_EQ(*read(kA + "\n"), kA);
  EXPECT_EQ(*read(kA), kA);
  for (const std::string& text : {std::string(), kA + "\n\n", " " + kA, kA + "=", kA + kA}) {
    const auto secret = read(text);
    ASSERT_FALSE(secret) << text;
    EXPECT_EQ(secret.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(secret.error().message, Not(HasSubstr("AAAA")));
  }
}

}  // namespace
}  // namespace plasm::client
