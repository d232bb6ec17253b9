#include "net/listener.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/testing/temp_folder.h"
#include "raw_socket.h"

namespace plasm::net {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Endpoint UnixAt(const std::filesystem::path& path) {
  return {.kind = Endpoint::Kind::kUnix, .port = 0, .path = path};
}

TEST(ListenerTest, SaysWhichPortItGot) {
  for (const std::string host : {"127.0.0.1", "[::1]"}) {
    const auto listener = Listener::OnTcp(host + ":0");
    ASSERT_TRUE(listener) << listener.error().message;
    EXPECT_NE(listener->port(), 0);
    EXPECT_EQ(listener->address(), host + ":" + std::to_string(listener->port()));
    EXPECT_EQ(listener->kind(), Listener::Kind::kTls);
  }
}

TEST(ListenerTest, TakesLiteralAddressesOnly) {
  for (const std::string address : {"localhost:7420", "127.0.0.1", ":7420", "::1:7420", "[::1]",
                                    "127.0.0.1:65536", "127.0.0.1:-1", "127.1:7420", ""}) {
    EXPECT_EQ(Listener::OnTcp(address).error().code, ErrorCode::kInvalid) << address;
  }
}

TEST(ListenerTest, APortThatIsTakenIsAnErrorThatNamesIt) {
  const auto first = Listener::OnTcp("127.0.0.1:0");
  ASSERT_TRUE(first);
  const auto second = Listener::OnTcp(first->address());
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr(first->address()));
}

TEST(ListenerTest, ASocketFileIsPrivateAndGoesWithItsListener) {
  const plasm::testing::TempFolder folder;
  const auto path = folder / "socket";
  {
    const mode_t old = ::umask(0);
    auto listener = Listener::OnUnix(path);
    ::umask(old);
    ASSERT_TRUE(listener) << listener.error().message;
    struct stat status{};
    ASSERT_EQ(::lstat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0600u);
    const Listener moved = *std::move(listener);
    EXPECT_TRUE(std::filesystem::exists(path));
    EXPECT_EQ(moved.address(), "unix:" + path.string());
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(ListenerTest, ALivingSocketIsNotTakenAwayAndADeadOneIs) {
  const plasm::testing::TempFolder folder;
  const auto path = folder / "socket";
  {
    const auto living = Listener::OnUnix(path);
    ASSERT_TRUE(living);
    EXPECT_EQ(Listener::OnUnix(path).error().code, ErrorCode::kConflict);
    testing::RawSocket still_there(UnixAt(path));
    std::filesystem::create_hard_link(path, folder / "dead");
  }
  ASSERT_TRUE(std::filesystem::exists(folder / "dead"));
  const auto replaced = Listener::OnUnix(folder / "dead");
  ASSERT_TRUE(replaced) << replaced.error().message;
  testing::RawSocket reachable(UnixAt(folder / "dead"));
}

TEST(ListenerTest, OtherFilesAreNeverReplaced) {
  const plasm::testing::TempFolder folder;
  std::ofstream(folder / "file") << "precious";
  EXPECT_EQ(Listener::OnUnix(folder / "file").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(std::filesystem::file_size(folder / "file"), 8u);
  EXPECT_EQ(Listener::OnUnix(folder / std::string(200, 'x')).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(Listener::OnUnix(folder / "none" / "socket").error().code, ErrorCode::kNotFound);
}

TEST(ListenerTest, TakesInheritedSocketsThatListen) {
  auto tcp = Listener::OnTcp("127.0.0.1:0");
  ASSERT_TRUE(tcp);
  const auto inherited = Listener::FromDescriptor(UniqueFd(::dup(tcp->fd())));
  ASSERT_TRUE(inherited) << inherited.error().message;
  EXPECT_EQ(inherited->address(), tcp->address());
  const plasm::testing::TempFolder folder;
  const auto local = Listener::OnUnix(folder / "socket");
  ASSERT_TRUE(local);
  {
    const auto also = Listener::FromDescriptor(UniqueFd(::dup(local->fd())));
    ASSERT_TRUE(also) << also.error().message;
    EXPECT_EQ(also->kind(), Listener::Kind::kUnix);
    EXPECT_EQ(also->address(), local->address());
  }
  EXPECT_TRUE(std::filesystem::exists(folder / "socket"));  // it was not its own
  EXPECT_FALSE(Listener::FromDescriptor(UniqueFd(::socket(AF_INET, SOCK_STREAM, 0))));
  EXPECT_FALSE(Listener::FromDescriptor(UniqueFd(::dup(0))));
}

}  // namespace
}  // namespace plasm::net
