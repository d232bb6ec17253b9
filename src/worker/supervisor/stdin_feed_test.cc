#include "worker/supervisor/stdin_feed.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "base/unique_fd.h"

namespace plasm::worker {
namespace {

struct Pipe {
  UniqueFd out;
  UniqueFd in;
  Pipe() {
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    out.Reset(ends[0]);
    in.Reset(ends[1]);
  }
  void Put(const std::string& text) const {
    EXPECT_EQ(write(in.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
};

std::string Take(StdinFeed& feed, std::size_t most) { return std::string(AsText(feed.Take(most))); }

TEST(StdinFeedTest, WithoutASourceThereIsNothing) {
  StdinFeed feed;
  EXPECT_EQ(feed.PollFd(), -1);
  EXPECT_EQ(Take(feed, 10), "");
}

TEST(StdinFeedTest, GivesBytesAtHandInPieces) {
  const std::string text = "abcdef";
  StdinFeed feed(Bytes(AsBytes(text).begin(), AsBytes(text).end()));
  EXPECT_EQ(feed.PollFd(), -1);
  EXPECT_EQ(Take(feed, 4), "abcd");
  EXPECT_EQ(Take(feed, 4), "ef");
  EXPECT_EQ(Take(feed, 4), "");
  EXPECT_EQ(Take(feed, 4), "");
  feed.Rewind();
  EXPECT_EQ(Take(feed, 10), "abcdef");
}

TEST(StdinFeedTest, ReadsAPipeOnDemandAndNoMoreThanAsked) {
  const Pipe pipe;
  StdinFeed feed(pipe.out.get());
  EXPECT_EQ(feed.PollFd(), pipe.out.get());
  pipe.Put("abcdef");
  EXPECT_EQ(Take(feed, 4), "abcd");
  char left[8];
  EXPECT_EQ(read(pipe.out.get(), left, sizeof(left)), 2);
}

TEST(StdinFeedTest, AShortReadIsNotTheEnd) {
  Pipe pipe;
  StdinFeed feed(pipe.out.get());
  pipe.Put("ab");
  EXPECT_EQ(Take(feed, 100), "ab");
  pipe.Put("cd");
  EXPECT_EQ(Take(feed, 100), "cd");
  pipe.in.Reset();
  EXPECT_EQ(Take(feed, 100), "");
  EXPECT_EQ(feed.PollFd(), -1);
  EXPECT_EQ(Take(feed, 100), "");
}

TEST(StdinFeedTest, ARewoundFeedGivesTheSameBytesAndThenGoesOn) {
  Pipe pipe;
  StdinFeed feed(pipe.out.get());
  pipe.Put("abc");
  EXPECT_EQ(Take(feed, 2), "ab");
  EXPECT_EQ(Take(feed, 2), "c");
  feed.Rewind();
  EXPECT_EQ(feed.PollFd(), -1) << "what is remembered does not block";
  EXPECT_EQ(Take(feed, 1), "a");
  EXPECT_EQ(Take(feed, 100), "bc");
  EXPECT_EQ(feed.PollFd(), pipe.out.get());
  pipe.Put("def");
  EXPECT_EQ(Take(feed, 100), "def");
  feed.Rewind();
  EXPECT_EQ(Take(feed, 100), "abcdef");
  pipe.in.Reset();
  EXPECT_EQ(Take(feed, 100), "");
  feed.Rewind();
  EXPECT_EQ(Take(feed, 100), "abcdef");
}

TEST(StdinFeedTest, AfterRewindingItMayStopRememberingAndLosesNothing) {
  const Pipe pipe;
  StdinFeed feed(pipe.out.get());
  pipe.Put("abc");
  EXPECT_EQ(Take(feed, 100), "abc");
  feed.Rewind();
  feed.StopRemembering();
  EXPECT_EQ(Take(feed, 2), "ab");
  EXPECT_EQ(Take(feed, 100), "c");
  for (int i = 0; i < 100; ++i) {
    pipe.Put("0123456789");
    ASSERT_EQ(Take(feed, 7), "0123456");
    ASSERT_EQ(Take(feed, 7), "789");
  }
}

TEST(StdinFeedTest, IsFullOnceItWouldRememberTooMuch) {
  const UniqueFd zeros(open("/dev/zero", O_RDONLY | O_CLOEXEC));
  StdinFeed feed(zeros.get());
  std::size_t taken = 0;
  while (!feed.Full()) taken += feed.Take(1 << 20).size();
  EXPECT_EQ(taken, StdinFeed::kMaxRemembered);
  feed.Rewind();
  EXPECT_FALSE(feed.Full());  // as long as something is at hand
  feed.StopRemembering();
  for (std::size_t i = 0; i < 3 * StdinFeed::kMaxRemembered; i += 1 << 20) {
    EXPECT_FALSE(feed.Full());
    ASSERT_EQ(feed.Take(1 << 20).size(), 1u << 20);
  }
}

TEST(StdinFeedTest, BytesAtHandNeverMakeItFull) {
  StdinFeed feed(Bytes(2 * StdinFeed::kMaxRemembered));
  while (!feed.Take(1 << 20).empty()) EXPECT_FALSE(feed.Full());
  EXPECT_FALSE(feed.Full());
}

TEST(StdinFeedTest, ReadsAFileFromWhereItStands) {
  const UniqueFd file(memfd_create("test", MFD_CLOEXEC));
  ASSERT_EQ(write(file.get(), "0123456789", 10), 10);
  ASSERT_EQ(lseek(file.get(), 4, SEEK_SET), 4);
  StdinFeed feed(file.get());
  EXPECT_EQ(Take(feed, 100), "456789");
  EXPECT_EQ(Take(feed, 100), "");
}

TEST(StdinFeedTest, ADescriptorThatCannotBeReadCountsAsEnded) {
  const Pipe pipe;
  for (const int fd : {pipe.in.get(), 9999}) {
    StdinFeed feed(fd);
    EXPECT_EQ(Take(feed, 100), "");
    EXPECT_EQ(feed.PollFd(), -1);
  }
}

}  // namespace
}  // namespace plasm::worker
