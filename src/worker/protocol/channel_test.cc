#include "worker/protocol/channel.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace plasm::worker {
namespace {

using ::testing::HasSubstr;

struct Pair {
  std::optional<Channel> a;
  std::optional<Channel> b;
  explicit Pair(Channel::Descriptors of_b = Channel::Descriptors::kAccept) {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    a.emplace(UniqueFd(ends[0]), Channel::Descriptors::kRefuse);
    b.emplace(UniqueFd(ends[1]), of_b);
  }
};

// A descriptor that can be told from others: a file of that size.
UniqueFd Numbered(int number) {
  UniqueFd fd(memfd_create("test", MFD_CLOEXEC));
  EXPECT_EQ(ftruncate(fd.get(), number), 0);
  return fd;
}
int NumberOf(const UniqueFd& fd) {
  struct stat status{};
  EXPECT_EQ(fstat(fd.get(), &status), 0);
  return static_cast<int>(status.st_size);
}

std::size_t OpenDescriptors() {
  return static_cast<std::size_t>(std::distance(
      std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator()));
}

std::string NextPayload(Channel& channel) {
  while (true) {
    const auto frame = channel.NextFrame();
    if (!frame) return "<" + frame.error().message + ">";
    if (*frame) return std::string(AsText((*frame)->payload));
    const auto received = channel.Receive(Blocking::kDontWait);
    if (!received) return "<" + received.error().message + ">";
    if (*received == IoStatus::kWouldBlock) return "<nothing>";
    if (*received == IoStatus::kClosed) return "<closed>";
  }
}

TEST(ChannelTest, CarriesFramesBothWays) {
  Pair pair;
  AppendFrame(pair.a->outgoing(), FrameType::kStdin, AsBytes("to b"));
  AppendFrame(pair.b->outgoing(), FrameType::kReady, AsBytes("to a"));
  EXPECT_TRUE(pair.a->HasOutgoing());
  EXPECT_EQ(*pair.a->Flush(Blocking::kWait), IoStatus::kDone);
  EXPECT_FALSE(pair.a->HasOutgoing());
  EXPECT_EQ(*pair.b->Flush(Blocking::kWait), IoStatus::kDone);
  EXPECT_EQ(NextPayload(*pair.b), "to b");
  EXPECT_EQ(NextPayload(*pair.a), "to a");
}

TEST(ChannelTest, ReportsThatTheOtherSideIsGoneAfterWhatItSent) {
  Pair pair;
  AppendFrame(pair.a->outgoing(), FrameType::kStdin, AsBytes("last words"));
  EXPECT_EQ(*pair.a->Flush(Blocking::kWait), IoStatus::kDone);
  pair.a.reset();
  EXPECT_EQ(NextPayload(*pair.b), "last words");
  EXPECT_EQ(NextPayload(*pair.b), "<closed>");
  AppendFrame(pair.b->outgoing(), FrameType::kReady, {});
  EXPECT_EQ(*pair.b->Flush(Blocking::kWait), IoStatus::kClosed);
}

TEST(ChannelTest, WhatWasSentIsReadEvenIfOurOwnWordsWereNot) {
  Pair pair;
  AppendFrame(pair.b->outgoing(), FrameType::kReady, AsBytes("never read"));
  EXPECT_EQ(*pair.b->Flush(Blocking::kWait), IoStatus::kDone);
  AppendFrame(pair.a->outgoing(), FrameType::kStdin, AsBytes("last words"));
  EXPECT_EQ(*pair.a->Flush(Blocking::kWait), IoStatus::kDone);
  pair.a.reset();  // the kernel reports a reset connection
  EXPECT_EQ(NextPayload(*pair.b), "last words");
  EXPECT_EQ(NextPayload(*pair.b), "<closed>");
}

TEST(ChannelTest, WhatDoesNotFitIsSentLater) {
  Pair pair;
  const Bytes payload(kMaxPayloadBytes, std::byte{5});
  for (int i = 0; i < 4; ++i) AppendFrame(pair.a->outgoing(), FrameType::kStdin, payload);
  EXPECT_EQ(*pair.a->Flush(Blocking::kDontWait), IoStatus::kWouldBlock);
  EXPECT_TRUE(pair.a->HasOutgoing());
  int frames = 0;
  while (frames < 4) {
    ASSERT_TRUE(pair.a->Flush(Blocking::kDontWait));
    ASSERT_EQ(*pair.b->Receive(Blocking::kDontWait), IoStatus::kDone);
    while (true) {
      const auto frame = pair.b->NextFrame();
      ASSERT_TRUE(frame);
      if (!*frame) break;
      EXPECT_EQ((*frame)->payload.size(), kMaxPayloadBytes);
      EXPECT_EQ((*frame)->payload.back(), std::byte{5});
      ++frames;
    }
  }
  EXPECT_FALSE(pair.a->HasOutgoing());
}

TEST(ChannelTest, FramesMayBeAddedWhileSomeAreHalfSent) {
  Pair pair;
  for (int i = 0; i < 3; ++i) {
    AppendFrame(pair.a->outgoing(), FrameType::kStdin, Bytes(kMaxPayloadBytes, std::byte{1}));
  }
  ASSERT_EQ(*pair.a->Flush(Blocking::kDontWait), IoStatus::kWouldBlock);
  AppendFrame(pair.a->outgoing(), FrameType::kStdin, AsBytes("the end"));
  std::string last;
  while (last != "the end") {
    ASSERT_TRUE(pair.a->Flush(Blocking::kDontWait));
    last = NextPayload(*pair.b);
    ASSERT_NE(last, "<closed>");
  }
}

TEST(ChannelTest, DescriptorsKeepTheirOrder) {
  Pair pair;
  for (int i = 1; i <= 3; ++i) {
    pair.a->AttachDescriptor(Numbered(i));
    AppendFrame(pair.a->outgoing(), FrameType::kLoad, AsBytes("x"));
    ASSERT_EQ(*pair.a->Flush(Blocking::kWait), IoStatus::kDone);
  }
  for (int i = 1; i <= 3; ++i) {
    ASSERT_EQ(NextPayload(*pair.b), "x");
    const auto fd = pair.b->TakeDescriptor();
    ASSERT_TRUE(fd);
    EXPECT_EQ(NumberOf(*fd), i);
  }
}

TEST(ChannelTest, MoreDescriptorsThanOneSendCarriesArriveInOrderAndInTime) {
  Pair pair;
  constexpr int kCount = 30;
  for (int i = 1; i <= kCount; ++i) {
    pair.a->AttachDescriptor(Numbered(i));
    AppendFrame(pair.a->outgoing(), FrameType::kLoad, AsBytes("x"));
  }
  ASSERT_EQ(*pair.a->Flush(Blocking::kWait), IoStatus::kDone);
  for (int i = 1; i <= kCount; ++i) {
    ASSERT_EQ(NextPayload(*pair.b), "x");
    const auto fd = pair.b->TakeDescriptor();  // no later than its frame
    ASSERT_TRUE(fd) << i;
    EXPECT_EQ(NumberOf(*fd), i);
  }
  EXPECT_FALSE(pair.b->TakeDescriptor());
}

TEST(ChannelTest, ReceivedDescriptorsAreClosedOnExec) {
  Pair pair;
  pair.a->AttachDescriptor(Numbered(1));
  AppendFrame(pair.a->outgoing(), FrameType::kLoad, AsBytes("x"));
  ASSERT_EQ(*pair.a->Flush(Blocking::kWait), IoStatus::kDone);
  ASSERT_EQ(NextPayload(*pair.b), "x");
  EXPECT_EQ(fcntl(pair.b->TakeDescriptor()->get(), F_GETFD), FD_CLOEXEC);
}

TEST(ChannelTest, AFrameWithoutItsDescriptorIsAnError) {
  Pair pair;
  const auto none = pair.b->TakeDescriptor();
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kCorrupt);
}

TEST(ChannelTest, APeerThatPilesUpDescriptorsIsRefused) {
  Pair pair;
  std::string seen;
  for (std::size_t i = 0; i <= Channel::kMaxHeldDescriptors && seen.empty(); ++i) {
    pair.a->AttachDescriptor(Numbered(1));
    AppendFrame(pair.a->outgoing(), FrameType::kLoad, {});
    ASSERT_EQ(*pair.a->Flush(Blocking::kWait), IoStatus::kDone);
    seen = NextPayload(*pair.b);
  }
  EXPECT_THAT(seen, HasSubstr("too many descriptors"));
}

TEST(ChannelTest, RefusingChannelsDropDescriptorsAndKeepTheFrame) {
  Pair pair(Channel::Descriptors::kRefuse);
  const std::size_t before = OpenDescriptors();
  for (int i = 0; i < 100; ++i) {
    pair.a->AttachDescriptor(Numbered(i));
    AppendFrame(pair.a->outgoing(), FrameType::kReady, AsBytes("frame"));
    ASSERT_EQ(*pair.a->Flush(Blocking::kWait), IoStatus::kDone);
    ASSERT_EQ(NextPayload(*pair.b), "frame");
  }
  EXPECT_FALSE(pair.b->TakeDescriptor());
  EXPECT_EQ(OpenDescriptors(), before);
}

TEST(ChannelTest, GarbageIsAnErrorOfTheStream) {
  Pair pair;
  const std::string garbage(64, '\xee');
  ASSERT_EQ(write(pair.a->fd(), garbage.data(), garbage.size()), 64);
  EXPECT_THAT(NextPayload(*pair.b), HasSubstr("frame of"));
}

}  // namespace
}  // namespace plasm::worker
