#include "receipt/tree_digest.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "receipt/testing/examples.h"

namespace plasm::receipt {
namespace {

using testing::DigestOf;

TEST(TreeDigestTest, IsTheDigestOfTheSortedLines) {
  TreeDigestBuilder builder;
  for (const char* path : {"b", "a/b", "a!", "B", "\xc3\xa4", "-x", "a -> b"}) {
    ASSERT_TRUE(builder.AddFile(path, DigestOf(path))) << path;
  }
  const auto digests = std::move(builder).Finish();
  ASSERT_TRUE(digests);
  std::string text;
  for (const char* path : {"-x", "B", "a -> b", "a!", "a/b", "b", "\xc3\xa4"}) {
    text += DigestOf(path).ToHex() + "  " + path + "\n";
  }
  EXPECT_EQ(digests->tree, DigestOf(text));
  EXPECT_EQ(digests->layout, std::nullopt);
}

TEST(TreeDigestTest, AnEmptyFolderHasTheDigestOfNothingAndNoLayout) {
  const auto digests = TreeDigestBuilder().Finish();
  ASSERT_TRUE(digests);
  EXPECT_EQ(*digests, (TreeDigests{.tree = DigestOf(""), .layout = std::nullopt}));
}

TEST(TreeDigestTest, TheLayoutHasEmptyFoldersAndLinksSortedByPath) {
  TreeDigestBuilder builder;
  ASSERT_TRUE(builder.AddLink("b", "../a -> x"));
  ASSERT_TRUE(builder.AddFile("file", DigestOf("")));
  ASSERT_TRUE(builder.AddEmptyFolder("a.b"));
  ASSERT_TRUE(builder.AddEmptyFolder("a"));
  const auto digests = std::move(builder).Finish();
  ASSERT_TRUE(digests);
  // By path: "a" before "a.b", though '/' comes after '.'.
  EXPECT_EQ(digests->layout, DigestOf("a/\na.b/\nb -> ../a -> x\n"));
  EXPECT_EQ(digests->tree, DigestOf(DigestOf("").ToHex() + "  file\n"));
}

TEST(TreeDigestTest, RefusesPathsThatAManifestCannotName) {
  for (const std::string& bad :
       {std::string(), std::string("/a"), std::string("a/"), std::string("a//b"), std::string("."),
        std::string("./a"), std::string("a/./b"), std::string(".."), std::string("a/.."),
        std::string("../a"), std::string("a\nb"), std::string("a\rb"), std::string("a\\b"),
        std::string("\xff"), std::string("a\0b", 3)}) {
    TreeDigestBuilder builder;
    EXPECT_FALSE(builder.AddFile(bad, DigestOf(""))) << bad;
    EXPECT_FALSE(builder.AddEmptyFolder(bad)) << bad;
    EXPECT_FALSE(builder.AddLink(bad, "a")) << bad;
  }
  for (const char* good : {"...", "a/.b", ".a", "a..b/c", "a b"}) {
    EXPECT_TRUE(TreeDigestBuilder().AddFile(good, DigestOf(""))) << good;
  }
}

TEST(TreeDigestTest, RefusesThePathThatSha256sumTakesForItsInput) {
  EXPECT_FALSE(TreeDigestBuilder().AddFile("-", DigestOf("")));
  EXPECT_TRUE(TreeDigestBuilder().AddFile("a/-", DigestOf("")));
  EXPECT_TRUE(TreeDigestBuilder().AddEmptyFolder("-"));
}

TEST(TreeDigestTest, RefusesPathsThatWouldMakeTwoLayoutsTheSame) {
  EXPECT_FALSE(TreeDigestBuilder().AddLink("a -> b", "c"));
  EXPECT_FALSE(TreeDigestBuilder().AddEmptyFolder("a -> b"));
  EXPECT_TRUE(TreeDigestBuilder().AddLink("a", "b -> c"));
}

TEST(TreeDigestTest, RefusesTextsOfLinksThatWouldBreakTheirLine) {
  for (const char* bad : {"", "a\nb", "a\r", "\\", "\xff"}) {
    EXPECT_FALSE(TreeDigestBuilder().AddLink("a", bad)) << bad;
  }
}

TEST(TreeDigestTest, RefusesAPathThatIsThereTwice) {
  TreeDigestBuilder files;
  ASSERT_TRUE(files.AddFile("a", DigestOf("1")));
  ASSERT_TRUE(files.AddFile("b", DigestOf("1")));
  ASSERT_TRUE(files.AddFile("a", DigestOf("2")));
  EXPECT_FALSE(std::move(files).Finish());
  TreeDigestBuilder kinds;
  ASSERT_TRUE(kinds.AddFile("a", DigestOf("1")));
  ASSERT_TRUE(kinds.AddLink("a", "b"));
  EXPECT_FALSE(std::move(kinds).Finish());
}

}  // namespace
}  // namespace plasm::receipt
