#include "worker/supervisor/inputs.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstring>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/testing/temp_folder.h"

namespace plasm::worker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

void Write(const fs::path& path, const std::string& contents) {
  std::ofstream(path, std::ios::binary) << contents;
}

std::vector<std::string> Paths(const InputFolder& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : folder.entries) {
    const char* mark = entry.kind == EntryKind::kDirectory ? "/"
                       : entry.kind == EntryKind::kSymlink ? "@"
                                                           : "";
    paths.push_back(entry.path + mark);
  }
  return paths;
}

std::string Contents(const UniqueFd& inputs, const InputEntry& entry) {
  std::string text(entry.size, '\0');
  EXPECT_EQ(pread(inputs.get(), text.data(), text.size(), static_cast<off_t>(entry.offset)),
            static_cast<ssize_t>(text.size()));
  return text;
}

// Everything below a folder that a write to it would change.
std::map<std::string, std::string> Listing(const fs::path& folder) {
  std::map<std::string, std::string> listing;
  struct stat status{};
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    EXPECT_EQ(lstat(entry.path().c_str(), &status), 0);
    std::string what = std::to_string(status.st_mode) + " " +
                       std::to_string(status.st_mtim.tv_sec) + "." +
                       std::to_string(status.st_mtim.tv_nsec) + " " + std::to_string(status.st_ino);
    if (S_ISREG(status.st_mode)) what += AsText(*ReadFile(entry.path(), 1 << 24));
    listing[entry.path()] = what;
  }
  return listing;
}

Error Refused(const fs::path& folder, const JobLimits& limits = {}) {
  Inputs inputs;
  auto added = inputs.AddFolder(folder, "/", limits);
  EXPECT_FALSE(added);
  return added ? Error{ErrorCode::kInternal, "not refused"} : added.error();
}

TEST(InputsTest, TakesASnapshotSortedBytewiseWithParentsFirst) {
  const plasm::testing::TempFolder folder;
  fs::create_directories(folder / "b" / "inner");
  fs::create_directory(folder / "a");
  Write(folder / "b" / "inner" / "deep", "deep contents");
  Write(folder / "b" / "z", "");
  Write(folder / "B", "capital");
  Write(folder / "a.txt", "text");
  Write(folder / "\xc3\xa4", "umlaut");
  Inputs inputs;
  const auto added = inputs.AddFolder(folder.path(), "/data", {});
  ASSERT_TRUE(added) << added.error().message;
  EXPECT_EQ(added->guest_path, "/data");
  EXPECT_THAT(Paths(*added),
              ElementsAre("B", "a/", "a.txt", "b/", "b/inner/", "b/inner/deep", "b/z", "\xc3\xa4"));
  const auto sealed = std::move(inputs).Seal();
  ASSERT_TRUE(sealed);
  EXPECT_EQ(Contents(*sealed, added->entries[0]), "capital");
  EXPECT_EQ(Contents(*sealed, added->entries[5]), "deep contents");
  EXPECT_EQ(Contents(*sealed, added->entries[6]), "");
}

TEST(InputsTest, TheFolderIsNotTouched) {
  const plasm::testing::TempFolder folder;
  fs::create_directory(folder / "a");
  Write(folder / "a" / "f", std::string(100'000, 'x'));
  fs::create_symlink("f", folder / "a" / "link");
  const auto before = Listing(folder.path());
  Inputs inputs;
  ASSERT_TRUE(inputs.AddFolder(folder.path(), "/", {}));
  EXPECT_EQ(Listing(folder.path()), before);
}

TEST(InputsTest, LaterChangesDoNotShow) {
  const plasm::testing::TempFolder folder;
  Write(folder / "f", "before");
  Inputs inputs;
  const auto added = inputs.AddFolder(folder.path(), "/", {});
  Write(folder / "f", "after!");
  const auto sealed = std::move(inputs).Seal();
  EXPECT_EQ(Contents(*sealed, added->entries[0]), "before");
}

TEST(InputsTest, KeepsLinksAsLinks) {
  const plasm::testing::TempFolder folder;
  fs::create_symlink("/etc/passwd", folder / "absolute");
  fs::create_symlink("nowhere", folder / "dangling");
  fs::create_symlink("..", folder / "up");
  fs::create_symlink("self", folder / "self");
  Inputs inputs;
  const auto added = inputs.AddFolder(folder.path(), "/", {});
  ASSERT_TRUE(added) << added.error().message;
  EXPECT_THAT(Paths(*added), ElementsAre("absolute@", "dangling@", "self@", "up@"));
  EXPECT_EQ(added->entries[0].target, "/etc/passwd");
  EXPECT_EQ(added->entries[3].target, "..");
  EXPECT_EQ(inputs.size(), 0u);
}

TEST(InputsTest, SeveralFoldersShareOneFile) {
  const plasm::testing::TempFolder one;
  const plasm::testing::TempFolder two;
  Write(one / "f", "first");
  Write(two / "f", "second");
  Inputs inputs;
  EXPECT_TRUE(inputs.empty());
  const auto a = inputs.AddFolder(one.path(), "/one", {});
  const auto b = inputs.AddFolder(two.path(), "/two", {});
  const auto extra = inputs.Add(AsBytes("third"));
  ASSERT_TRUE(a && b && extra);
  EXPECT_FALSE(inputs.empty());
  EXPECT_EQ(*extra, 11u);
  const auto sealed = std::move(inputs).Seal();
  EXPECT_EQ(Contents(*sealed, a->entries[0]), "first");
  EXPECT_EQ(Contents(*sealed, b->entries[0]), "second");
}

TEST(InputsTest, WhatIsSealedCannotBeChanged) {
  const auto sealed = SealedMemory("test", AsBytes("contents"));
  ASSERT_TRUE(sealed);
  EXPECT_EQ(pwrite(sealed->get(), "x", 1, 0), -1);
  EXPECT_EQ(ftruncate(sealed->get(), 1), -1);
  EXPECT_EQ(ftruncate(sealed->get(), 100), -1);
  EXPECT_EQ(mmap(nullptr, 8, PROT_READ | PROT_WRITE, MAP_SHARED, sealed->get(), 0), MAP_FAILED);
  EXPECT_EQ(fcntl(sealed->get(), F_ADD_SEALS, F_SEAL_SEAL), -1);
  Inputs inputs;
  ASSERT_TRUE(inputs.Add(AsBytes("x")));
  const auto gathered = std::move(inputs).Seal();
  EXPECT_EQ(pwrite(gathered->get(), "y", 1, 0), -1);
}

TEST(InputsTest, RefusesSocketsAndPipesByName) {
  const plasm::testing::TempFolder folder;
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  Error refused = Refused(folder.path());
  EXPECT_EQ(refused.code, ErrorCode::kInvalid);
  EXPECT_THAT(refused.message, HasSubstr((folder / "pipe").string()));
  fs::remove(folder / "pipe");

  const UniqueFd socket_fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, (folder / "sock").c_str(), sizeof(address.sun_path) - 1);
  ASSERT_EQ(bind(socket_fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  refused = Refused(folder.path());
  EXPECT_EQ(refused.code, ErrorCode::kInvalid);
  EXPECT_THAT(refused.message, HasSubstr((folder / "sock").string()));
}

TEST(InputsTest, RefusesNamesThatAreNotUtf8) {
  const plasm::testing::TempFolder folder;
  Write(folder / "bad\xff", "x");
  const Error refused = Refused(folder.path());
  EXPECT_EQ(refused.code, ErrorCode::kInvalid);
  EXPECT_THAT(refused.message, HasSubstr("not UTF-8"));
}

TEST(InputsTest, NamesAFolderThatIsMissingOrNone) {
  const plasm::testing::TempFolder folder;
  Error refused = Refused(folder / "missing");
  EXPECT_EQ(refused.code, ErrorCode::kNotFound);
  EXPECT_THAT(refused.message, HasSubstr((folder / "missing").string()));
  Write(folder / "file", "x");
  EXPECT_THAT(Refused(folder / "file").message, HasSubstr((folder / "file").string()));
}

TEST(InputsTest, NamesAFileThatMayNotBeRead) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const plasm::testing::TempFolder folder;
  Write(folder / "secret", "x");
  fs::permissions(folder / "secret", fs::perms::none);
  const Error refused = Refused(folder.path());
  EXPECT_EQ(refused.code, ErrorCode::kDenied);
  EXPECT_THAT(refused.message, HasSubstr("secret"));
}

TEST(InputsTest, HoldsTheLimitOfBytesOverAllFolders) {
  const plasm::testing::TempFolder folder;
  Write(folder / "a", std::string(600, 'a'));
  Write(folder / "b", std::string(400, 'b'));
  Inputs inputs;
  EXPECT_TRUE(inputs.AddFolder(folder.path(), "/1", {.file_bytes = 2000}));
  EXPECT_TRUE(inputs.AddFolder(folder.path(), "/2", {.file_bytes = 2000}));
  const auto refused = inputs.AddFolder(folder.path(), "/3", {.file_bytes = 2000});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
  EXPECT_THAT(refused.error().message, HasSubstr("2000"));
  EXPECT_EQ(Refused(folder.path(), {.file_bytes = 999}).code, ErrorCode::kLimitExceeded);
}

TEST(InputsTest, ASparseFileCountsWithItsSize) {
  const plasm::testing::TempFolder folder;
  Write(folder / "sparse", "");
  fs::resize_file(folder / "sparse", std::uintmax_t{1} << 40);
  const Error refused = Refused(folder.path(), {.file_bytes = 1 << 20});
  EXPECT_EQ(refused.code, ErrorCode::kLimitExceeded);
}

TEST(InputsTest, HoldsTheLimitOfEntries) {
  const plasm::testing::TempFolder folder;
  fs::create_directory(folder / "d");
  Write(folder / "d" / "f", "");
  fs::create_symlink("d", folder / "l");
  Inputs inputs;
  EXPECT_TRUE(inputs.AddFolder(folder.path(), "/", {.file_nodes = 3}));
  EXPECT_EQ(Refused(folder.path(), {.file_nodes = 2}).code, ErrorCode::kLimitExceeded);
}

TEST(InputsTest, HoldsALimitOfDepth) {
  const plasm::testing::TempFolder folder;
  fs::path deep = folder.path();
  for (int i = 0; i < 120; ++i) deep /= "d";
  fs::create_directories(deep);
  Inputs inputs;
  EXPECT_TRUE(inputs.AddFolder(folder.path(), "/", {}));
  for (int i = 0; i < 20; ++i) deep /= "d";
  fs::create_directories(deep);
  const Error refused = Refused(folder.path());
  EXPECT_EQ(refused.code, ErrorCode::kLimitExceeded);
  EXPECT_THAT(refused.message, HasSubstr("deeper"));
}

}  // namespace
}  // namespace plasm::worker
