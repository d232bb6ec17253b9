#include <gtest/gtest.h>

#include <string>

#include "wasi/testing/guest.h"

namespace plasm::wasi {
namespace {

using testing::Guest;

TEST(FdWriteTest, GathersBuffersToTheRightStream) {
  Guest guest;
  guest.Put("hello, world", 2000);
  const Pointer list = 3000;
  guest.memory().Store<Pointer>(list, 2000);
  guest.memory().Store<Size>(list + 4, 5);
  guest.memory().Store<Pointer>(list + 8, 0);
  guest.memory().Store<Size>(list + 12, 0);
  guest.memory().Store<Pointer>(list + 16, 2007);
  guest.memory().Store<Size>(list + 20, 5);
  ASSERT_EQ(guest("fd_write", {1, list, 3, Guest::kResult}), Errno::kSuccess);
  EXPECT_EQ(guest.Get<Size>(), 10u);
  EXPECT_EQ(guest.Write(2, "oops"), Errno::kSuccess);
  EXPECT_EQ(guest.streams.out, "helloworld");
  EXPECT_EQ(guest.streams.err, "oops");
}

TEST(FdWriteTest, EndsTheGuestAtTheOutputLimitAfterTheBytesThatFit) {
  HostConfig config = Guest::DefaultConfig();
  config.limits.output_bytes = 8;
  Guest guest(Guest::DefaultTree(), config);
  EXPECT_EQ(guest.Write(1, "12345"), Errno::kSuccess);
  guest.PutVector(guest.Put("6789", Guest::kBuffer), 4);
  EXPECT_EQ(guest.Raw("fd_write", {2, Guest::kVector, 1, Guest::kResult}).kind,
            CallResult::Kind::kOutputLimit);
  EXPECT_EQ(guest.streams.out, "12345");
  EXPECT_EQ(guest.streams.err, "678");
  EXPECT_EQ(guest.host.output_bytes(), 8u);
}

TEST(FdWriteTest, RefusesListsThatLeaveMemoryOrAddUpTooHigh) {
  Guest guest;
  EXPECT_EQ(guest("fd_write", {1, 64, 0xffffffff, 0}), Errno::kFault);
  EXPECT_EQ(guest("fd_write", {1, 65530, 1, 0}), Errno::kFault);
  guest.PutVector(65535, 2);
  EXPECT_EQ(guest("fd_write", {1, Guest::kVector, 1, 0}), Errno::kFault);
  EXPECT_EQ(guest("fd_write", {1, Guest::kVector, 0, 65533}), Errno::kFault);
  EXPECT_EQ(guest.streams.out, "");
  // 65536 buffers of 64 KiB, all of them the whole memory.
  guest.bytes.assign(1 << 20, std::byte{0});
  for (Pointer at = 0; at < 65537 * 8; at += 8) guest.memory().Store<Size>(at + 4, 65536);
  EXPECT_EQ(guest("fd_write", {1, 0, 65536, 0}), Errno::kInval);
}

TEST(FdReadTest, FillsTheBufferFromStdinUnderDet1) {
  Guest guest;
  guest.streams.input = "0123456789";
  guest.streams.chunk = 3;
  EXPECT_EQ(guest.Read(0, 8), "01234567");
  EXPECT_EQ(guest.Read(0, 8), "89");
  EXPECT_EQ(guest.Read(0, 8), "");
}

TEST(FdReadTest, TakesWhatOneReadGivesUnderLive) {
  HostConfig config = Guest::DefaultConfig();
  config.profile = Profile::kLive;
  Guest guest(Guest::DefaultTree(), config);
  guest.streams.input = "0123456789";
  guest.streams.chunk = 3;
  EXPECT_EQ(guest.Read(0, 8), "012");
}

TEST(FdReadTest, DoesNotTouchStdinForNoBytes) {
  Guest guest;
  EXPECT_EQ(guest.Read(0, 0), "");
  EXPECT_EQ(guest.streams.reads, 0);
}

TEST(FdReadTest, SurvivesAListThatItOverwrites) {
  Guest guest;
  guest.MakeFile("file", std::string(64, '\xff'));
  const Fd fd = guest.Open("file", {});
  // The first buffer is the list itself: the second entry becomes nonsense.
  guest.memory().Store<Pointer>(3000, 3000);
  guest.memory().Store<Size>(3004, 16);
  guest.memory().Store<Pointer>(3008, 4000);
  guest.memory().Store<Size>(3012, 16);
  EXPECT_EQ(guest("fd_read", {fd, 3000, 2, Guest::kResult}), Errno::kSuccess);
  EXPECT_EQ(guest.Get<Size>(), 16u);
}

TEST(FdReadTest, MovesTheOffsetAndStopsAtTheEnd) {
  Guest guest;
  guest.MakeFile("file", "abcdef");
  const Fd fd = guest.Open("file", {});
  EXPECT_EQ(guest.Read(fd, 4), "abcd");
  EXPECT_EQ(guest.Read(fd, 4), "ef");
  EXPECT_EQ(guest.Read(fd, 4), "");
  EXPECT_EQ(guest.Pread(fd, 2, 1), "bc");
  ASSERT_EQ(guest("fd_tell", {fd, Guest::kResult}), Errno::kSuccess);
  EXPECT_EQ(guest.Get<std::uint64_t>(), 6u);
}

TEST(FdIoTest, KeepsToWhatTheFileWasOpenedFor) {
  Guest guest;
  guest.MakeFile("file", "abc");
  const Fd reader = guest.Open("file", {.base = rights::kFdRead});
  const Fd writer = guest.Open("file", {.base = rights::kFdWrite});
  EXPECT_EQ(guest.Write(reader, "x"), Errno::kBadf);
  EXPECT_EQ(guest.Pwrite(reader, "x", 0), Errno::kBadf);
  EXPECT_EQ(guest.TryRead(writer, 1), Errno::kBadf);
  EXPECT_EQ(guest("fd_filestat_set_size", {reader, 1}), Errno::kInval);
  EXPECT_EQ(guest("fd_allocate", {reader, 0, 10}), Errno::kBadf);
  EXPECT_EQ(guest.Write(0, "x"), Errno::kBadf);
  EXPECT_EQ(guest.TryRead(1, 1), Errno::kBadf);
  EXPECT_EQ(guest.Contents("file"), "abc");
}

TEST(FdIoTest, RefusesFolders) {
  Guest guest;
  EXPECT_EQ(guest.TryRead(Guest::kRoot, 1), Errno::kIsdir);
  EXPECT_EQ(guest("fd_pread", {3, Guest::kVector, 1, 0, 64}), Errno::kIsdir);
  EXPECT_EQ(guest.Write(Guest::kRoot, "x"), Errno::kBadf);
  EXPECT_EQ(guest.Pwrite(Guest::kRoot, "x", 0), Errno::kBadf);
  EXPECT_EQ(guest("fd_seek", {3, 0, 0, 64}), Errno::kBadf);
  EXPECT_EQ(guest("fd_tell", {3, 64}), Errno::kBadf);
  EXPECT_EQ(guest("fd_allocate", {3, 0, 1}), Errno::kBadf);
  EXPECT_EQ(guest("fd_advise", {3, 0, 1, 0}), Errno::kBadf);
  EXPECT_EQ(guest("fd_filestat_set_size", {3, 1}), Errno::kBadf);
  EXPECT_EQ(guest("fd_sync", {3}), Errno::kSuccess);
}

TEST(FdIoTest, HasNoPositionInStreams) {
  Guest guest;
  EXPECT_EQ(guest("fd_seek", {1, 0, 1, 64}), Errno::kSpipe);
  EXPECT_EQ(guest("fd_tell", {0, 64}), Errno::kSpipe);
  EXPECT_EQ(guest("fd_pread", {0, Guest::kVector, 0, 0, 64}), Errno::kSpipe);
  EXPECT_EQ(guest.Pwrite(1, "x", 0), Errno::kSpipe);
  EXPECT_EQ(guest("fd_sync", {1}), Errno::kInval);
}

TEST(FdWriteTest, AppendsWhereverTheOffsetIs) {
  Guest guest;
  const Fd fd = guest.Open("f", {.flags = oflags::kCreat, .fd_flags = fdflags::kAppend});
  EXPECT_EQ(guest.Write(fd, "ab"), Errno::kSuccess);
  ASSERT_EQ(guest("fd_seek", {fd, 0, 0, Guest::kResult}), Errno::kSuccess);
  EXPECT_EQ(guest.Write(fd, "cd"), Errno::kSuccess);
  ASSERT_EQ(guest("fd_tell", {fd, Guest::kResult}), Errno::kSuccess);
  EXPECT_EQ(guest.Get<std::uint64_t>(), 4u);
  EXPECT_EQ(guest.Pwrite(fd, "ef", 0), Errno::kSuccess);
  EXPECT_EQ(guest.Contents("f"), "abcdef");
}

TEST(FdWriteTest, WritesAllOrNothingAtTheFileLimit) {
  HostConfig config = Guest::DefaultConfig();
  config.limits.file_bytes = 10;
  Guest guest(Guest::DefaultTree(), config);
  const Fd fd = guest.Create("f");
  EXPECT_EQ(guest.Write(fd, "12345678901"), Errno::kNospc);
  EXPECT_EQ(guest.StatOf(fd).size, 0u);
  EXPECT_EQ(guest.Pwrite(fd, "x", 10), Errno::kNospc);
  EXPECT_EQ(guest.Pwrite(fd, "x", 9), Errno::kSuccess);
  EXPECT_EQ(guest("fd_filestat_set_size", {fd, 11}), Errno::kNospc);
  EXPECT_EQ(guest("fd_allocate", {fd, 5, 6}), Errno::kNospc);
  EXPECT_EQ(guest("fd_filestat_set_size", {fd, 0}), Errno::kSuccess);
  EXPECT_EQ(guest.Write(fd, "1234567890"), Errno::kSuccess);
}

TEST(FdWriteTest, RefusesFarOffsetsBeforeTakingMemory) {
  Guest guest;
  const Fd fd = guest.Create("f");
  EXPECT_EQ(guest.Pwrite(fd, "x", 1ull << 40), Errno::kNospc);
  EXPECT_EQ(guest.Pwrite(fd, "x", (1ull << 63) - 1), Errno::kFbig);
  EXPECT_EQ(guest.Pwrite(fd, "x", 1ull << 63), Errno::kInval);
  EXPECT_EQ(guest("fd_filestat_set_size", {fd, ~0ull}), Errno::kInval);
  EXPECT_EQ(guest("fd_allocate", {fd, (1ull << 63) - 1, 5}), Errno::kFbig);
  EXPECT_EQ(guest("fd_allocate", {fd, 0, 0}), Errno::kInval);
  EXPECT_EQ(guest.StatOf(fd).size, 0u);
}

TEST(FdSeekTest, GoesAnywhereThatCanBeCounted) {
  Guest guest;
  guest.MakeFile("f", "12345678");
  const Fd fd = guest.Open("f", {});
  const auto seek = [&](std::int64_t by, std::uint32_t whence) {
    return guest("fd_seek", {fd, static_cast<std::uint64_t>(by), whence, Guest::kResult});
  };
  EXPECT_EQ(seek(100, 0), Errno::kSuccess);
  EXPECT_EQ(guest.Read(fd, 4), "");
  EXPECT_EQ(seek(-3, 2), Errno::kSuccess);
  EXPECT_EQ(guest.Get<std::uint64_t>(), 5u);
  EXPECT_EQ(seek(-2, 1), Errno::kSuccess);
  EXPECT_EQ(guest.Get<std::uint64_t>(), 3u);
  EXPECT_EQ(seek(-4, 1), Errno::kInval);
  EXPECT_EQ(seek(-1, 0), Errno::kInval);
  EXPECT_EQ(seek(INT64_MIN, 2), Errno::kInval);
  EXPECT_EQ(seek(INT64_MAX, 1), Errno::kOverflow);
  EXPECT_EQ(seek(0, 3), Errno::kInval);
  EXPECT_EQ(seek(0, 1), Errno::kSuccess);
  EXPECT_EQ(guest.Get<std::uint64_t>(), 3u) << "a failed seek moved the offset";
  EXPECT_EQ(seek(INT64_MAX, 0), Errno::kSuccess);
  EXPECT_EQ(guest.Write(fd, "x"), Errno::kFbig);
}

TEST(FdAdviseTest, AcceptsAnyKnownAdvice) {
  Guest guest;
  const Fd fd = guest.Create("f");
  for (std::uint64_t advice = 0; advice <= 5; ++advice) {
    EXPECT_EQ(guest("fd_advise", {fd, 0, 0, advice}), Errno::kSuccess);
  }
  EXPECT_EQ(guest("fd_advise", {fd, 0, 0, 6}), Errno::kInval);
  EXPECT_EQ(guest("fd_advise", {fd, 1ull << 63, 0, 0}), Errno::kInval);
}

TEST(FdAllocateTest, GrowsAFileButNeverShrinksIt) {
  Guest guest;
  const Fd fd = guest.Create("f");
  EXPECT_EQ(guest("fd_allocate", {fd, 10, 10}), Errno::kSuccess);
  EXPECT_EQ(guest.StatOf(fd).size, 20u);
  EXPECT_EQ(guest("fd_allocate", {fd, 0, 5}), Errno::kSuccess);
  EXPECT_EQ(guest.StatOf(fd).size, 20u);
}

TEST(FdCloseTest, FreesTheLowestNumber) {
  Guest guest;
  const Fd a = guest.Create("a");
  const Fd b = guest.Create("b");
  EXPECT_EQ(a, 4u);
  EXPECT_EQ(b, 5u);
  EXPECT_EQ(guest.Close(a), Errno::kSuccess);
  EXPECT_EQ(guest.Close(a), Errno::kBadf);
  EXPECT_EQ(guest.Close(0), Errno::kSuccess);
  EXPECT_EQ(guest.Create("c"), 0u);
  EXPECT_EQ(guest.Create("d"), 4u);
  EXPECT_EQ(guest.Create("e"), 6u);
}

TEST(FdRenumberTest, ReplacesAnOpenDescriptor) {
  Guest guest;
  guest.MakeFile("f", "abc");
  const Fd a = guest.Open("f", {});
  const Fd b = guest.Create("other");
  (void)guest.Read(a, 1);
  EXPECT_EQ(guest("fd_renumber", {a, b}), Errno::kSuccess);
  EXPECT_EQ(guest.Read(b, 5), "bc");
  EXPECT_EQ(guest.Close(a), Errno::kBadf);
  EXPECT_EQ(guest("fd_renumber", {b, b}), Errno::kSuccess);
  EXPECT_EQ(guest("fd_renumber", {b, 77}), Errno::kBadf);
  EXPECT_EQ(guest("fd_renumber", {77, b}), Errno::kBadf);
  EXPECT_EQ(guest("fd_renumber", {b, 1}), Errno::kSuccess);
  EXPECT_EQ(guest.Write(1, "X"), Errno::kSuccess);
  EXPECT_EQ(guest.streams.out, "");
}

TEST(FdRenumberTest, TakesThePreopenedPathAlong) {
  FileTree tree;
  ASSERT_TRUE(tree.AddPreopen("/a"));
  ASSERT_TRUE(tree.AddPreopen("/b"));
  Guest guest(std::move(tree));
  EXPECT_EQ(guest("fd_renumber", {4, 3}), Errno::kSuccess);
  EXPECT_EQ(guest("fd_prestat_dir_name", {3, 2000, 2}), Errno::kSuccess);
  EXPECT_EQ(guest.Text(2000, 2), "/b");
  EXPECT_EQ(guest("fd_prestat_get", {4, Guest::kResult}), Errno::kBadf);
}

TEST(FdPrestatTest, NamesThePreopenedFolders) {
  Guest guest;
  guest.memory().Store<std::uint64_t>(Guest::kResult, ~0ull);
  ASSERT_EQ(guest("fd_prestat_get", {3, Guest::kResult}), Errno::kSuccess);
  EXPECT_EQ(guest.Get<std::uint64_t>(), 1ull << 32) << "tag 0, length 1, padding zero";
  EXPECT_EQ(guest("fd_prestat_dir_name", {3, 2000, 0}), Errno::kNametoolong);
  EXPECT_EQ(guest("fd_prestat_dir_name", {3, 2000, 9}), Errno::kSuccess);
  EXPECT_EQ(guest.Text(2000, 2), std::string("/\0", 2));
  EXPECT_EQ(guest("fd_prestat_get", {4, Guest::kResult}), Errno::kBadf);
  EXPECT_EQ(guest("fd_prestat_get", {0, Guest::kResult}), Errno::kBadf);
  EXPECT_EQ(guest("fd_prestat_dir_name", {0, 2000, 9}), Errno::kNotdir);
  EXPECT_EQ(guest("fd_prestat_dir_name", {4, 2000, 9}), Errno::kBadf);
}

TEST(FdFdstatTest, TellsKindFlagsAndRights) {
  Guest guest;
  ASSERT_EQ(guest("fd_fdstat_get", {1, Guest::kResult}), Errno::kSuccess);
  EXPECT_EQ(guest.Get<std::uint8_t>(), 0) << "not a terminal";
  EXPECT_EQ(guest.Get<rights::Mask>(Guest::kResult + 8), rights::kOfOutput);
  ASSERT_EQ(guest("fd_fdstat_get", {3, Guest::kResult}), Errno::kSuccess);
  EXPECT_EQ(guest.Get<std::uint8_t>(), 3);
  EXPECT_EQ(guest.Get<rights::Mask>(Guest::kResult + 8), rights::kOfDirectory);
  EXPECT_EQ(guest.Get<rights::Mask>(Guest::kResult + 16), rights::kAll);
  const Fd fd = guest.Open("f", {.flags = oflags::kCreat,
                                 .base = rights::kFdRead,
                                 .fd_flags = fdflags::kAppend | fdflags::kSync});
  ASSERT_EQ(guest("fd_fdstat_get", {fd, Guest::kResult}), Errno::kSuccess);
  EXPECT_EQ(guest.Get<std::uint8_t>(), 4);
  EXPECT_EQ(guest.Get<std::uint16_t>(Guest::kResult + 2), fdflags::kAppend | fdflags::kSync);
  const auto base = guest.Get<rights::Mask>(Guest::kResult + 8);
  EXPECT_TRUE(base & rights::kFdRead);
  EXPECT_TRUE(base & rights::kFdSeek);
  EXPECT_FALSE(base & rights::kFdWrite);
  EXPECT_EQ(guest.Get<rights::Mask>(Guest::kResult + 16), 0u);
}

TEST(FdFdstatTest, ChangesAppendAndNonblockOnly) {
  Guest guest;
  const Fd fd = guest.Create("f");
  EXPECT_EQ(guest("fd_fdstat_set_flags", {fd, fdflags::kAppend | fdflags::kNonblock}),
            Errno::kSuccess);
  EXPECT_EQ(guest("fd_fdstat_set_flags", {fd, fdflags::kSync}), Errno::kInval);
  EXPECT_EQ(guest("fd_fdstat_set_flags", {fd, 32}), Errno::kInval);
  EXPECT_EQ(guest("fd_fdstat_set_flags", {0, fdflags::kNonblock}), Errno::kSuccess);
  EXPECT_EQ(guest("fd_fdstat_set_flags", {3, 0}), Errno::kBadf);
}

TEST(FdFdstatTest, TakesRightsAwayButNeverGivesThem) {
  Guest guest;
  const Fd fd = guest.Create("f");
  ASSERT_EQ(guest("fd_fdstat_get", {fd, Guest::kResult}), Errno::kSuccess);
  const auto base = guest.Get<rights::Mask>(Guest::kResult + 8);
  EXPECT_EQ(guest("fd_fdstat_set_rights", {fd, base | rights::kPathOpen, 0}), Errno::kNotcapable);
  EXPECT_EQ(guest("fd_fdstat_set_rights", {fd, base, 1}), Errno::kNotcapable);
  EXPECT_EQ(guest("fd_fdstat_set_rights", {fd, 1ull << 40, 0}), Errno::kInval);
  const rights::Mask taken = rights::kFdSeek | rights::kFdTell | rights::kFdFilestatGet |
                             rights::kFdFilestatSetSize | rights::kFdAdvise;
  EXPECT_EQ(guest("fd_fdstat_set_rights", {fd, base & ~taken, 0}), Errno::kSuccess);
  EXPECT_EQ(guest("fd_seek", {fd, 0, 0, 64}), Errno::kNotcapable);
  EXPECT_EQ(guest("fd_tell", {fd, 64}), Errno::kNotcapable);
  EXPECT_EQ(guest("fd_filestat_get", {fd, 64}), Errno::kNotcapable);
  EXPECT_EQ(guest("fd_filestat_set_size", {fd, 1}), Errno::kNotcapable);
  EXPECT_EQ(guest("fd_advise", {fd, 0, 0, 0}), Errno::kNotcapable);
  EXPECT_EQ(guest("fd_fdstat_set_rights", {fd, base, 0}), Errno::kNotcapable);
  EXPECT_EQ(guest.Write(fd, "still"), Errno::kSuccess);
}

TEST(FdSeekTest, TellsWithTheRightToTellAlone) {
  Guest guest;
  const Fd fd = guest.Create("f");
  EXPECT_EQ(guest("fd_fdstat_set_rights", {fd, rights::kFdTell, 0}), Errno::kSuccess);
  EXPECT_EQ(guest("fd_seek", {fd, 0, 1, 64}), Errno::kSuccess);
  EXPECT_EQ(guest("fd_seek", {fd, 1, 1, 64}), Errno::kNotcapable);
  EXPECT_EQ(guest("fd_tell", {fd, 64}), Errno::kSuccess);
}

TEST(FdFilestatTest, DescribesStreamsApartFromFiles) {
  Guest guest;
  const testing::Stat in = guest.StatOf(Fd{0});
  const testing::Stat out = guest.StatOf(Fd{1});
  const testing::Stat root = guest.StatOf(Guest::kRoot);
  EXPECT_NE(in.inode, out.inode);
  EXPECT_EQ(in.device, out.device);
  EXPECT_NE(in.device, root.device);
  EXPECT_NE(root.device, 0u);
  EXPECT_EQ(root.type, 3);
}

TEST(FdFilestatTest, KeepsTimesExactly) {
  Guest guest;
  const Fd fd = guest.Create("f");
  EXPECT_EQ(guest.StatOf(fd).modified, Guest::kStart);
  (void)guest.Time(0);
  (void)guest.Write(fd, "x");
  testing::Stat stat = guest.StatOf(fd);
  EXPECT_EQ(stat.modified, Guest::kStart + 1'000);
  EXPECT_EQ(stat.changed, Guest::kStart + 1'000);
  EXPECT_EQ(stat.accessed, Guest::kStart);
  (void)guest.Time(0);
  EXPECT_EQ(guest("fd_filestat_set_times", {fd, 12, 34, fstflags::kAtim | fstflags::kMtimNow}),
            Errno::kSuccess);
  stat = guest.StatOf(fd);
  EXPECT_EQ(stat.accessed, 12u);
  EXPECT_EQ(stat.modified, Guest::kStart + 2'000);
  EXPECT_EQ(guest("fd_filestat_set_times", {fd, 1, 2, 0}), Errno::kSuccess);
  EXPECT_EQ(guest.StatOf(fd).accessed, 12u);
  EXPECT_EQ(guest("fd_filestat_set_times", {fd, 1, 2, 3}), Errno::kInval);
  EXPECT_EQ(guest("fd_filestat_set_times", {fd, 1, 2, 12}), Errno::kInval);
  EXPECT_EQ(guest("fd_filestat_set_times", {fd, 1, 2, 16}), Errno::kInval);
  EXPECT_EQ(guest("fd_filestat_set_times", {1, 1, 2, 1}), Errno::kBadf);
}

}  // namespace
}  // namespace plasm::wasi
