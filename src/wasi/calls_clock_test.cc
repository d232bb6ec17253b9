#include <gtest/gtest.h>

#include "wasi/testing/guest.h"

namespace plasm::wasi {
namespace {

using testing::Guest;

Guest LiveGuest() {
  HostConfig config = Guest::DefaultConfig();
  config.profile = Profile::kLive;
  return Guest(Guest::DefaultTree(), config);
}

TEST(ClockTest, StartsAtTheStartTimeAndMovesOneStepAReading) {
  Guest guest;
  EXPECT_EQ(guest.Time(clockid::kRealtime), Guest::kStart);
  EXPECT_EQ(guest.Time(clockid::kRealtime), Guest::kStart + 1'000);
  EXPECT_EQ(guest.Time(clockid::kMonotonic), 86'400'000'002'000u);
  EXPECT_EQ(guest.Time(clockid::kProcessCputime), 3'000u);
  EXPECT_EQ(guest.Time(clockid::kThreadCputime), 4'000u);
}

TEST(ClockTest, DoesNotMoveForAnythingElse) {
  Guest guest;
  guest.MakeFile("file", "contents");
  ASSERT_EQ(guest("sched_yield", {}), Errno::kSuccess);
  ASSERT_EQ(guest("clock_res_get", {0, Guest::kResult}), Errno::kSuccess);
  EXPECT_EQ(guest.Time(clockid::kRealtime), Guest::kStart);
}

TEST(ClockTest, SaysHowFineItIs) {
  Guest guest;
  for (std::uint64_t id = 0; id < 4; ++id) {
    ASSERT_EQ(guest("clock_res_get", {id, Guest::kResult}), Errno::kSuccess);
    EXPECT_EQ(guest.Get<std::uint64_t>(), 1'000u);
  }
}

TEST(ClockTest, RefusesUnknownClocksAndPlacesOutsideMemory) {
  Guest guest;
  EXPECT_EQ(guest("clock_res_get", {4, Guest::kResult}), Errno::kInval);
  EXPECT_EQ(guest("clock_time_get", {4, 0, Guest::kResult}), Errno::kInval);
  EXPECT_EQ(guest("clock_time_get", {0, 0, 65529}), Errno::kFault);
  EXPECT_EQ(guest.Time(clockid::kRealtime), Guest::kStart) << "a failed call moved the clock";
}

TEST(ClockTest, StopsAtTheEndOfTimeInsteadOfWrapping) {
  HostConfig config = Guest::DefaultConfig();
  config.start_time_ns = ~std::uint64_t{0} - 500;
  Guest guest(Guest::DefaultTree(), config);
  EXPECT_EQ(guest.Time(clockid::kRealtime), ~std::uint64_t{0} - 500);
  EXPECT_EQ(guest.Time(clockid::kRealtime), ~std::uint64_t{0});
}

TEST(ClockTest, IsTheMachinesUnderLive) {
  Guest guest = LiveGuest();
  guest.clock.realtime = 77;
  guest.clock.monotonic += 9;
  EXPECT_EQ(guest.Time(clockid::kRealtime), 77u);
  EXPECT_EQ(guest.Time(clockid::kMonotonic), guest.clock.monotonic);
  EXPECT_EQ(guest.Time(clockid::kProcessCputime), 9u);
}

}  // namespace
}  // namespace plasm::wasi
