#include "tlog/folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "base/testing/temp_folder.h"

namespace plasm::tlog {
namespace {

namespace fs = std::filesystem;

class FolderTest : public ::testing::Test {
 protected:
  SystemFolder Open() {
    auto folder = SystemFolder::Open(path_, SystemFolder::Access::kWrite);
    EXPECT_TRUE(folder) << folder.error().message;
    return *std::move(folder);
  }

  const plasm::testing::TempFolder temporary_;
  const fs::path path_ = temporary_ / "made/log";
};

TEST_F(FolderTest, WritesReadsRenamesAndRemoves) {
  SystemFolder folder = Open();
  ASSERT_TRUE(folder.CreateFolder("tile"));
  ASSERT_TRUE(folder.CreateFolder("tile"));
  ASSERT_TRUE(folder.CreateFile("tile/a", AsBytes("text")));
  EXPECT_EQ(folder.CreateFile("tile/a", AsBytes("other")).error().code, ErrorCode::kConflict);
  ASSERT_TRUE(folder.SyncFile("tile/a"));
  ASSERT_TRUE(folder.SyncFolder("tile"));
  ASSERT_TRUE(folder.SyncFolder(""));
  EXPECT_EQ(AsText(*folder.Read("tile/a", 4)), "text");
  EXPECT_EQ(folder.Read("tile/a", 3).error().code, ErrorCode::kLimitExceeded);
  ASSERT_TRUE(folder.Rename("tile/a", "b"));
  EXPECT_EQ(folder.Read("tile/a", 4).error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(*folder.Exists("tile/a"));
  EXPECT_FALSE(*folder.Exists("none/a"));
  EXPECT_TRUE(*folder.Exists("b"));
  ASSERT_TRUE(folder.RemoveFile("b"));
  ASSERT_TRUE(folder.RemoveFile("b"));
  ASSERT_TRUE(folder.CreateFile("tile/1", {}));
  ASSERT_TRUE(folder.CreateFile("tile/2", {}));
  ASSERT_TRUE(folder.RemoveFolder("tile"));
  ASSERT_TRUE(folder.RemoveFolder("tile"));
  EXPECT_FALSE(fs::exists(path_ / "tile"));
}

TEST_F(FolderTest, SyncsManyAtOnceAndTellsIfOneFails) {
  SystemFolder folder = Open();
  std::vector<std::string> files;
  for (int i = 0; i < 20; ++i) {
    files.push_back("file" + std::to_string(i));
    ASSERT_TRUE(folder.CreateFile(files.back(), AsBytes("x")));
  }
  EXPECT_TRUE(folder.SyncAll(files, std::vector<std::string>{""}));
  EXPECT_TRUE(folder.SyncAll({}, {}));
  EXPECT_FALSE(folder.SyncAll(files, std::vector<std::string>{"", "none"}));
  files[7] = "none";
  EXPECT_EQ(folder.SyncAll(files, {}).error().code, ErrorCode::kNotFound);
}

TEST_F(FolderTest, LetsEverybodyReadWhateverTheUmask) {
  const mode_t old = umask(0077);
  SystemFolder folder = Open();
  ASSERT_TRUE(folder.CreateFolder("tile"));
  ASSERT_TRUE(folder.CreateFile("tile/a", {}));
  umask(old);
  EXPECT_EQ(fs::status(path_ / "tile").permissions(), fs::perms{0755});
  EXPECT_EQ(fs::status(path_ / "tile/a").permissions(), fs::perms{0644});
}

TEST_F(FolderTest, OneWritesAtATimeAndOthersMayRead) {
  {
    const SystemFolder writer = Open();
    EXPECT_EQ(SystemFolder::Open(path_, SystemFolder::Access::kWrite).error().code,
              ErrorCode::kConflict);
    EXPECT_TRUE(SystemFolder::Open(path_, SystemFolder::Access::kRead));
  }
  EXPECT_TRUE(SystemFolder::Open(path_, SystemFolder::Access::kWrite));
  EXPECT_EQ(SystemFolder::Open(path_ / "none", SystemFolder::Access::kRead).error().code,
            ErrorCode::kNotFound);
}

TEST_F(FolderTest, DoesNotFollowLinksOrReadPipes) {
  SystemFolder folder = Open();
  std::ofstream(temporary_ / "secret") << "secret";
  fs::create_symlink(temporary_ / "secret", path_ / "file");
  fs::create_directory_symlink(temporary_.path(), path_ / "folder");
  ASSERT_EQ(mkfifo((path_ / "pipe").c_str(), 0600), 0);
  EXPECT_FALSE(folder.Read("file", 100));
  EXPECT_FALSE(folder.Read("folder/secret", 100));
  EXPECT_FALSE(folder.Read("pipe", 100));
  EXPECT_FALSE(folder.CreateFile("folder/new", {}));
  EXPECT_FALSE(folder.RemoveFolder("folder"));
  EXPECT_TRUE(fs::exists(temporary_ / "secret"));
}

TEST_F(FolderTest, StaysInside) {
  SystemFolder folder = Open();
  std::ofstream(temporary_ / "made/outside") << "x";
  for (const char* path : {"../outside", "", ".", "..", "/etc/hostname", "a//b", "../made/outside",
                           "tile/../../outside"}) {
    EXPECT_FALSE(folder.Read(path, 100)) << path;
  }
}

TEST_F(FolderTest, RefusesALinkInPlaceOfTheLock) {
  fs::create_directories(path_);
  std::ofstream(temporary_ / "other") << "x";
  fs::create_symlink(temporary_ / "other", path_ / "lock");
  EXPECT_FALSE(SystemFolder::Open(path_, SystemFolder::Access::kWrite));
}

}  // namespace
}  // namespace plasm::tlog
