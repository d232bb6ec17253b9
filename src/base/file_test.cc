#include "base/file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "base/testing/temp_folder.h"
#include "base/unique_fd.h"

namespace plasm {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

mode_t ModeOf(const fs::path& path) {
  struct stat info{};
  EXPECT_EQ(lstat(path.c_str(), &info), 0);
  return info.st_mode & 07777;
}

std::string Content(const fs::path& path) {
  auto bytes = ReadFile(path, 1 << 20);
  return bytes ? std::string(AsText(*bytes)) : "<" + bytes.error().message + ">";
}

std::size_t EntriesIn(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(FileTest, ReadsWhatWasWritten) {
  const plasm::testing::TempFolder folder;
  for (const std::size_t size : {0, 1, 4096, 16384, 16385, 300000}) {
    const std::string text(size, 'x');
    ASSERT_TRUE(WriteFileAtomically(folder / "a", AsBytes(text)));
    EXPECT_EQ(Content(folder / "a"), text);
  }
  EXPECT_EQ(EntriesIn(folder.path()), 1u);
}

TEST(FileTest, RefusesAFileLargerThanTheLimit) {
  const plasm::testing::TempFolder folder;
  ASSERT_TRUE(WriteFileAtomically(folder / "a", AsBytes("12345")));
  EXPECT_TRUE(ReadFile(folder / "a", 5));
  const auto refused = ReadFile(folder / "a", 4);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(refused.error().message, (folder / "a").string() + ": larger than 4 bytes");
  EXPECT_FALSE(ReadFile(folder / "a", 0));
}

TEST(FileTest, LimitHoldsForFilesWithoutASize) {
  EXPECT_EQ(ReadFile("/dev/zero", 100'000).error().code, ErrorCode::kLimitExceeded);
}

TEST(FileTest, ReadsAPipeToItsEnd) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  const std::string text(200'000, 'p');
  std::jthread writer([&] {
    for (std::size_t done = 0; done < text.size();) {
      const ssize_t n = write(write_end.get(), text.data() + done, text.size() - done);
      if (n <= 0) break;
      done += static_cast<std::size_t>(n);
    }
    write_end.Reset();
  });
  const auto bytes = ReadDescriptor(read_end.get(), "standard input", text.size());
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_EQ(AsText(*bytes), text);
}

TEST(FileTest, ErrorsNameThePathAndTheReason) {
  const plasm::testing::TempFolder folder;
  const auto missing = ReadFile(folder / "none", 10);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(missing.error().message, (folder / "none").string() + ": No such file or directory");
  EXPECT_THAT(ReadFile(folder.path(), 10).error().message, HasSubstr("Is a directory"));
  EXPECT_EQ(WriteFileAtomically(folder / "no/where", {}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(WriteFileAtomically("", {}).error().code, ErrorCode::kInvalid);
}

TEST(FileTest, ModeIsExactWhateverTheUmask) {
  const plasm::testing::TempFolder folder;
  const mode_t old = umask(0077);
  EXPECT_TRUE(WriteFileAtomically(folder / "open", {}, {.mode = 0644}));
  umask(0);
  EXPECT_TRUE(WriteFileAtomically(folder / "secret", {}, {.mode = 0600}));
  umask(old);
  EXPECT_EQ(ModeOf(folder / "open"), 0644u);
  EXPECT_EQ(ModeOf(folder / "secret"), 0600u);
}

TEST(FileTest, RefusingToReplaceKeepsTheOldFile) {
  const plasm::testing::TempFolder folder;
  const WriteOptions once{.if_exists = IfExists::kRefuse};
  ASSERT_TRUE(WriteFileAtomically(folder / "a", AsBytes("first"), once));
  const auto again = WriteFileAtomically(folder / "a", AsBytes("second"), once);
  EXPECT_EQ(again.error().code, ErrorCode::kConflict);
  EXPECT_EQ(Content(folder / "a"), "first");
  EXPECT_EQ(EntriesIn(folder.path()), 1u);
}

TEST(FileTest, FailedWriteLeavesNothingBehind) {
  const plasm::testing::TempFolder folder;
  ASSERT_TRUE(fs::create_directories(folder / "a/full"));
  EXPECT_FALSE(WriteFileAtomically(folder / "a", AsBytes("x")));
  EXPECT_EQ(EntriesIn(folder.path()), 1u);
}

TEST(FileTest, ReplacesALinkAndNotWhatItPointsAt) {
  const plasm::testing::TempFolder folder;
  ASSERT_TRUE(WriteFileAtomically(folder / "target", AsBytes("old")));
  fs::create_symlink(folder / "target", folder / "link");
  ASSERT_TRUE(WriteFileAtomically(folder / "link", AsBytes("new")));
  EXPECT_EQ(Content(folder / "target"), "old");
  EXPECT_EQ(Content(folder / "link"), "new");
}

TEST(FileTest, CreatesMissingFoldersOnly) {
  const plasm::testing::TempFolder folder;
  ASSERT_TRUE(CreateFolders(folder / "a", 0750));
  ASSERT_TRUE(CreateFolders(folder / "a/b/c/", 0700));
  ASSERT_TRUE(CreateFolders(folder / "a/b/c", 0755));
  EXPECT_EQ(ModeOf(folder / "a"), 0750u);
  EXPECT_EQ(ModeOf(folder / "a/b"), 0700u);
  EXPECT_EQ(ModeOf(folder / "a/b/c"), 0700u);
  const mode_t old = umask(0077);
  EXPECT_TRUE(CreateFolders(folder / "shared", 0755));
  umask(old);
  EXPECT_EQ(ModeOf(folder / "shared"), 0755u);
  ASSERT_TRUE(WriteFileAtomically(folder / "file", {}));
  EXPECT_FALSE(CreateFolders(folder / "file", 0700));
  EXPECT_FALSE(CreateFolders(folder / "file/below", 0700));
}

}  // namespace
}  // namespace plasm
