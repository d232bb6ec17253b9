#include <gtest/gtest.h>

#include <string>

#include "wasi/testing/guest.h"

namespace plasm::wasi {
namespace {

using testing::Guest;
using testing::Stat;

TEST(PathCreateDirectoryTest, MakesWhatIsNotThere) {
  Guest guest;
  EXPECT_EQ(guest.MakeDirectory("d"), Errno::kSuccess);
  EXPECT_EQ(guest.MakeDirectory("slash/"), Errno::kSuccess);
  EXPECT_EQ(guest.MakeDirectory("d"), Errno::kExist);
  EXPECT_EQ(guest.MakeDirectory("."), Errno::kExist);
  EXPECT_EQ(guest.MakeDirectory(""), Errno::kNoent);
  EXPECT_EQ(guest.MakeDirectory("a/b"), Errno::kNoent);
  EXPECT_EQ(guest.MakeDirectory("/a"), Errno::kPerm);
  ASSERT_EQ(guest.Symlink("nowhere", "link"), Errno::kSuccess);
  EXPECT_EQ(guest.MakeDirectory("link"), Errno::kExist);
  EXPECT_EQ(guest.StatOf("d").type, 3);
}

TEST(PathRemoveDirectoryTest, RemovesEmptyFoldersOnly) {
  Guest guest;
  ASSERT_EQ(guest.MakeDirectory("d"), Errno::kSuccess);
  ASSERT_EQ(guest.MakeDirectory("d/e"), Errno::kSuccess);
  guest.MakeFile("f");
  ASSERT_EQ(guest.Symlink("d", "link"), Errno::kSuccess);
  EXPECT_EQ(guest.RemoveDirectory("d"), Errno::kNotempty);
  EXPECT_EQ(guest.RemoveDirectory("f"), Errno::kNotdir);
  EXPECT_EQ(guest.RemoveDirectory("link"), Errno::kNotdir);
  EXPECT_EQ(guest.RemoveDirectory("link/"), Errno::kNotdir);
  EXPECT_EQ(guest.RemoveDirectory("."), Errno::kInval);
  EXPECT_EQ(guest.RemoveDirectory("missing"), Errno::kNoent);
  EXPECT_EQ(guest.RemoveDirectory("d/e/"), Errno::kSuccess);
  EXPECT_EQ(guest.RemoveDirectory("d"), Errno::kSuccess);
}

TEST(PathRemoveDirectoryTest, LeavesAnOpenFolderUsableButEmptyForever) {
  Guest guest;
  ASSERT_EQ(guest.MakeDirectory("d"), Errno::kSuccess);
  ASSERT_EQ(guest.MakeDirectory("other"), Errno::kSuccess);
  guest.MakeFile("f");
  const Fd fd = guest.OpenDirectory("d");
  ASSERT_EQ(guest.RemoveDirectory("d"), Errno::kSuccess);
  EXPECT_EQ(guest.StatOf(fd).links, 0u);
  EXPECT_EQ(guest.TryOpen("f", {.flags = oflags::kCreat, .from = fd}), Errno::kNoent);
  EXPECT_EQ(guest.MakeDirectory("x", fd), Errno::kNoent);
  for (const char* from : {"f", "other"}) {
    EXPECT_EQ(guest("path_rename", {3, guest.Put(from), std::string_view(from).size(), fd,
                                    guest.Put("x", 4000), 1}),
              Errno::kNoent);
  }
  EXPECT_EQ(guest("path_link", {3, 0, guest.Put("f"), 1, fd, guest.Put("x", 4000), 1}),
            Errno::kNoent);
  EXPECT_EQ(guest.MakeDirectory("d"), Errno::kSuccess);
  EXPECT_NE(guest.StatOf("d").inode, guest.StatOf(fd).inode);
}

TEST(PathUnlinkFileTest, RemovesNamesOfAnythingButFolders) {
  Guest guest;
  guest.MakeFile("f");
  ASSERT_EQ(guest.MakeDirectory("d"), Errno::kSuccess);
  ASSERT_EQ(guest.Symlink("d", "link"), Errno::kSuccess);
  EXPECT_EQ(guest.Unlink("d"), Errno::kIsdir);
  EXPECT_EQ(guest.Unlink("d/"), Errno::kIsdir);
  EXPECT_EQ(guest.Unlink("."), Errno::kIsdir);
  EXPECT_EQ(guest.Unlink("f/"), Errno::kNotdir);
  EXPECT_EQ(guest.Unlink("link/"), Errno::kNotdir);
  EXPECT_EQ(guest.Unlink("link"), Errno::kSuccess);
  EXPECT_EQ(guest.Unlink("f"), Errno::kSuccess);
  EXPECT_EQ(guest.Unlink("f"), Errno::kNoent);
}

TEST(PathUnlinkFileTest, LeavesAnOpenFileUsable) {
  Guest guest;
  guest.MakeFile("f", "text");
  const Fd fd = guest.Open("f", {});
  ASSERT_EQ(guest.Unlink("f"), Errno::kSuccess);
  EXPECT_EQ(guest.StatOf(fd).links, 0u);
  EXPECT_EQ(guest.Read(fd, 9), "text");
  EXPECT_EQ(guest.Write(fd, " more"), Errno::kSuccess);
  EXPECT_EQ(guest.Pread(fd, 99, 0), "text more");
}

TEST(PathSymlinkTest, KeepsItsTargetAsGiven) {
  Guest guest;
  EXPECT_EQ(guest.Symlink("any/../thing", "link"), Errno::kSuccess);
  const Stat stat = guest.StatOf("link");
  EXPECT_EQ(stat.type, 7);
  EXPECT_EQ(stat.size, 12u);
  ASSERT_EQ(guest("path_readlink", {3, guest.Put("link"), 4, 5000, 100, 64}), Errno::kSuccess);
  EXPECT_EQ(guest.Text(5000, guest.Get<Size>()), "any/../thing");
  ASSERT_EQ(guest("path_readlink", {3, guest.Put("link"), 4, 5000, 3, 64}), Errno::kSuccess);
  EXPECT_EQ(guest.Get<Size>(), 3u);
}

TEST(PathSymlinkTest, RefusesWhatCouldOnlyLeadOutOrIsTaken) {
  Guest guest;
  guest.MakeFile("f");
  ASSERT_EQ(guest.MakeDirectory("d"), Errno::kSuccess);
  EXPECT_EQ(guest.Symlink("/", "link"), Errno::kPerm);
  EXPECT_EQ(guest.Symlink("", "link"), Errno::kNoent);
  EXPECT_EQ(guest.Symlink("x", "f"), Errno::kExist);
  EXPECT_EQ(guest.Symlink("x", "d/"), Errno::kExist);
  EXPECT_EQ(guest.Symlink("x", "new/"), Errno::kNoent);
  EXPECT_EQ(guest.Symlink("x", ".."), Errno::kPerm);
  EXPECT_EQ(guest.Symlink("\xc0", "link"), Errno::kIlseq);
}

TEST(PathReadlinkTest, ReadsLinksOnly) {
  Guest guest;
  guest.MakeFile("f");
  ASSERT_EQ(guest.Symlink("f", "to_f"), Errno::kSuccess);
  EXPECT_EQ(guest("path_readlink", {3, guest.Put("f"), 1, 5000, 9, 64}), Errno::kInval);
  EXPECT_EQ(guest("path_readlink", {3, guest.Put("."), 1, 5000, 9, 64}), Errno::kInval);
  EXPECT_EQ(guest("path_readlink", {3, guest.Put("x"), 1, 5000, 9, 64}), Errno::kNoent);
  EXPECT_EQ(guest("path_readlink", {3, guest.Put("to_f/"), 5, 5000, 9, 64}), Errno::kNotdir);
}

TEST(PathFilestatTest, FollowsALinkWhenAskedOrWhenASlashSaysSo) {
  Guest guest;
  guest.MakeFile("f", "text");
  ASSERT_EQ(guest.MakeDirectory("d"), Errno::kSuccess);
  ASSERT_EQ(guest.Symlink("f", "to_f"), Errno::kSuccess);
  ASSERT_EQ(guest.Symlink("d", "to_d"), Errno::kSuccess);
  EXPECT_EQ(guest.StatOf("to_f").type, 7);
  EXPECT_EQ(guest.StatOf("to_f", 1).inode, guest.StatOf("f").inode);
  EXPECT_EQ(guest.StatOf("to_d/").inode, guest.StatOf("d").inode);
  EXPECT_EQ(guest.TryStat("to_f/"), Errno::kNotdir);
  EXPECT_EQ(guest.TryStat("f/"), Errno::kNotdir);
  EXPECT_EQ(guest.TryStat("f", 2), Errno::kInval);
}

TEST(PathFilestatTest, SetsTheTimesOfTheLinkOrOfItsTarget) {
  Guest guest;
  guest.MakeFile("f");
  ASSERT_EQ(guest.Symlink("f", "link"), Errno::kSuccess);
  const auto set = [&](std::uint32_t lookup, std::uint64_t time) {
    return guest("path_filestat_set_times",
                 {3, lookup, guest.Put("link"), 4, time, time, fstflags::kAtim | fstflags::kMtim});
  };
  EXPECT_EQ(set(0, 10), Errno::kSuccess);
  EXPECT_EQ(set(1, 20), Errno::kSuccess);
  EXPECT_EQ(guest.StatOf("link").modified, 10u);
  EXPECT_EQ(guest.StatOf("f").accessed, 20u);
}

TEST(PathLinkTest, GivesAFileAnotherName) {
  Guest guest;
  guest.MakeFile("f", "text");
  EXPECT_EQ(guest.Link("f", "g"), Errno::kSuccess);
  EXPECT_EQ(guest.StatOf("g").links, 2u);
  EXPECT_EQ(guest.StatOf("g").inode, guest.StatOf("f").inode);
  EXPECT_EQ(guest.Unlink("f"), Errno::kSuccess);
  EXPECT_EQ(guest.Contents("g"), "text");
  EXPECT_EQ(guest.StatOf("g").links, 1u);
}

TEST(PathLinkTest, LinksALinkItself) {
  Guest guest;
  guest.MakeFile("f");
  ASSERT_EQ(guest.Symlink("f", "link"), Errno::kSuccess);
  EXPECT_EQ(guest.Link("link", "again"), Errno::kSuccess);
  EXPECT_EQ(guest.StatOf("again").type, 7);
  EXPECT_EQ(guest.Link("link", "more", 1), Errno::kInval);
}

TEST(PathLinkTest, RefusesFoldersAndTakenNames) {
  Guest guest;
  guest.MakeFile("f");
  ASSERT_EQ(guest.MakeDirectory("d"), Errno::kSuccess);
  EXPECT_EQ(guest.Link("d", "e"), Errno::kPerm);
  EXPECT_EQ(guest.Link(".", "e"), Errno::kPerm);
  EXPECT_EQ(guest.Link("f", "d"), Errno::kExist);
  EXPECT_EQ(guest.Link("f", "f"), Errno::kExist);
  EXPECT_EQ(guest.Link("missing", "e"), Errno::kNoent);
  EXPECT_EQ(guest.Link("f/", "e"), Errno::kNotdir);
  EXPECT_EQ(guest.Link("f", "e/"), Errno::kNoent);
  EXPECT_EQ(guest.Link("f", "missing/e"), Errno::kNoent);
}

TEST(PathRenameTest, MovesFilesOverFiles) {
  Guest guest;
  guest.MakeFile("a", "A");
  guest.MakeFile("b", "B");
  const std::uint64_t inode = guest.StatOf("a").inode;
  EXPECT_EQ(guest.Rename("a", "b"), Errno::kSuccess);
  EXPECT_EQ(guest.TryStat("a"), Errno::kNoent);
  EXPECT_EQ(guest.Contents("b"), "A");
  EXPECT_EQ(guest.StatOf("b").inode, inode);
  EXPECT_EQ(guest.Rename("a", "c"), Errno::kNoent);
}

TEST(PathRenameTest, MovesFoldersWithWhatTheyHold) {
  Guest guest;
  ASSERT_EQ(guest.MakeDirectory("d"), Errno::kSuccess);
  ASSERT_EQ(guest.MakeDirectory("e"), Errno::kSuccess);
  guest.MakeFile("d/f", "text");
  const Fd fd = guest.OpenDirectory("d");
  EXPECT_EQ(guest.Rename("d", "e/d/"), Errno::kSuccess);
  EXPECT_EQ(guest.Contents("e/d/f"), "text");
  EXPECT_EQ(guest.List(fd)[1].inode, guest.StatOf("e").inode);
  EXPECT_EQ(guest.TryOpen("e/d/../d/f", {}), Errno::kSuccess);
}

TEST(PathRenameTest, ReplacesOnlyWhatMayBeReplaced) {
  Guest guest;
  ASSERT_EQ(guest.MakeDirectory("d"), Errno::kSuccess);
  ASSERT_EQ(guest.MakeDirectory("empty"), Errno::kSuccess);
  ASSERT_EQ(guest.MakeDirectory("full"), Errno::kSuccess);
  guest.MakeFile("full/f");
  guest.MakeFile("f");
  EXPECT_EQ(guest.Rename("d", "full"), Errno::kNotempty);
  EXPECT_EQ(guest.Rename("d", "f"), Errno::kNotdir);
  EXPECT_EQ(guest.Rename("f", "d"), Errno::kIsdir);
  EXPECT_EQ(guest.Rename("full", "full/sub"), Errno::kInval);
  EXPECT_EQ(guest.Rename("full/f", "full"), Errno::kIsdir);
  EXPECT_EQ(guest.Rename("d", "empty"), Errno::kSuccess);
  EXPECT_EQ(guest.Rename("empty", "empty"), Errno::kSuccess);
  EXPECT_EQ(guest.Rename(".", "x"), Errno::kBusy);
  EXPECT_EQ(guest.Rename("f", "."), Errno::kBusy);
  EXPECT_EQ(guest.Rename("f", "empty/.."), Errno::kBusy);
  EXPECT_EQ(guest.Rename("f/", "x"), Errno::kNotdir);
  EXPECT_EQ(guest.Rename("f", "x/"), Errno::kNotdir);
  EXPECT_EQ(guest.Rename("f", "../x"), Errno::kPerm);
}

TEST(PathRenameTest, DoesNothingBetweenTwoNamesOfOneFile) {
  Guest guest;
  guest.MakeFile("f");
  ASSERT_EQ(guest.Link("f", "g"), Errno::kSuccess);
  EXPECT_EQ(guest.Rename("f", "g"), Errno::kSuccess);
  EXPECT_EQ(guest.TryStat("f"), Errno::kSuccess);
  EXPECT_EQ(guest.StatOf("g").links, 2u);
}

TEST(PathRenameTest, MovesTheLinkNotItsTarget) {
  Guest guest;
  guest.MakeFile("f");
  ASSERT_EQ(guest.Symlink("f", "link"), Errno::kSuccess);
  EXPECT_EQ(guest.Rename("link", "moved"), Errno::kSuccess);
  EXPECT_EQ(guest.StatOf("moved").type, 7);
  EXPECT_EQ(guest.Rename("f", "moved"), Errno::kSuccess);
  EXPECT_EQ(guest.StatOf("moved").type, 4);
}

TEST(PathRenameTest, WorksBetweenPreopenedFolders) {
  FileTree tree;
  ASSERT_TRUE(tree.AddPreopen("/a"));
  ASSERT_TRUE(tree.AddPreopen("/b"));
  Guest guest(std::move(tree));
  guest.MakeFile("f", "text");
  ASSERT_EQ(guest("path_rename", {3, guest.Put("f"), 1, 4, guest.Put("g", 4000), 1}),
            Errno::kSuccess);
  EXPECT_TRUE(guest.host.tree().Find("/b/g", FinalLink::kKeep));
}

TEST(PathTest, GoesAsDeepAsTheGuestLikes) {
  Guest guest;
  Fd here = Guest::kRoot;
  for (int depth = 0; depth < 20'000; ++depth) {
    ASSERT_EQ(guest.MakeDirectory("d", here), Errno::kSuccess);
    const Fd next = guest.OpenDirectory("d", here);
    if (here != Guest::kRoot) guest.Close(here);
    here = next;
  }
  ASSERT_EQ(guest.MakeDirectory("e"), Errno::kSuccess);
  EXPECT_EQ(guest("path_rename", {3, guest.Put("d"), 1, here, guest.Put("x", 4000), 1}),
            Errno::kInval);
  EXPECT_EQ(guest("path_rename", {3, guest.Put("e"), 1, here, guest.Put("x", 4000), 1}),
            Errno::kSuccess);
}

TEST(PathTest, TakesTimesFromTheVirtualClock) {
  Guest guest;
  ASSERT_EQ(guest.MakeDirectory("d"), Errno::kSuccess);
  (void)guest.Time(0);
  guest.MakeFile("d/f");
  EXPECT_EQ(guest.StatOf("d").modified, Guest::kStart + 1'000);
  EXPECT_EQ(guest.StatOf("d").accessed, Guest::kStart);
  EXPECT_EQ(guest.StatOf(".").modified, Guest::kStart);
  (void)guest.Time(0);
  ASSERT_EQ(guest.Rename("d/f", "f"), Errno::kSuccess);
  EXPECT_EQ(guest.StatOf("d").changed, Guest::kStart + 2'000);
  EXPECT_EQ(guest.StatOf(".").changed, Guest::kStart + 2'000);
  EXPECT_EQ(guest.StatOf("f").changed, Guest::kStart + 2'000);
  EXPECT_EQ(guest.StatOf("f").modified, Guest::kStart + 1'000);
}

}  // namespace
}  // namespace plasm::wasi
