#include <gtest/gtest.h>

#include <vector>

#include "wasi/testing/guest.h"

namespace plasm::wasi {
namespace {

using testing::Guest;

struct Event {
  std::uint64_t userdata;
  std::uint16_t error;
  std::uint8_t type;
  std::uint64_t bytes;
  std::uint16_t flags;
  bool operator==(const Event&) const = default;
};

class PollTest : public ::testing::Test {
 protected:
  static constexpr Pointer kIn = 4096;
  static constexpr Pointer kOut = 8192;

  void Renew(Profile profile) {
    HostConfig config = Guest::DefaultConfig();
    config.profile = profile;
    guest_.emplace(Guest::DefaultTree(), config);
  }

  Pointer Next(std::uint64_t userdata, std::uint8_t type) {
    const Pointer at = kIn + 48 * count_++;
    guest_->memory().Store(at, userdata);
    guest_->memory().Store(at + 8, type);
    return at;
  }
  void AddClock(std::uint64_t userdata, std::uint32_t id, std::uint64_t timeout,
                bool absolute = false) {
    const Pointer at = Next(userdata, 0);
    guest_->memory().Store(at + 16, id);
    guest_->memory().Store(at + 24, timeout);
    guest_->memory().Store(at + 40, static_cast<std::uint16_t>(absolute ? 1 : 0));
  }
  void AddRead(std::uint64_t userdata, Fd fd) {
    guest_->memory().Store(Next(userdata, 1) + 16, fd);
  }
  void AddWrite(std::uint64_t userdata, Fd fd) {
    guest_->memory().Store(Next(userdata, 2) + 16, fd);
  }
  Errno Poll() {
    const Errno error = (*guest_)("poll_oneoff", {kIn, kOut, count_, Guest::kResult});
    count_ = 0;
    return error;
  }
  std::vector<Event> Events() {
    EXPECT_EQ(Poll(), Errno::kSuccess);
    std::vector<Event> events;
    for (Size i = 0; i < guest_->Get<Size>(); ++i) {
      const Pointer at = kOut + 32 * i;
      events.push_back({guest_->Get<std::uint64_t>(at), guest_->Get<std::uint16_t>(at + 8),
                        guest_->Get<std::uint8_t>(at + 10), guest_->Get<std::uint64_t>(at + 16),
                        guest_->Get<std::uint16_t>(at + 24)});
    }
    return events;
  }

  std::optional<Guest> guest_{std::in_place};
  Size count_ = 0;
};

TEST_F(PollTest, SleepsInVirtualTime) {
  AddClock(7, clockid::kMonotonic, 5'000'000'000);
  EXPECT_EQ(Events(), (std::vector<Event>{{7, 0, 0, 0, 0}}));
  EXPECT_EQ(guest_->Time(clockid::kRealtime), Guest::kStart + 5'000'000'000);
  EXPECT_TRUE(guest_->clock.slept.empty());
  EXPECT_EQ(guest_->Time(clockid::kProcessCputime), 1'000u) << "sleeping takes no CPU time";
}

TEST_F(PollTest, SleepsUntilAbsoluteTimes) {
  AddClock(1, clockid::kRealtime, Guest::kStart + 42, true);
  EXPECT_EQ(Events().size(), 1u);
  EXPECT_EQ(guest_->Time(clockid::kMonotonic), GuestClock::kMonotonicStart + 42);
  AddClock(1, clockid::kMonotonic, GuestClock::kMonotonicStart + 5'000, true);
  EXPECT_EQ(Events().size(), 1u);
  EXPECT_EQ(guest_->Time(clockid::kRealtime), Guest::kStart + 5'000);
}

TEST_F(PollTest, DoesNotMoveTheClockForATimeThatHasPassed) {
  AddClock(1, clockid::kRealtime, 5, true);
  AddClock(2, clockid::kMonotonic, 0);
  EXPECT_EQ(Events().size(), 2u);
  EXPECT_EQ(guest_->Time(clockid::kRealtime), Guest::kStart);
}

TEST_F(PollTest, EndsAtTheEarliestDeadlineAndReportsAllThatAreDue) {
  AddClock(1, clockid::kMonotonic, 900);
  AddClock(2, clockid::kMonotonic, 300);
  AddClock(3, clockid::kRealtime, Guest::kStart + 300, true);
  EXPECT_EQ(Events(), (std::vector<Event>{{2, 0, 0, 0, 0}, {3, 0, 0, 0, 0}}));
}

TEST_F(PollTest, FindsFilesAndStreamsReadyAtOnceInTheOrderOfSubscription) {
  guest_->MakeFile("file", "12345");
  const Fd file = guest_->Open("file", {});
  (void)guest_->Read(file, 2);
  AddWrite(1, 1);
  AddClock(2, clockid::kMonotonic, 10);
  AddRead(3, file);
  AddRead(4, 0);
  AddWrite(5, file);
  AddClock(6, clockid::kMonotonic, 0);
  EXPECT_EQ(
      Events(),
      (std::vector<Event>{
          {1, 0, 2, 1, 0}, {3, 0, 1, 3, 0}, {4, 0, 1, 1, 0}, {5, 0, 2, 1, 0}, {6, 0, 0, 0, 0}}));
  EXPECT_EQ(guest_->Time(clockid::kRealtime), Guest::kStart);
  EXPECT_EQ(guest_->streams.reads, 0);
}

TEST_F(PollTest, ReportsTheEndOfAFileAsHangup) {
  const Fd file = guest_->Create("file");
  AddRead(1, file);
  EXPECT_EQ(Events(), (std::vector<Event>{{1, 0, 1, 0, 1}}));
}

TEST_F(PollTest, RefusesWhatCannotBeWaitedFor) {
  EXPECT_EQ(Poll(), Errno::kInval) << "no subscription";
  AddRead(1, 99);
  EXPECT_EQ(Poll(), Errno::kBadf);
  AddRead(1, Guest::kRoot);
  EXPECT_EQ(Poll(), Errno::kBadf);
  AddRead(1, 1);
  EXPECT_EQ(Poll(), Errno::kBadf);
  AddWrite(1, 0);
  EXPECT_EQ(Poll(), Errno::kBadf);
  AddClock(1, clockid::kProcessCputime, 1);
  EXPECT_EQ(Poll(), Errno::kInval);
  AddClock(1, 4, 1);
  EXPECT_EQ(Poll(), Errno::kInval);
  Next(1, 3);
  EXPECT_EQ(Poll(), Errno::kInval);
}

TEST_F(PollTest, DoesNothingWhenOneSubscriptionIsBad) {
  AddClock(1, clockid::kMonotonic, 1'000'000);
  AddRead(2, 99);
  EXPECT_EQ(Poll(), Errno::kBadf);
  EXPECT_EQ(guest_->Time(clockid::kRealtime), Guest::kStart);
}

TEST_F(PollTest, RefusesArraysThatLeaveMemory) {
  EXPECT_EQ((*guest_)("poll_oneoff", {kIn, kOut, 0xffffffff, Guest::kResult}), Errno::kFault);
  EXPECT_EQ((*guest_)("poll_oneoff", {kIn, 65536 - 31, 1, Guest::kResult}), Errno::kFault);
  EXPECT_EQ((*guest_)("poll_oneoff", {65536 - 47, kOut, 1, Guest::kResult}), Errno::kFault);
  EXPECT_EQ((*guest_)("poll_oneoff", {kIn, kOut, 1, 65533}), Errno::kFault);
}

TEST_F(PollTest, MayWriteEventsOverTheSubscriptions) {
  for (std::uint64_t i = 0; i < 8; ++i) AddClock(i, clockid::kMonotonic, 0);
  ASSERT_EQ((*guest_)("poll_oneoff", {kIn, kIn, 8, Guest::kResult}), Errno::kSuccess);
  EXPECT_EQ(guest_->Get<Size>(), 8u);
  for (Pointer i = 0; i < 8; ++i) EXPECT_EQ(guest_->Get<std::uint64_t>(kIn + 32 * i), i);
}

TEST_F(PollTest, ReallyWaitsUnderLive) {
  Renew(Profile::kLive);
  AddClock(1, clockid::kMonotonic, 300);
  AddClock(2, clockid::kRealtime, guest_->clock.realtime + 500, true);
  EXPECT_EQ(Events(), (std::vector<Event>{{1, 0, 0, 0, 0}}));
  EXPECT_EQ(guest_->clock.slept, (std::vector<std::uint64_t>{300}));
  AddClock(3, clockid::kRealtime, guest_->clock.realtime + 200, true);
  EXPECT_EQ(Events(), (std::vector<Event>{{3, 0, 0, 0, 0}}));
}

TEST_F(PollTest, WaitsForInputUnderLiveAsLongAsTheClockAllows) {
  Renew(Profile::kLive);
  guest_->streams.input_after = 1'000;
  AddRead(1, 0);
  AddClock(2, clockid::kMonotonic, 400);
  EXPECT_EQ(Events(), (std::vector<Event>{{2, 0, 0, 0, 0}}));
  AddRead(1, 0);
  AddClock(2, clockid::kMonotonic, 5'000);
  EXPECT_EQ(Events(), (std::vector<Event>{{1, 0, 1, 1, 0}}));
  guest_->streams.input_after = 1'000;
  AddRead(1, 0);
  AddWrite(3, 1);
  EXPECT_EQ(Events(), (std::vector<Event>{{3, 0, 2, 1, 0}}));
  EXPECT_EQ(guest_->streams.waits.back(), 0u) << "ready output must not wait for input";
}

}  // namespace
}  // namespace plasm::wasi
