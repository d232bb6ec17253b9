#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "wasi/testing/guest.h"

namespace plasm::wasi {
namespace {

using testing::Guest;
using testing::Listed;

TEST(FdReaddirTest, ListsItselfItsParentAndThenNamesSortedByBytes) {
  Guest guest;
  for (const char* name : {"b", "a", "\xc3\xa9", "B"}) guest.MakeFile(name);
  EXPECT_EQ(guest.Names(Guest::kRoot),
            (std::vector<std::string>{".", "..", "B", "a", "b", "\xc3\xa9"}));
}

TEST(FdReaddirTest, GivesTheInodesAndTypesThatFilestatGives) {
  Guest guest;
  guest.MakeFile("file");
  ASSERT_EQ(guest.MakeDirectory("dir"), Errno::kSuccess);
  ASSERT_EQ(guest.Symlink("file", "link"), Errno::kSuccess);
  for (const Listed& entry : guest.List(Guest::kRoot)) {
    if (entry.name == "..") continue;
    const testing::Stat stat = guest.StatOf(entry.name);
    EXPECT_EQ(entry.inode, stat.inode) << entry.name;
    EXPECT_EQ(entry.type, stat.type) << entry.name;
  }
  const Fd dir = guest.OpenDirectory("dir");
  EXPECT_EQ(guest.List(dir)[1].inode, guest.StatOf(Guest::kRoot).inode);
  const auto root = guest.List(Guest::kRoot);
  EXPECT_EQ(root[1].inode, root[0].inode) << "nothing above a preopened folder shows";
}

TEST(FdReaddirTest, ResumesAtEveryCookie) {
  Guest guest;
  for (int i = 0; i < 20; ++i) guest.MakeFile("file." + std::to_string(i));
  const std::vector<Listed> all = guest.List(Guest::kRoot);
  ASSERT_EQ(all.size(), 22u);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::vector<Listed> rest = guest.List(Guest::kRoot, 4096, all[i].next);
    ASSERT_EQ(rest.size(), all.size() - i - 1);
    if (!rest.empty()) {
      EXPECT_EQ(rest[0].name, all[i + 1].name);
    }
  }
}

TEST(FdReaddirTest, GivesTheSameListInPiecesAsAtOnce) {
  Guest guest;
  for (int i = 0; i < 100; ++i) guest.MakeFile("file." + std::to_string(i));
  const std::vector<std::string> whole = guest.Names(Guest::kRoot);
  for (const Size size : {40u, 64u, 100u, 257u}) {
    EXPECT_EQ(guest.Names(Guest::kRoot, size), whole) << size;
  }
}

TEST(FdReaddirTest, CutsTheLastEntryAtTheEndOfTheBuffer) {
  Guest guest;
  guest.MakeFile("name");
  guest.bytes.assign(guest.bytes.size(), std::byte{'?'});
  // "." takes 25 bytes, ".." 26, then the head of "name" and two letters of it.
  ASSERT_EQ(guest("fd_readdir", {3, 2000, 77, 0, Guest::kResult}), Errno::kSuccess);
  EXPECT_EQ(guest.Get<Size>(), 77u);
  EXPECT_EQ(guest.Text(2000 + 51 + 24, 3), "na?");
  EXPECT_EQ(guest.Get<std::uint32_t>(2000 + 51 + 16), 4u) << "the full length is told";
  ASSERT_EQ(guest("fd_readdir", {3, 2000, 79, 0, Guest::kResult}), Errno::kSuccess);
  EXPECT_EQ(guest.Get<Size>(), 79u);
  ASSERT_EQ(guest("fd_readdir", {3, 2000, 80, 0, Guest::kResult}), Errno::kSuccess);
  EXPECT_EQ(guest.Get<Size>(), 79u) << "less than the buffer: the end";
  ASSERT_EQ(guest("fd_readdir", {3, 2000, 0, 0, Guest::kResult}), Errno::kSuccess);
  EXPECT_EQ(guest.Get<Size>(), 0u);
}

TEST(FdReaddirTest, MissesNothingWhileTheListedFilesAreRemoved) {
  Guest guest;
  for (int i = 0; i < 200; ++i) guest.MakeFile("f" + std::to_string(i));
  std::uint64_t cookie = 2;
  int removed = 0;
  while (true) {
    ASSERT_EQ(guest("fd_readdir", {3, Guest::kBuffer, 100, cookie, Guest::kResult}),
              Errno::kSuccess);
    const Size used = guest.Get<Size>();
    if (used < 25) break;
    const Size length = guest.Get<std::uint32_t>(Guest::kBuffer + 16);
    cookie = guest.Get<std::uint64_t>(Guest::kBuffer);
    ASSERT_EQ(guest.Unlink(guest.Text(Guest::kBuffer + 24, length)), Errno::kSuccess);
    ++removed;
  }
  EXPECT_EQ(removed, 200);
  EXPECT_EQ(guest.Names(3).size(), 2u);
}

TEST(FdReaddirTest, EndsForCookiesThatNothingFollows) {
  Guest guest;
  guest.MakeFile("f");
  for (const std::uint64_t cookie : {0x7fffffffull, 0xffffffffull, 1ull << 40, ~0ull}) {
    EXPECT_TRUE(guest.List(3, 4096, cookie).empty()) << cookie;
  }
}

TEST(FdReaddirTest, HasCookiesThatATelldirOfA32BitGuestCanHold) {
  Guest guest;
  for (int i = 0; i < 100; ++i) guest.MakeFile("f" + std::to_string(i));
  for (const Listed& entry : guest.List(3)) EXPECT_LE(entry.next, 0x7fffffffu);
}

TEST(FdReaddirTest, RefusesWhatIsNoFolder) {
  Guest guest;
  const Fd file = guest.Create("f");
  EXPECT_EQ(guest("fd_readdir", {file, 2000, 100, 0, 64}), Errno::kNotdir);
  EXPECT_EQ(guest("fd_readdir", {0, 2000, 100, 0, 64}), Errno::kBadf);
  EXPECT_EQ(guest("fd_readdir", {99, 2000, 100, 0, 64}), Errno::kBadf);
  EXPECT_EQ(guest("fd_readdir", {3, 2000, 0xffffffff, 0, 64}), Errno::kFault);
}

TEST(FdReaddirTest, ListsAFolderThatWasRemovedWhileOpen) {
  Guest guest;
  ASSERT_EQ(guest.MakeDirectory("d"), Errno::kSuccess);
  const Fd fd = guest.OpenDirectory("d");
  ASSERT_EQ(guest.RemoveDirectory("d"), Errno::kSuccess);
  EXPECT_EQ(guest.Names(fd), (std::vector<std::string>{".", ".."}));
}

TEST(FdReaddirTest, ListsAFolderWhoseParentIsGoneToo) {
  Guest guest;
  ASSERT_EQ(guest.MakeDirectory("d"), Errno::kSuccess);
  ASSERT_EQ(guest.MakeDirectory("d/e"), Errno::kSuccess);
  const Fd fd = guest.OpenDirectory("d/e");
  ASSERT_EQ(guest.RemoveDirectory("d/e"), Errno::kSuccess);
  ASSERT_EQ(guest.RemoveDirectory("d"), Errno::kSuccess);
  const auto listed = guest.List(fd);
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[1].inode, listed[0].inode);
}

}  // namespace
}  // namespace plasm::wasi
