#include "execution/tree_text.h"

#include <gtest/gtest.h>

#include <string>

#include "execution/testing/contents.h"

namespace plasm::execution {
namespace {

using testing::DigestOf;
using worker::EntryKind;

constexpr std::size_t kMany = 1000;

std::string Line(const std::string& contents, const std::string& path) {
  return DigestOf(contents).ToHex() + "  " + path + "\n";
}

// "d a, f a/b, l a/c -> x": what a reader made of the texts, or its error.
std::string Shown(const std::string& tree, const std::string& layout,
                  std::size_t max_entries = kMany) {
  const auto entries = ReadTreeTexts(tree, layout, max_entries);
  if (!entries) return ErrorCodeName(entries.error().code);
  std::string text;
  for (const TreeEntry& found : *entries) {
    const worker::InputEntry& entry = found.entry;
    if (!text.empty()) text += ", ";
    text += entry.kind == EntryKind::kFile ? "f " : entry.kind == EntryKind::kSymlink ? "l " : "d ";
    text += entry.path;
    if (entry.kind == EntryKind::kSymlink) text += " -> " + entry.target;
  }
  return text;
}

TEST(TreeTextTest, NoTextsAreAFolderWithNothingInIt) { EXPECT_EQ(Shown("", ""), ""); }

TEST(TreeTextTest, ParentsComeFirstAndEachLevelIsSortedByName) {
  // '.' is less than '/': the file comes first in the text, and after the folder in a snapshot.
  EXPECT_EQ(Shown(Line("1", "a.txt") + Line("2", "a/b") + Line("3", "b"), ""),
            "d a, f a/b, f a.txt, f b");
  EXPECT_EQ(Shown(Line("1", "a-b/x") + Line("2", "a/z"), ""), "d a, f a/z, d a-b, f a-b/x");
}

TEST(TreeTextTest, EmptyFoldersAndLinksComeFromTheLayout) {
  EXPECT_EQ(Shown(Line("1", "a/b"), "a/c/d/\na/e -> ../x\nz/\n"),
            "d a, f a/b, d a/c, d a/c/d, l a/e -> ../x, d z");
  EXPECT_EQ(Shown("", "a -> b -> c\n"), "l a -> b -> c");
  EXPECT_EQ(Shown("", "a -> b/\n"), "l a -> b/");
}

TEST(TreeTextTest, AFilesDigestIsItsContents) {
  const auto entries = ReadTreeTexts(Line("contents", "a"), "", kMany);
  ASSERT_TRUE(entries);
  EXPECT_EQ(entries->at(0).digest, DigestOf("contents"));
}

TEST(TreeTextTest, RefusesPathsThatLeaveTheFolderOrCannotBeNamed) {
  for (const std::string path :
       {"/a", "a/", "a//b", ".", "..", "../a", "a/..", "a/./b", "a\rb", "a\\b", "\xff", "-"}) {
    EXPECT_EQ(Shown(Line("1", path), ""), "invalid") << path;
  }
  EXPECT_EQ(Shown(Line("1", std::string("a\0b", 3)), ""), "invalid");
  EXPECT_EQ(Shown(Line("1", "a/-"), ""), "d a, f a/-");
  for (const std::string line : {"../a/\n", "/\n", "a//\n", "a\n", "a -> \n", "-> b\n", " -> b\n",
                                 "a -> b\rc\n", "\xff/\n"}) {
    EXPECT_EQ(Shown("", line), "invalid") << line;
  }
}

TEST(TreeTextTest, RefusesLinesOfAnotherForm) {
  const std::string digest = DigestOf("1").ToHex();
  for (const std::string& text :
       {digest + "  a", digest + " a\n", digest + " *a\n", digest + "  \n", digest + "\n",
        std::string("\n"), std::string(64, 'g') + "  a\n", std::string(64, 'A') + "  a\n",
        "\\" + digest + "  a\n"}) {
    EXPECT_EQ(Shown(text, ""), "invalid") << text;
  }
}

TEST(TreeTextTest, RefusesWhatIsNotSorted) {
  EXPECT_EQ(Shown(Line("1", "b") + Line("2", "a"), ""), "invalid");
  EXPECT_EQ(Shown(Line("1", "a") + Line("1", "a"), ""), "invalid");
  EXPECT_EQ(Shown("", "b/\na/\n"), "invalid");
  EXPECT_EQ(Shown("", "a/\na/\n"), "invalid");
  EXPECT_EQ(Shown("", "a -> x\na -> y\n"), "invalid");
}

TEST(TreeTextTest, RefusesTwoThingsInOnePlace) {
  EXPECT_EQ(Shown(Line("1", "a") + Line("2", "a/b"), ""), "invalid");
  EXPECT_EQ(Shown(Line("1", "a/b"), "a/\n"), "invalid");
  EXPECT_EQ(Shown(Line("1", "a"), "a -> b\n"), "invalid");
  EXPECT_EQ(Shown("", "a/\na/b/\n"), "invalid");
  EXPECT_EQ(Shown("", "a -> b\na/c/\n"), "invalid");
}

TEST(TreeTextTest, CountsFoldersThatAreNotWrittenDown) {
  const std::string text = Line("1", "a/b/c");
  EXPECT_EQ(Shown(text, "", 3), "d a, d a/b, f a/b/c");
  EXPECT_EQ(Shown(text, "", 2), "limit_exceeded");
}

TEST(TreeTextTest, GoesAsDeepAsASnapshot) {
  const auto nested = [](std::size_t parts) {
    std::string path = "a";
    while (--parts > 0) path += "/a";
    return Line("1", path);
  };
  EXPECT_EQ(ReadTreeTexts(nested(129), "", kMany)->size(), 129u);
  EXPECT_EQ(Shown(nested(130), ""), "invalid");
}

TEST(TreeTextTest, ASmallTextCannotStandForPathsWithoutEnd) {
  // Every folder's path has the long name in it once more.
  std::string path(std::size_t{4} << 20, 'a');
  for (int i = 0; i < 100; ++i) path += "/b";
  EXPECT_EQ(Shown(Line("1", path), ""), "limit_exceeded");
}

}  // namespace
}  // namespace plasm::execution
