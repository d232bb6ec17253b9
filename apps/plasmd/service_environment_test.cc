#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <string>

#include "base/testing/temp_folder.h"
#include "base/unique_fd.h"
#include "inherited_sockets.h"
#include "service_notice.h"

namespace plasm::app {
namespace {

TEST(InheritedSocketsTest, AreThoseOfThisProcessAlone) {
  EXPECT_EQ(*InheritedCount("2", "100", 100), 2u);
  EXPECT_EQ(*InheritedCount("2", "101", 100), 0u);
  EXPECT_EQ(*InheritedCount(nullptr, "100", 100), 0u);
  EXPECT_EQ(*InheritedCount("2", nullptr, 100), 0u);
  EXPECT_FALSE(InheritedCount("65", "100", 100));
  EXPECT_FALSE(InheritedCount("-1", "100", 100));
  EXPECT_FALSE(InheritedCount("", "100", 100));
  EXPECT_FALSE(InheritedCount("2", "x", 100));
}

TEST(WatchdogTest, IsFedTwiceAsOftenAsIsWanted) {
  EXPECT_EQ(*WatchdogIntervalNs("3000000", nullptr, 100), 1'500'000'000u);
  EXPECT_EQ(*WatchdogIntervalNs("3000000", "100", 100), 1'500'000'000u);
  EXPECT_FALSE(WatchdogIntervalNs("3000000", "101", 100));
  EXPECT_FALSE(WatchdogIntervalNs(nullptr, nullptr, 100));
  EXPECT_FALSE(WatchdogIntervalNs("0", nullptr, 100));
  EXPECT_FALSE(WatchdogIntervalNs("soon", nullptr, 100));
  EXPECT_FALSE(WatchdogIntervalNs("18446744073709551615", nullptr, 100));
}

class ServiceNoticeTest : public ::testing::Test {
 protected:
  // What arrives at a socket of this name.
  std::string Receive(sockaddr_un address, std::size_t name_size, const std::string& given) {
    const UniqueFd fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_size);
    EXPECT_EQ(bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size), 0);
    const auto sent = ServiceNotice(given.c_str()).Reloading(5'000'000);
    EXPECT_TRUE(sent);
    char buffer[256];
    const ssize_t count = recv(fd.get(), buffer, sizeof(buffer), MSG_DONTWAIT);
    return count < 0 ? "" : std::string(buffer, static_cast<std::size_t>(count));
  }
};

TEST_F(ServiceNoticeTest, ArrivesAtAPath) {
  const testing::TempFolder folder;
  const std::string path = folder / "notify";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  EXPECT_EQ(Receive(address, path.size(), path), "RELOADING=1\nMONOTONIC_USEC=5000");
}

TEST_F(ServiceNoticeTest, ArrivesAtAnAbstractName) {
  const testing::TempFolder folder;
  std::string name = folder / "notify";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path + 1, name.data(), name.size());
  EXPECT_EQ(Receive(address, name.size() + 1, "@" + name), "RELOADING=1\nMONOTONIC_USEC=5000");
}

TEST_F(ServiceNoticeTest, IsNotSentWhereNobodyAsked) {
  EXPECT_TRUE(ServiceNotice(nullptr).Ready());
  EXPECT_TRUE(ServiceNotice("").Ready());
  EXPECT_EQ(ServiceNotice("/nonexistent/notify").Ready().error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(ServiceNotice(std::string(200, 'x').c_str()).Ready());
}

}  // namespace
}  // namespace plasm::app
