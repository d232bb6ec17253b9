#include "execution/folder_contents.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>

#include "base/file.h"
#include "base/testing/temp_folder.h"
#include "execution/input_trees.h"
#include "execution/testing/contents.h"

namespace plasm::execution {
namespace {

namespace fs = std::filesystem;
using testing::DigestOf;

class FolderContentsTest : public ::testing::Test {
 protected:
  void Write(const std::string& path, std::string_view contents) {
    fs::create_directories((folder_ / path).parent_path());
    ASSERT_TRUE(WriteFileAtomically(folder_ / path, AsBytes(contents)));
  }
  std::string Found(const std::string& contents) const {
    const auto scanned = FolderContents::Scan(folder_.path());
    if (!scanned) return scanned.error().message;
    const auto bytes = ReadContent(*scanned, DigestOf(contents), 1000);
    return bytes ? std::string(AsText(*bytes)) : ErrorCodeName(bytes.error().code);
  }

  plasm::testing::TempFolder folder_;
};

TEST_F(FolderContentsTest, FindsFilesAtAnyDepth) {
  Write("a", "top");
  Write("b/c/d", "deep");
  EXPECT_EQ(Found("top"), "top");
  EXPECT_EQ(Found("deep"), "deep");
  EXPECT_EQ(Found("nowhere"), "not_found");
}

TEST_F(FolderContentsTest, NamesEveryFolderAsAnInput) {
  Write("in/x/a.txt", "1");
  Write("in/x/a/b", "2");
  fs::create_directories(folder_ / "in/x/empty");
  fs::create_symlink("nowhere", folder_ / "in/x/link");
  Write("beside", "3");
  worker::Inputs inputs;
  const auto folder = inputs.AddFolder(folder_ / "in/x", "/x", {});
  ASSERT_TRUE(folder);
  const auto contents = std::move(inputs).Seal();
  const auto trees = DescribeInputs({*folder}, *contents, nullptr);
  ASSERT_TRUE(trees);
  const auto scanned = FolderContents::Scan(folder_.path());
  ASSERT_TRUE(scanned);
  const auto fetched = FetchInputs(*trees, *scanned, {});
  ASSERT_TRUE(fetched) << fetched.error().message;
  ASSERT_EQ(fetched->folders.at(0).entries.size(), folder->entries.size());
  for (std::size_t i = 0; i < folder->entries.size(); ++i) {
    EXPECT_EQ(fetched->folders[0].entries[i].path, folder->entries[i].path);
  }
}

TEST_F(FolderContentsTest, LinksAreNotFollowed) {
  plasm::testing::TempFolder outside;
  ASSERT_TRUE(WriteFileAtomically(outside / "secret", AsBytes("secret")));
  fs::create_symlink(outside.path(), folder_ / "folder");
  fs::create_symlink(outside / "secret", folder_ / "file");
  EXPECT_EQ(Found("secret"), "not_found");
}

TEST_F(FolderContentsTest, WhatCannotBeReadIsLeftOut) {
  Write("a", "text");
  ASSERT_EQ(mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(Found("text"), "text");
}

TEST_F(FolderContentsTest, AFolderThatIsNotThereHasNothing) {
  const auto scanned = FolderContents::Scan(folder_ / "missing");
  ASSERT_TRUE(scanned);
  EXPECT_FALSE(scanned->Find(DigestOf("x")));
}

TEST_F(FolderContentsTest, AFileThatHasChangedMeanwhileIsDamaged) {
  Write("a", "before");
  const auto scanned = FolderContents::Scan(folder_.path());
  ASSERT_TRUE(scanned);
  Write("a", "after!");
  EXPECT_EQ(ReadContent(*scanned, DigestOf("before"), 100).error().code, ErrorCode::kCorrupt);
}

TEST_F(FolderContentsTest, KeepsToItsLimits) {
  Write("a", "123");
  Write("b/c", "45");
  const auto code = [this](const FolderScanLimits& limits) -> std::string {
    const auto scanned = FolderContents::Scan(folder_.path(), limits);
    return scanned ? "done" : ErrorCodeName(scanned.error().code);
  };
  EXPECT_EQ(code({.entries = 3, .bytes = 5}), "done");
  EXPECT_EQ(code({.entries = 2, .bytes = 5}), "limit_exceeded");
  EXPECT_EQ(code({.entries = 3, .bytes = 4}), "limit_exceeded");
  EXPECT_EQ(code({.entries = 3, .bytes = 5, .text_bytes = 60}), "limit_exceeded");
}

}  // namespace
}  // namespace plasm::execution
