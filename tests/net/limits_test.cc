// Clients that are too slow, too many, or gone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "raw_socket.h"
#include "running_server.h"

namespace plasm::net {
namespace {

using namespace std::chrono_literals;
using testing::Echo;
using ::testing::HasSubstr;
using testing::RawSocket;
using testing::RunningServer;
using ::testing::StartsWith;

const std::string kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

TEST(LimitsTest, AHeadThatNeverEndsIsAnsweredAndClosed) {
  RunningServer server(Echo, {.whole_head = 50ms});
  RawSocket socket(server.unix_socket());
  socket.Send("GET / HTTP/1.1\r\nHost: x\r\n");
  EXPECT_THAT(socket.ReadToTheEnd(), StartsWith("HTTP/1.1 408 "));
  EXPECT_EQ(server.server().counters().refused_requests, 1u);
}

TEST(LimitsTest, DrippingAHeadDoesNotExtendItsTime) {
  RunningServer server(Echo, {.whole_head = 100ms});
  RawSocket socket(server.unix_socket());
  socket.Send("GET / HTTP/1.1\r\nHost: x\r\n");
  while (socket.Send("X: y\r\n") && server.server().counters().refused_requests == 0) {
    std::this_thread::sleep_for(1ms);  // the dripping, not a wait
  }
  EXPECT_THAT(socket.ReadToTheEnd(), StartsWith("HTTP/1.1 408 "));
}

TEST(LimitsTest, IdleConnectionsAreClosed) {
  RunningServer server(Echo, {.idle = 50ms});
  RawSocket fresh(server.unix_socket());
  RawSocket used(server.unix_socket());
  used.Send(kGet);
  EXPECT_THAT(used.ReadResponse(), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(fresh.ReadToTheEnd(), "");
  EXPECT_EQ(used.ReadToTheEnd(), "");
}

TEST(LimitsTest, AHandshakeThatNeverEndsIsCut) {
  RunningServer server(Echo, {.handshake = 50ms});
  RawSocket silent(server.tls());
  RawSocket half(server.tls());
  half.Send("\x16\x03\x01\x02");
  EXPECT_EQ(silent.ReadToTheEnd(), "");
  EXPECT_EQ(half.ReadToTheEnd(), "");
  server.WaitUntil([](const ServerCounters& c) { return c.failed_handshakes == 2; });
}

TEST(LimitsTest, PlainHttpOnTheTlsPortIsCut) {
  RunningServer server(Echo);
  RawSocket socket(server.tls());
  socket.Send(kGet);
  EXPECT_EQ(socket.ReadToTheEnd().find("HTTP"), std::string::npos);
}

TEST(LimitsTest, ABodyThatStopsIsGivenUp) {
  RunningServer server(Echo, {.body_progress = 50ms});
  RawSocket socket(server.unix_socket());
  socket.Send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_THAT(socket.ReadToTheEnd(), HasSubstr("comes too slowly"));
}

TEST(LimitsTest, ABodyThatDripsIsGivenUp) {
  RunningServer server(Echo, {.body_progress_bytes = 1000, .body_progress = 100ms});
  RawSocket socket(server.unix_socket());
  socket.Send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n");
  while (socket.Send("x") && server.server().counters().connections > 0) {
    std::this_thread::sleep_for(1ms);  // the dripping, not a wait
  }
  EXPECT_THAT(socket.ReadToTheEnd(), ::testing::AnyOf("", HasSubstr("comes too slowly")));
}

TEST(LimitsTest, AReaderThatStopsIsCut) {
  std::atomic<bool> failed = false;
  RunningServer server(
      [&](Exchange& exchange) {
        const Bytes piece(256 << 10);
        (void)exchange.BeginStream(200, {});
        while (exchange.Write(piece)) {
        }
        failed = true;
      },
      {.write_stall = 50ms});
  RawSocket plain(server.unix_socket());
  plain.Send(kGet);
  server.WaitUntil([](const ServerCounters& c) { return c.cut == 1; });
  Client client = server.TlsClient();
  ASSERT_TRUE(client.Send({}));
  server.WaitUntil([](const ServerCounters& c) { return c.cut == 2; });
  EXPECT_TRUE(failed);
}

TEST(LimitsTest, ConnectionsBeyondTheLimitAreTurnedAway) {
  RunningServer server(Echo, {.connections = 3});
  std::vector<RawSocket> held;
  for (int i = 0; i < 3; ++i) {
    held.emplace_back(server.unix_socket());
    held.back().Send(kGet);
    EXPECT_THAT(held.back().ReadResponse(), StartsWith("HTTP/1.1 200 "));
  }
  EXPECT_EQ(RawSocket(server.unix_socket()).ReadToTheEnd(), "");
  EXPECT_EQ(server.server().counters().turned_away, 1u);
  held.pop_back();
  server.WaitUntil([](const ServerCounters& c) { return c.connections == 2; });
  RawSocket next(server.unix_socket());
  next.Send(kGet);
  EXPECT_THAT(next.ReadResponse(), StartsWith("HTTP/1.1 200 "));
}

TEST(LimitsTest, OnePeerCanNotTakeAllConnections) {
  RunningServer server(Echo, {.connections_per_peer = 2});
  std::vector<RawSocket> held;
  for (int i = 0; i < 2; ++i) {
    held.emplace_back(server.unix_socket());
    held.back().Send(kGet);
    EXPECT_THAT(held.back().ReadResponse(), StartsWith("HTTP/1.1 200 "));
  }
  EXPECT_EQ(RawSocket(server.unix_socket()).ReadToTheEnd(), "");
  // Another peer: an address instead of a user.
  Client other = server.TlsClient();
  EXPECT_TRUE(other.Fetch({}, 100));
}

TEST(LimitsTest, ClientsMayVanishInEachPhase) {
  RunningServer server([](Exchange& exchange) {
    if (exchange.request().path() == "/wait") {
      (void)exchange.Await<int>([](auto) {}, 1h);
      return;
    }
    Echo(exchange);
  });
  const std::string put = "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc";
  const std::string chunked =
      "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab";
  const std::string wait = "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n";
  std::uint64_t opened = 0;
  for (const Endpoint& endpoint : {server.unix_socket(), server.tls()}) {
    for (const std::string& text : {std::string(), std::string("G"), kGet, put, chunked, wait}) {
      RawSocket(endpoint).Send(text);
      RawSocket aborted(endpoint);
      aborted.Send(text);
      aborted.Abort();
      opened += 2;
    }
  }
  server.WaitUntil(
      [&](const ServerCounters& c) { return c.accepted == opened && c.connections == 0; });
}

TEST(LimitsTest, AHalfClosedConnectionGetsItsAnswer) {
  RunningServer server(Echo);
  RawSocket socket(server.unix_socket());
  socket.Send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
  socket.EndSending();
  EXPECT_THAT(socket.ReadToTheEnd(), ::testing::EndsWith("\r\n\r\nabc"));
}

// A process that is being started has copies of all descriptors until it runs its program: what
// the server closes in that time stays open, and epoll goes on reporting it.
TEST(LimitsTest, AConnectionThatAnotherProcessHoldsOpenIsGoneAllTheSame) {
  RunningServer server(Echo);
  RawSocket socket(server.unix_socket());
  socket.Send(kGet);
  EXPECT_THAT(socket.ReadResponse(), StartsWith("HTTP/1.1 200 "));
  const pid_t holder = fork();
  if (holder == 0) {
    while (true) pause();
  }
  socket.Send("nonsense\r\n\r\n");
  socket.EndSending();
  EXPECT_THAT(socket.ReadToTheEnd(), StartsWith("HTTP/1.1 400 "));
  while (server.server().counters().connections > 0) std::this_thread::yield();
  ::shutdown(socket.fd(), SHUT_RDWR);  // an event for what is gone
  RawSocket another(server.unix_socket());
  another.Send(kGet);
  EXPECT_THAT(another.ReadResponse(), StartsWith("HTTP/1.1 200 "));
  kill(holder, SIGKILL);
  waitpid(holder, nullptr, 0);
}

TEST(LimitsTest, ABodyThatIsCutShortIsAnError) {
  RunningServer server(Echo);
  RawSocket socket(server.unix_socket());
  socket.Send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabc");
  socket.EndSending();
  EXPECT_THAT(socket.ReadToTheEnd(), HasSubstr("cut short"));
}

TEST(LimitsTest, AProcessWithoutDescriptorsServesAgainWhenItHasSome) {
#ifdef PLASM_SANITIZED
  GTEST_SKIP() << "the sanitizers' runtime itself needs descriptors to check";
#endif
  RunningServer server(Echo);
  RawSocket first(server.unix_socket());
  first.Send(kGet);
  first.ReadResponse();
  RawSocket waiting(server.unix_socket());  // of which the server may have no part yet
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &old), 0);
  const UniqueFd highest(::dup(0));
  const rlimit none{.rlim_cur = static_cast<rlim_t>(highest.get()), .rlim_max = old.rlim_max};
  UniqueFd free_fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, server.unix_socket().path.data(), server.unix_socket().path.size());
  const int connected =
      ::connect(free_fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  // Those that are there are served meanwhile.
  first.Send(kGet);
  const std::string answer = first.ReadResponse();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &old), 0);
  EXPECT_EQ(connected, 0);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
  server.WaitUntil([](const ServerCounters& c) { return c.accepted == 3; });
}

}  // namespace
}  // namespace plasm::net
