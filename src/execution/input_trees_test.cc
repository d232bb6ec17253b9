#include "execution/input_trees.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "base/file.h"
#include "base/testing/temp_folder.h"
#include "execution/testing/contents.h"

namespace plasm::execution {
namespace {

namespace fs = std::filesystem;
using plasm::testing::TempFolder;
using testing::DigestOf;

// What a guest sees: everything of the entries, with contents in the place of offsets.
std::string Seen(const std::vector<worker::InputFolder>& folders, const UniqueFd& contents) {
  std::string text;
  for (const worker::InputFolder& folder : folders) {
    text += "[" + folder.guest_path + "]\n";
    for (const worker::InputEntry& entry : folder.entries) {
      std::string bytes(entry.size, '?');
      EXPECT_EQ(pread(contents.get(), bytes.data(), bytes.size(), static_cast<off_t>(entry.offset)),
                static_cast<ssize_t>(entry.size));
      text += std::to_string(static_cast<int>(entry.kind)) + " " + entry.path + " " + bytes +
              (entry.target.empty() ? "" : " -> " + entry.target) + "\n";
    }
  }
  return text;
}

class InputTreesTest : public ::testing::Test {
 protected:
  void Write(const std::string& path, std::string_view contents) {
    fs::create_directories((host_ / path).parent_path());
    ASSERT_TRUE(WriteFileAtomically(host_ / path, AsBytes(contents)));
  }

  struct Snapshot {
    std::vector<worker::InputFolder> folders;
    UniqueFd contents;
  };
  Snapshot Take(const std::vector<std::string>& names) {
    worker::Inputs inputs;
    Snapshot snapshot;
    for (const std::string& name : names) {
      auto folder = inputs.AddFolder(host_ / name, "/" + name, limits_);
      EXPECT_TRUE(folder) << folder.error().message;
      snapshot.folders.push_back(*std::move(folder));
    }
    snapshot.contents = *std::move(inputs).Seal();
    return snapshot;
  }

  void MakeExample() {
    Write("in/a/b.txt", "b");
    Write("in/a/c/d", "");
    Write("in/a.txt", "beside a");
    Write("in/a-b", "sorts before a/");
    Write("in/gr\xc3\xbc\xc3\x9f/x -> y", "arrow");
    fs::create_directories(host_ / "in/empty/inner");
    fs::create_directories(host_ / "in/a/empty");
    fs::create_symlink("../nowhere", host_ / "in/a/link");
    fs::create_symlink("x -> y", host_ / "in/arrow");
    fs::create_directories(host_ / "nothing");
    Write("other/b", "b");
  }

  TempFolder host_;
  TempFolder store_folder_;
  BlobStore store_{store_folder_ / "blobs"};
  worker::JobLimits limits_;
};

TEST_F(InputTreesTest, WhatIsFetchedIsWhatTheSnapshotHas) {
  MakeExample();
  const Snapshot snapshot = Take({"in", "nothing", "other"});
  const auto trees = DescribeInputs(snapshot.folders, snapshot.contents, &store_);
  ASSERT_TRUE(trees) << trees.error().message;
  const auto fetched = FetchInputs(*trees, store_, limits_);
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_EQ(Seen(fetched->folders, fetched->contents), Seen(snapshot.folders, snapshot.contents));
  EXPECT_NE(Seen(snapshot.folders, snapshot.contents).find("a/c/d"), std::string::npos);
}

TEST_F(InputTreesTest, TheDigestsAreThoseOfSha256sum) {
  Write("in/b", "b");
  Write("in/a/x", "x");
  const Snapshot snapshot = Take({"in"});
  const auto trees = DescribeInputs(snapshot.folders, snapshot.contents, nullptr);
  ASSERT_TRUE(trees);
  EXPECT_EQ(trees->at(0).guest, "/in");
  EXPECT_EQ(trees->at(0).tree,
            DigestOf(DigestOf("x").ToHex() + "  a/x\n" + DigestOf("b").ToHex() + "  b\n"));
  EXPECT_FALSE(trees->at(0).layout);
}

TEST_F(InputTreesTest, ALayoutIsThereExactlyWhenThereIsSomethingForIt) {
  fs::create_directories(host_ / "in/e");
  const Snapshot snapshot = Take({"in"});
  const auto trees = DescribeInputs(snapshot.folders, snapshot.contents, nullptr);
  EXPECT_EQ(trees->at(0).tree, DigestOf(""));
  EXPECT_EQ(trees->at(0).layout, DigestOf("e/\n"));
}

TEST_F(InputTreesTest, KeepingChangesNoDigest) {
  MakeExample();
  const Snapshot snapshot = Take({"in"});
  EXPECT_EQ(*DescribeInputs(snapshot.folders, snapshot.contents, nullptr),
            *DescribeInputs(snapshot.folders, snapshot.contents, &store_));
}

TEST_F(InputTreesTest, NoFoldersNeedNothing) {
  EXPECT_TRUE(DescribeInputs({}, UniqueFd(), nullptr)->empty());
  const auto fetched = FetchInputs({}, store_, limits_);
  ASSERT_TRUE(fetched);
  EXPECT_TRUE(fetched->folders.empty());
  EXPECT_FALSE(fetched->contents);
}

TEST_F(InputTreesTest, ANameThatNoManifestCanHoldIsRefused) {
  Write("in/back\\slash", "x");
  const Snapshot snapshot = Take({"in"});
  const auto trees = DescribeInputs(snapshot.folders, snapshot.contents, nullptr);
  ASSERT_FALSE(trees);
  EXPECT_EQ(trees.error().code, ErrorCode::kInvalid);
}

TEST_F(InputTreesTest, WhatIsMissingIsSaid) {
  Write("in/a", "contents");
  const Snapshot snapshot = Take({"in"});
  const auto trees = DescribeInputs(snapshot.folders, snapshot.contents, nullptr);
  testing::Contents contents;
  EXPECT_EQ(FetchInputs(*trees, contents, limits_).error().code, ErrorCode::kNotFound);
  contents.Add(DigestOf("contents").ToHex() + "  a\n");
  EXPECT_EQ(FetchInputs(*trees, contents, limits_).error().code, ErrorCode::kNotFound);
  contents.Add("contents");
  EXPECT_TRUE(FetchInputs(*trees, contents, limits_));
}

TEST_F(InputTreesTest, TheLimitsCountAllFoldersTogether) {
  testing::Contents contents;
  contents.Add("1234");
  const receipt::InputTree tree{
      .guest = "/a", .tree = contents.Add(DigestOf("1234").ToHex() + "  a/b\n"), .layout = {}};
  limits_.file_nodes = 4;
  limits_.file_bytes = 8;
  EXPECT_TRUE(FetchInputs({tree, tree}, contents, limits_));
  EXPECT_EQ(FetchInputs({tree, tree, tree}, contents, limits_).error().code,
            ErrorCode::kLimitExceeded);
  limits_.file_nodes = 3;
  EXPECT_EQ(FetchInputs({tree, tree}, contents, limits_).error().code, ErrorCode::kLimitExceeded);
  limits_.file_nodes = 4;
  limits_.file_bytes = 7;
  EXPECT_EQ(FetchInputs({tree, tree}, contents, limits_).error().code, ErrorCode::kLimitExceeded);
}

TEST_F(InputTreesTest, NobodyCanChangeWhatWasFetched) {
  MakeExample();
  const Snapshot snapshot = Take({"in"});
  const auto fetched =
      FetchInputs(*DescribeInputs(snapshot.folders, snapshot.contents, &store_), store_, limits_);
  EXPECT_EQ(pwrite(fetched->contents.get(), "x", 1, 0), -1);
}

}  // namespace
}  // namespace plasm::execution
