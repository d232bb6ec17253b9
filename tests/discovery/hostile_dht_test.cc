#include <gtest/gtest.h>
#include <poll.h>

#include <string>
#include <variant>

#include "base/clock.h"
#include "discovery/dht_process.h"

namespace plasm::discovery {
namespace {

constexpr std::uint64_t kLong = 100'000'000'000;

class HostileDhtTest : public ::testing::Test {
 protected:
  DhtProcess Start(const std::string& what) {
    return DhtProcess({.program = PLASM_HOSTILE_DHT, .listen = {}, .bootstrap = {what}}, clock_);
  }
  // The next failure, and that the process is then started again.
  std::string FailureOf(DhtProcess& process) {
    std::string failure;
    for (int readies = 0; readies < 2;) {
      const auto event = process.Next(kLong, -1);
      EXPECT_TRUE(event && std::holds_alternative<DhtReady>(*event));
      if (!event) return "";
      ++readies;
      if (std::string why = process.TakeFailure(); !why.empty()) failure = why;
    }
    return failure;
  }
  SystemClock clock_;
};

TEST_F(HostileDhtTest, IsKilledForALineThatBreaksARuleAndStartedAgain) {
  DhtProcess process = Start("garbage");
  const std::string failure = FailureOf(process);
  EXPECT_NE(failure.find("unknown key \"more\""), std::string::npos) << failure;
  EXPECT_NE(failure.find("killed by signal 9"), std::string::npos) << failure;
}

TEST_F(HostileDhtTest, IsKilledForALineWithoutEnd) {
  DhtProcess process = Start("long-line");
  const std::string failure = FailureOf(process);
  EXPECT_NE(failure.find("expected at most 65536"), std::string::npos) << failure;
}

TEST_F(HostileDhtTest, IsStartedAgainWhenItEnds) {
  DhtProcess process = Start("ends");
  const std::string failure = FailureOf(process);
  EXPECT_NE(failure.find("exited with status 7"), std::string::npos) << failure;
}

TEST_F(HostileDhtTest, ItsLastWordsAreToldOnOneLine) {
  DhtProcess process = Start("complains");
  const std::string failure = FailureOf(process);
  EXPECT_NE(failure.find("exited with status 1: no  [31mluck"), std::string::npos) << failure;
}

TEST_F(HostileDhtTest, OneThatTakesNoCommandsHoldsNobodyUp) {
  DhtProcess process = Start("deaf");
  ASSERT_TRUE(process.Next(kLong, -1));
  std::string failure;
  // More than the socket and the buffer behind it hold.
  for (int i = 0; i < 100'000 && failure.empty(); ++i) {
    process.Send(FindPeers{AnnounceKeyOf("node")});
    failure = process.TakeFailure();
  }
  EXPECT_NE(failure.find("takes no commands"), std::string::npos) << failure;
}

TEST_F(HostileDhtTest, AProgramThatIsNotThereIsAFailureLikeAnother) {
  DhtProcess process({.program = "/nonexistent/plasm-dht", .listen = {}, .bootstrap = {}}, clock_);
  EXPECT_FALSE(process.Next(1'000'000, -1));
  EXPECT_NE(process.TakeFailure().find("/nonexistent/plasm-dht"), std::string::npos);
}

}  // namespace
}  // namespace plasm::discovery
