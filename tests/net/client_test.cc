// The client against servers that behave, and some that do not.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "raw_socket.h"
#include "running_server.h"

namespace plasm::net {
namespace {

using namespace std::chrono_literals;
using testing::Echo;
using ::testing::HasSubstr;
using testing::RawSocket;
using testing::RunningServer;

// Takes one connection after another, says something, and closes when `speak` returns.
class FakeServer {
 public:
  explicit FakeServer(std::function<void(int connection, int number)> speak)
      : listener_(*Listener::OnUnix(folder_ / "socket")), speak_(std::move(speak)) {
    ::fcntl(listener_.fd(), F_SETFL, 0);
    thread_ = std::thread([this] {
      for (int number = 0;; ++number) {
        const UniqueFd connection(::accept(listener_.fd(), nullptr, nullptr));
        if (!connection || stopping_) return;
        speak_(connection.get(), number);
      }
    });
  }
  ~FakeServer() {
    stopping_ = true;
    ::shutdown(listener_.fd(), SHUT_RDWR);
    thread_.join();
  }
  Client NewClient(const ClientLimits& limits = {}) {
    return Client(clock_, {.kind = Endpoint::Kind::kUnix, .port = 0, .path = folder_ / "socket"},
                  std::nullopt, nullptr, limits);
  }

 private:
  plasm::testing::TempFolder folder_;
  Listener listener_;
  std::function<void(int, int)> speak_;
  SystemClock clock_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

void Say(int connection, std::string_view text) {
  (void)::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
}
// A head, or what there is of it.
std::string Hear(int connection) {
  std::string heard;
  char c = 0;
  while (!heard.ends_with("\r\n\r\n") && ::recv(connection, &c, 1, 0) == 1) heard += c;
  return heard;
}

TEST(ClientTest, AnUnreachableServerIsUnavailable) {
  SystemClock clock;
  plasm::testing::TempFolder folder;
  Client nobody(clock, {.kind = Endpoint::Kind::kUnix, .port = 0, .path = folder / "none"},
                std::nullopt, nullptr);
  EXPECT_EQ(nobody.Fetch({}, 10).error().code, ErrorCode::kUnavailable);
  auto listener = Listener::OnTcp("127.0.0.1:0");
  ASSERT_TRUE(listener);
  const Endpoint endpoint{.host = "127.0.0.1", .port = listener->port()};
  listener = Error{ErrorCode::kInternal, "closed"};
  Client refused(clock, endpoint, testing::KeyNumber(1).public_key(), nullptr);
  const auto response = refused.Fetch({}, 10);
  EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(response.error().message, HasSubstr("https://127.0.0.1:"));
}

TEST(ClientTest, SilenceEndsAtTheLimitOfItsPhase) {
  SystemClock clock;
  FakeServer silent([](int connection, int) { Hear(connection), Hear(connection); });
  Client head = silent.NewClient({.head = 30ms});
  EXPECT_THAT(head.Fetch({}, 10).error().message, HasSubstr("took too long"));
  head.Close();

  FakeServer half([](int connection, int) {
    Hear(connection);
    Say(connection, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
    Hear(connection);
  });
  Client body = half.NewClient({.stall = 30ms});
  EXPECT_THAT(body.Fetch({}, 10).error().message, HasSubstr("took too long"));

  auto listener = Listener::OnTcp("127.0.0.1:0");  // which nobody accepts from
  ASSERT_TRUE(listener);
  const auto key =
      FetchServerKey(clock, {.host = "127.0.0.1", .port = listener->port()}, {.handshake = 30ms});
  EXPECT_THAT(key.error().message, HasSubstr("handshake"));
}

TEST(ClientTest, CanBeInterrupted) {
  FakeServer silent([](int connection, int) { Hear(connection), Hear(connection); });
  const UniqueFd bell(::eventfd(0, EFD_CLOEXEC));
  Client client = silent.NewClient();
  client.InterruptBy(bell.get());
  std::thread ringer([&] {
    const std::uint64_t one = 1;
    EXPECT_EQ(::write(bell.get(), &one, sizeof(one)), 8);
  });
  EXPECT_THAT(client.Fetch({}, 10).error().message, HasSubstr("interrupted"));
  ringer.join();
}

TEST(ClientTest, AKeptConnectionThatWasClosedIsReplaced) {
  std::atomic<int> connections = 0;
  FakeServer once([&](int connection, int) {
    ++connections;
    Hear(connection);
    Say(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  Client client = once.NewClient();
  for (int i = 0; i < 3; ++i) {
    const auto response = client.Fetch({}, 10);
    EXPECT_TRUE(response) << response.error().message;
  }
  EXPECT_EQ(connections, 3);
}

TEST(ClientTest, APostIsNotSentTwice) {
  FakeServer once([&](int connection, int) {
    Hear(connection);
    Say(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    Hear(connection);  // the second request, which gets no answer
  });
  Client client = once.NewClient();
  EXPECT_TRUE(client.Fetch({.method = "POST"}, 10));
  EXPECT_EQ(client.Fetch({.method = "POST"}, 10).error().code, ErrorCode::kUnavailable);
}

TEST(ClientTest, RefusesWhatLeavesTheEndInDoubt) {
  for (const std::string head :
       {"Content-Length: 2\r\nContent-Length: 2\r\n", "Content-Length: -1\r\n",
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\n",
        "broken\r\n"}) {
    FakeServer server([&](int connection, int) {
      Hear(connection);
      Say(connection, "HTTP/1.1 200 OK\r\n" + head + "\r\nok");
    });
    Client client = server.NewClient();
    EXPECT_EQ(client.Fetch({}, 10).error().code, ErrorCode::kCorrupt) << head;
  }
}

TEST(ClientTest, InterimResponsesAreReadOver) {
  FakeServer server([&](int connection, int) {
    Hear(connection);
    Say(connection,
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
        "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok");
  });
  Client client = server.NewClient();
  const auto response = client.Fetch({}, 10);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->head.status, 201);
}

TEST(ClientTest, ABodyWithoutLengthEndsWithTheConnection) {
  FakeServer server([&](int connection, int) {
    Hear(connection);
    Say(connection, "HTTP/1.0 200 OK\r\n\r\nabc");
  });
  Client client = server.NewClient();
  const auto response = client.Fetch({}, 10);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(AsText(response->body), "abc");
}

TEST(ClientTest, LimitsHold) {
  RunningServer server([](Exchange& exchange) {
    (void)exchange.Respond(
        200,
        {{"X", exchange.request().path() == "/head" ? std::string_view(std::string(1, 'x')) : "y"}},
        AsBytes("0123456789"));
  });
  Client client = server.TlsClient();
  EXPECT_TRUE(client.Fetch({}, 10));
  EXPECT_EQ(client.Fetch({}, 9).error().code, ErrorCode::kLimitExceeded);
  EXPECT_TRUE(client.Fetch({}, 10));  // over another connection
  Client small = server.TlsClient(nullptr, {.head_bytes = 40});
  EXPECT_EQ(small.Fetch({}, 10).error().code, ErrorCode::kLimitExceeded);
}

TEST(ClientTest, SendsTheMiddleOfAFile) {
  RunningServer server(Echo);
  const UniqueFd file(::memfd_create("file", MFD_CLOEXEC));
  ASSERT_EQ(::write(file.get(), "0123456789", 10), 10);
  Client client = server.TlsClient();
  const auto response =
      client.Fetch({.method = "PUT", .target = "/", .file = BodyFile{file.get(), 2, 5}}, 100);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(AsText(response->body), "23456");
  EXPECT_EQ(client.Fetch({.method = "PUT", .target = "/", .file = BodyFile{file.get(), 2, 50}}, 100)
                .error()
                .code,
            ErrorCode::kInvalid);
}

TEST(ClientTest, AnAnswerThatComesBeforeTheBodyWasSentCounts) {
  RunningServer server([](Exchange& exchange) {
    (void)exchange.RespondError({ErrorCode::kLimitExceeded, "too large"});
  });
  const UniqueFd file(::memfd_create("file", MFD_CLOEXEC));
  ASSERT_EQ(::ftruncate(file.get(), 1 << 30), 0);
  Client clients[] = {server.TlsClient(), server.UnixClient()};
  for (Client& client : clients) {
    const auto response = client.Fetch(
        {.method = "PUT", .target = "/", .file = BodyFile{file.get(), 0, 1 << 30}}, 1000);
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->head.status, 413);
  }
}

TEST(ClientTest, RefusesToSendWhatWouldBreakTheRequest) {
  RunningServer server(Echo);
  Client client = server.UnixClient();
  EXPECT_EQ(client.Fetch({.target = "/a b"}, 10).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(client.Fetch({.target = "x"}, 10).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(client.Fetch({.method = "GET /"}, 10).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(client.Fetch({.headers = {{"X", "a\r\nY: b"}}}, 10).error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace plasm::net
