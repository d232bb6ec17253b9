#include "client/node_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/file.h"
#include "base/testing/temp_folder.h"

namespace plasm::client {
namespace {

using ::testing::HasSubstr;

KnownNode Node(const std::string& name, const std::string& url) {
  return {name, *net::Endpoint::Parse(url)};
}

Result<NodeList> Parse(const std::string& text) { return NodeList::Parse(AsBytes(text)); }

NodeList Two() { return *Parse("a https://a.example\nb https://b.example:99\n"); }

TEST(NodeListTest, KeepsLinesThatItDoesNotChange) {
  auto list = Parse("# mine\n\na https://a.example:7420\nb unix:/run/plasm/sock\n");
  ASSERT_TRUE(list) << list.error().message;
  ASSERT_TRUE(list->Put(Node("a", "https://other.example:1")));
  ASSERT_TRUE(list->Put(Node("c", "https://[::1]")));
  ASSERT_TRUE(list->Remove("b"));
  EXPECT_EQ(list->Serialize(), "# mine\n\na https://other.example:1\nc https://[::1]:7420\n");
  EXPECT_EQ(list->Remove("b").error().code, ErrorCode::kNotFound);
}

TEST(NodeListTest, NamesTheLineThatIsWrong) {
  EXPECT_THAT(Parse("a https://a.example\nb\n").error().message, HasSubstr("line 2"));
  EXPECT_FALSE(Parse("a https://a.example\na https://b.example\n"));
  EXPECT_FALSE(Parse("a http://a.example\n"));
  EXPECT_FALSE(Parse("local https://a.example\n"));
  EXPECT_FALSE(Parse("-a https://a.example\n"));
  EXPECT_FALSE(Parse("#\x1b[2J\n"));
  EXPECT_EQ(Parse(std::string(kMaxNodeListBytes + 1, '\n')).error().code,
            ErrorCode::kLimitExceeded);
}

TEST(ChooseNodeTest, TheFlagCountsBeforeTheEnvironment) {
  EXPECT_EQ((*ChooseNode(Two(), "a", "b"))->name, "a");
  EXPECT_EQ((*ChooseNode(Two(), "", "b"))->name, "b");
  EXPECT_FALSE(ChooseNode(Two(), "local", "b")->has_value());
  EXPECT_FALSE(ChooseNode(Two(), "", "local")->has_value());
}

TEST(ChooseNodeTest, TheOnlyNodeNeedNotBeNamed) {
  EXPECT_EQ((*ChooseNode(*Parse("a https://a.example\n"), "", ""))->name, "a");
  EXPECT_FALSE(ChooseNode(NodeList(), "", "")->has_value());
}

TEST(ChooseNodeTest, OneOfSeveralHasToBe) {
  EXPECT_THAT(ChooseNode(Two(), "", "").error().message, HasSubstr("(a, b)"));
  EXPECT_THAT(ChooseNode(Two(), "c", "").error().message, HasSubstr("--node"));
  EXPECT_THAT(ChooseNode(Two(), "", "c").error().message, HasSubstr("$PLASM_NODE"));
}

TEST(NodeListFileTest, RemembersAcrossObjects) {
  const testing::TempFolder folder;
  EXPECT_TRUE(NodeListFile(folder / "new").Load()->Nodes().empty());
  EXPECT_FALSE(std::filesystem::exists(folder / "new"));
  ASSERT_TRUE(NodeListFile(folder / "new").Put(Node("a", "https://a.example")));
  EXPECT_EQ(NodeListFile(folder / "new").Load()->Find("a"), Node("a", "https://a.example"));
  ASSERT_TRUE(NodeListFile(folder / "new").Remove("a"));
  EXPECT_TRUE(NodeListFile(folder / "new").Load()->Nodes().empty());
}

TEST(NodeListFileTest, RefusesAFileThatOthersCanWrite) {
  const testing::TempFolder folder;
  ASSERT_TRUE(
      WriteFileAtomically(folder / "nodes", AsBytes("a https://a.example\n"), {.mode = 0666}));
  EXPECT_EQ(NodeListFile(folder.path()).Load().error().code, ErrorCode::kDenied);
}

}  // namespace
}  // namespace plasm::client
