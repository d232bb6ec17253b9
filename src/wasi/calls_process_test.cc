#include <gtest/gtest.h>

#include <set>
#include <string>

#include "wasi/testing/guest.h"

namespace plasm::wasi {
namespace {

using testing::Guest;

TEST(CallsTest, AreThe46FunctionsOfPreview1SortedByName) {
  ASSERT_EQ(Calls().size(), 46u);
  for (std::size_t i = 1; i < Calls().size(); ++i) {
    EXPECT_LT(Calls()[i - 1].name, Calls()[i].name);
  }
  for (const Call& call : Calls()) EXPECT_EQ(call.returns, call.name != "proc_exit") << call.name;
}

TEST(CallsTest, HaveTheSignaturesOfTheInterfaceDefinition) {
  EXPECT_EQ(testing::CallNamed("path_open").params, "iiiiiIIii");
  EXPECT_EQ(testing::CallNamed("fd_seek").params, "iIii");
  EXPECT_EQ(testing::CallNamed("fd_pread").params, "iiiIi");
  EXPECT_EQ(testing::CallNamed("fd_readdir").params, "iiiIi");
  EXPECT_EQ(testing::CallNamed("clock_time_get").params, "iIi");
  EXPECT_EQ(testing::CallNamed("path_filestat_set_times").params, "iiiiIIi");
  EXPECT_EQ(testing::CallNamed("path_link").params, "iiiiiii");
  EXPECT_EQ(testing::CallNamed("sock_recv").params, "iiiiii");
  EXPECT_EQ(testing::CallNamed("sched_yield").params, "");
}

TEST(ArgsTest, AreStoredWithTheirTerminators) {
  Guest guest;
  ASSERT_EQ(guest("args_sizes_get", {64, 68}), Errno::kSuccess);
  EXPECT_EQ(guest.Get<Size>(64), 2u);
  EXPECT_EQ(guest.Get<Size>(68), 12u);
  ASSERT_EQ(guest("args_get", {100, 200}), Errno::kSuccess);
  EXPECT_EQ(guest.Get<Pointer>(100), 200u);
  EXPECT_EQ(guest.Get<Pointer>(104), 208u);
  EXPECT_EQ(guest.Text(200, 12), std::string("program\0one\0", 12));
}

TEST(EnvironTest, IsStoredAsItWasGiven) {
  Guest guest;
  ASSERT_EQ(guest("environ_sizes_get", {64, 68}), Errno::kSuccess);
  EXPECT_EQ(guest.Get<Size>(64), 1u);
  EXPECT_EQ(guest.Get<Size>(68), 10u);
  ASSERT_EQ(guest("environ_get", {100, 200}), Errno::kSuccess);
  EXPECT_EQ(guest.Text(200, 10), std::string("KEY=value\0", 10));
}

TEST(ArgsTest, AreNotStoredInPartWhenTheyDoNotFit) {
  Guest guest;
  const auto before = guest.bytes;
  EXPECT_EQ(guest("args_get", {100, 65536 - 11}), Errno::kFault);
  EXPECT_EQ(guest("args_get", {65536 - 7, 200}), Errno::kFault);
  EXPECT_EQ(guest("args_sizes_get", {64, 65533}), Errno::kFault);
  EXPECT_EQ(guest.bytes, before);
}

TEST(ProcExitTest, EndsTheGuestWithItsCode) {
  Guest guest;
  const CallResult result = guest.Raw("proc_exit", {33});
  EXPECT_EQ(result.kind, CallResult::Kind::kExit);
  EXPECT_EQ(result.value, 33u);
}

TEST(ProcRaiseTest, EndsTheGuestWhereTheSignalWouldTerminateIt) {
  Guest guest;
  const std::set<std::uint64_t> ignored = {0, 13, 16, 17, 22, 27};
  const std::set<std::uint64_t> stopping = {18, 19, 20, 21};
  for (std::uint64_t signal = 0; signal <= 30; ++signal) {
    const CallResult result = guest.Raw("proc_raise", {signal});
    if (ignored.contains(signal)) {
      EXPECT_EQ(result.kind, CallResult::Kind::kReturn);
      EXPECT_EQ(static_cast<Errno>(result.value), Errno::kSuccess);
    } else if (stopping.contains(signal)) {
      EXPECT_EQ(static_cast<Errno>(result.value), Errno::kNotsup);
    } else {
      EXPECT_EQ(result.kind, CallResult::Kind::kAbort);
      EXPECT_EQ(result.value, signal);
    }
  }
  EXPECT_EQ(guest("proc_raise", {31}), Errno::kInval);
}

TEST(SchedYieldTest, Succeeds) { EXPECT_EQ(Guest()("sched_yield", {}), Errno::kSuccess); }

TEST(RandomGetTest, ContinuesTheStreamOfTheSeed) {
  Guest guest;
  ASSERT_EQ(guest("random_get", {100, 3}), Errno::kSuccess);
  ASSERT_EQ(guest("random_get", {103, 5}), Errno::kSuccess);
  EXPECT_EQ(guest.Text(100, 8), "\x76\xb8\xe0\xad\xa0\xf1\x3d\x90");
  EXPECT_EQ(guest.Get<std::uint8_t>(108), 0);
}

TEST(RandomGetTest, AsksTheMachineUnderLive) {
  HostConfig config = Guest::DefaultConfig();
  config.profile = Profile::kLive;
  Guest guest(Guest::DefaultTree(), config);
  ASSERT_EQ(guest("random_get", {100, 4}), Errno::kSuccess);
  EXPECT_EQ(guest.Text(100, 4), "\1\2\3\4");
}

TEST(RandomGetTest, RefusesABufferThatLeavesMemory) {
  Guest guest;
  EXPECT_EQ(guest("random_get", {100, 0xffffffff}), Errno::kFault);
  EXPECT_EQ(guest("random_get", {65536, 0}), Errno::kSuccess);
  EXPECT_EQ(guest("random_get", {65537, 0}), Errno::kFault);
}

TEST(SockTest, FindsNoSockets) {
  Guest guest;
  for (const std::uint64_t fd : {0, 1, 3}) {
    EXPECT_EQ(guest("sock_accept", {fd, 0, 64}), Errno::kNotsock);
    EXPECT_EQ(guest("sock_recv", {fd, 0, 0, 0, 64, 68}), Errno::kNotsock);
    EXPECT_EQ(guest("sock_send", {fd, 0, 0, 0, 64}), Errno::kNotsock);
    EXPECT_EQ(guest("sock_shutdown", {fd, 1}), Errno::kNotsock);
  }
  EXPECT_EQ(guest("sock_accept", {9, 0, 64}), Errno::kBadf);
  EXPECT_EQ(guest("sock_shutdown", {0xffffffff, 1}), Errno::kBadf);
}

}  // namespace
}  // namespace plasm::wasi
