#include <gtest/gtest.h>

#include <string>

#include "wasi/testing/guest.h"

namespace plasm::wasi {
namespace {

using testing::Guest;

TEST(PathOpenTest, CreatesOnlyWhenAsked) {
  Guest guest;
  EXPECT_EQ(guest.TryOpen("f", {}), Errno::kNoent);
  guest.MakeFile("f", "old");
  EXPECT_EQ(guest.TryOpen("f", {.flags = oflags::kCreat}), Errno::kSuccess);
  EXPECT_EQ(guest.Contents("f"), "old");
  EXPECT_EQ(guest.TryOpen("f", {.flags = oflags::kCreat | oflags::kExcl}), Errno::kExist);
  EXPECT_EQ(guest.TryOpen("g", {.flags = oflags::kCreat | oflags::kExcl}), Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen("missing/f", {.flags = oflags::kCreat}), Errno::kNoent);
  EXPECT_EQ(guest.TryOpen("f/g", {.flags = oflags::kCreat}), Errno::kNotdir);
}

TEST(PathOpenTest, Truncates) {
  Guest guest;
  guest.MakeFile("f", "old");
  (void)guest.Time(0);
  EXPECT_EQ(guest.TryOpen("f", {.flags = oflags::kTrunc, .base = 0}), Errno::kSuccess);
  EXPECT_EQ(guest.Contents("f"), "");
  EXPECT_EQ(guest.StatOf("f").modified, Guest::kStart + 1'000);
}

TEST(PathOpenTest, TellsFoldersFromFiles) {
  Guest guest;
  guest.MakeFile("f");
  ASSERT_EQ(guest.MakeDirectory("d"), Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen("f", {.flags = oflags::kDirectory, .base = 0}), Errno::kNotdir);
  EXPECT_EQ(guest.TryOpen("d", {.flags = oflags::kDirectory, .base = rights::kFdRead}),
            Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen("d", {.base = rights::kFdRead}), Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen("d", {.base = rights::kFdWrite}), Errno::kIsdir);
  EXPECT_EQ(guest.TryOpen("d", {.flags = oflags::kTrunc, .base = 0}), Errno::kIsdir);
  EXPECT_EQ(guest.TryOpen("d", {.flags = oflags::kCreat, .base = 0}), Errno::kIsdir);
  EXPECT_EQ(guest.TryOpen("d", {.flags = oflags::kDirectory | oflags::kCreat, .base = 0}),
            Errno::kInval);
  EXPECT_EQ(guest.TryOpen("new", {.flags = oflags::kDirectory | oflags::kCreat, .base = 0}),
            Errno::kInval);
}

TEST(PathOpenTest, TakesATrailingSlashAsAWordForFolder) {
  Guest guest;
  guest.MakeFile("f");
  ASSERT_EQ(guest.MakeDirectory("d"), Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen("f/", {}), Errno::kNotdir);
  EXPECT_EQ(guest.TryOpen("d/", {.base = 0}), Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen("d///", {.base = 0}), Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen("new/", {.flags = oflags::kCreat}), Errno::kIsdir);
  EXPECT_EQ(guest.TryOpen("f/.", {}), Errno::kNotdir);
}

TEST(PathOpenTest, StaysBeneathItsFolder) {
  Guest guest;
  ASSERT_EQ(guest.MakeDirectory("d"), Errno::kSuccess);
  ASSERT_EQ(guest.MakeDirectory("d/e"), Errno::kSuccess);
  guest.MakeFile("d/f", "inner");
  const Fd d = guest.OpenDirectory("d");
  EXPECT_EQ(guest.TryOpen("/d", {.base = 0}), Errno::kPerm);
  EXPECT_EQ(guest.TryOpen("..", {.base = 0}), Errno::kPerm);
  EXPECT_EQ(guest.TryOpen("d/../..", {.base = 0}), Errno::kPerm);
  EXPECT_EQ(guest.TryOpen("d/../../d", {.base = 0}), Errno::kPerm);
  EXPECT_EQ(guest.TryOpen("../d", {.base = 0, .from = d}), Errno::kPerm);
  EXPECT_EQ(guest.TryOpen("e/..", {.base = 0, .from = d}), Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen("d/.//e/../../d/e/..///./f", {}), Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen("f", {.from = d}), Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen("missing/..", {.base = 0}), Errno::kNoent);
}

TEST(PathOpenTest, ChecksTheBytesOfThePath) {
  Guest guest;
  EXPECT_EQ(guest.TryOpen("", {}), Errno::kNoent);
  EXPECT_EQ(guest.TryOpen("\xff", {}), Errno::kIlseq);
  EXPECT_EQ(guest.TryOpen(std::string("a\0b", 3), {}), Errno::kInval);
  EXPECT_EQ(guest.TryOpen(std::string(255, 'n'), {.flags = oflags::kCreat}), Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen(std::string(256, 'n'), {.flags = oflags::kCreat}), Errno::kNametoolong);
  EXPECT_EQ(guest.TryOpen(std::string(4097, '/'), {}), Errno::kNametoolong);
  EXPECT_EQ(guest("path_open", {3, 0, 65000, 1000, 0, 0, 0, 0, 64}), Errno::kFault);
  EXPECT_EQ(guest("path_open", {3, 0, 0xffffffff, 0xffffffff, 0, 0, 0, 0, 64}), Errno::kFault);
}

TEST(PathOpenTest, DoesNothingWhenTheResultHasNoPlace) {
  Guest guest;
  const Pointer path = guest.Put("new");
  EXPECT_EQ(guest("path_open", {3, 0, path, 3, oflags::kCreat, 0, 0, 0, 65533}), Errno::kFault);
  EXPECT_EQ(guest.TryStat("new"), Errno::kNoent);
  EXPECT_EQ(guest.Create("new"), 4u);
}

TEST(PathOpenTest, RefusesUnknownFlags) {
  Guest guest;
  guest.MakeFile("f");
  EXPECT_EQ(guest.TryOpen("f", {.lookup = 2}), Errno::kInval);
  EXPECT_EQ(guest.TryOpen("f", {.flags = 16}), Errno::kInval);
  EXPECT_EQ(guest.TryOpen("f", {.fd_flags = 32}), Errno::kInval);
  EXPECT_EQ(guest.TryOpen("f", {.base = 1ull << 30}), Errno::kInval);
}

TEST(PathOpenTest, NeedsAFolderToStartFrom) {
  Guest guest;
  const Fd file = guest.Create("f");
  EXPECT_EQ(guest.TryOpen("x", {.from = file}), Errno::kNotdir);
  EXPECT_EQ(guest.TryOpen("x", {.from = 0}), Errno::kBadf);
  EXPECT_EQ(guest.TryOpen("x", {.from = 99}), Errno::kBadf);
}

TEST(PathOpenTest, StopsAtTheLimitOfDescriptorsWithNothingMade) {
  HostConfig config = Guest::DefaultConfig();
  config.limits.open_descriptors = 6;
  Guest guest(Guest::DefaultTree(), config);
  (void)guest.Create("a");
  const Fd b = guest.Create("b");
  EXPECT_EQ(guest.TryOpen("c", {.flags = oflags::kCreat}), Errno::kMfile);
  EXPECT_EQ(guest.TryStat("c"), Errno::kNoent);
  guest.Close(b);
  EXPECT_EQ(guest.TryOpen("c", {.flags = oflags::kCreat}), Errno::kSuccess);
}

TEST(PathOpenTest, FollowsLinksWhenAsked) {
  Guest guest;
  guest.MakeFile("f", "text");
  ASSERT_EQ(guest.MakeDirectory("d"), Errno::kSuccess);
  ASSERT_EQ(guest.Symlink("f", "to_f"), Errno::kSuccess);
  ASSERT_EQ(guest.Symlink("../f", "d/up_to_f"), Errno::kSuccess);
  ASSERT_EQ(guest.Symlink("d", "to_d"), Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen("to_f", {}), Errno::kLoop);
  EXPECT_EQ(guest.TryOpen("to_f", {.flags = oflags::kDirectory, .base = 0}), Errno::kNotdir);
  EXPECT_EQ(guest.TryOpen("to_d/up_to_f", {}), Errno::kLoop);
  EXPECT_EQ(guest.TryOpen("to_f", {.lookup = 1}), Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen("to_d/up_to_f", {.lookup = 1}), Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen("to_d/", {.base = 0}), Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen("to_f/", {}), Errno::kNotdir);
  EXPECT_EQ(guest.TryOpen("to_f", {.lookup = 1, .flags = oflags::kCreat | oflags::kExcl}),
            Errno::kExist);
  const Fd d = guest.OpenDirectory("d");
  EXPECT_EQ(guest.TryOpen("up_to_f", {.lookup = 1, .from = d}), Errno::kPerm);
}

TEST(PathOpenTest, CreatesWhereADanglingLinkPoints) {
  Guest guest;
  ASSERT_EQ(guest.Symlink("target", "link"), Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen("link", {.lookup = 1}), Errno::kNoent);
  EXPECT_EQ(guest.TryOpen("link", {.flags = oflags::kCreat}), Errno::kLoop);
  EXPECT_EQ(guest.TryOpen("link", {.lookup = 1, .flags = oflags::kCreat}), Errno::kSuccess);
  EXPECT_EQ(guest.TryStat("target"), Errno::kSuccess);
}

TEST(PathOpenTest, GivesUpOnLinksThatDoNotEnd) {
  Guest guest;
  ASSERT_EQ(guest.Symlink("b", "a"), Errno::kSuccess);
  ASSERT_EQ(guest.Symlink("a", "b"), Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen("a", {.lookup = 1}), Errno::kLoop);
  EXPECT_EQ(guest.TryOpen("a/x", {}), Errno::kLoop);
  guest.MakeFile("n0");
  for (int i = 1; i <= 41; ++i) {
    ASSERT_EQ(guest.Symlink("n" + std::to_string(i - 1), "n" + std::to_string(i)), Errno::kSuccess);
  }
  EXPECT_EQ(guest.TryOpen("n40", {.lookup = 1}), Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen("n41", {.lookup = 1}), Errno::kLoop);
}

TEST(PathOpenTest, RefusesAbsoluteLinksOfTheInput) {
  FileTree tree;
  const auto root = tree.AddPreopen("/");
  ASSERT_TRUE(tree.AddFile(*root, "f", {}));
  ASSERT_TRUE(tree.AddSymlink(*root, "link", "/f"));
  Guest guest(std::move(tree));
  EXPECT_EQ(guest.TryOpen("link", {.lookup = 1}), Errno::kPerm);
  EXPECT_EQ(guest.TryStat("link"), Errno::kSuccess);
}

TEST(PathOpenTest, PassesOnWhatTheFolderMayGive) {
  Guest guest;
  guest.MakeFile("f", "text");
  const Fd dir = guest.OpenDirectory(".");
  const auto set_rights = [&](rights::Mask base, rights::Mask inheriting) {
    return guest("fd_fdstat_set_rights", {dir, base, inheriting});
  };
  const rights::Mask inheriting = rights::kAll & ~rights::kFdWrite & ~rights::kFdSeek;
  ASSERT_EQ(set_rights(rights::kOfDirectory, inheriting), Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen("f", {.base = rights::kFdWrite, .from = dir}), Errno::kNotcapable);
  const Fd fd = guest.Open("f", {.base = rights::kFdRead, .from = dir});
  EXPECT_EQ(guest("fd_seek", {fd, 0, 0, 64}), Errno::kNotcapable);
  EXPECT_EQ(guest.Read(fd, 4), "text");
  ASSERT_EQ(set_rights(rights::kPathOpen, inheriting), Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen("g", {.flags = oflags::kCreat, .base = 0, .from = dir}),
            Errno::kNotcapable);
  EXPECT_EQ(guest.TryOpen("f", {.flags = oflags::kTrunc, .base = 0, .from = dir}),
            Errno::kNotcapable);
  EXPECT_EQ(guest.Contents("f"), "text");
  EXPECT_EQ(guest.MakeDirectory("d", dir), Errno::kNotcapable);
  ASSERT_EQ(set_rights(0, 0), Errno::kSuccess);
  EXPECT_EQ(guest.TryOpen("f", {.base = 0, .from = dir}), Errno::kNotcapable);
}

}  // namespace
}  // namespace plasm::wasi
