// Handlers that wait, and servers that stop.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>
#include <string>
#include <vector>

#include "raw_socket.h"
#include "running_server.h"

namespace plasm::net {
namespace {

using namespace std::chrono_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::RawSocket;
using testing::RunningServer;
using ::testing::StartsWith;

const std::string kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

void AnswerWith(Exchange& exchange, std::string_view text) {
  (void)exchange.Respond(200, {}, AsBytes(text));
}

TEST(AwaitTest, AnotherThreadGivesTheValue) {
  std::vector<std::thread> threads;
  RunningServer server([&](Exchange& exchange) {
    const auto value = exchange.Await<std::string>(
        [&](auto give) {
          threads.emplace_back([give] {
            give("first");
            give("second");  // ignored
          });
        },
        1h);
    AnswerWith(exchange, value.value_or("nothing"));
  });
  RawSocket socket(server.unix_socket());
  for (int i = 0; i < 20; ++i) {
    socket.Send(kGet);
    EXPECT_THAT(socket.ReadResponse(), EndsWith("first"));
  }
  server.Stop(0s);
  for (std::thread& thread : threads) thread.join();
}

TEST(AwaitTest, TheValueMayBeThereAtOnce) {
  RunningServer server([](Exchange& exchange) {
    const auto value = exchange.Await<int>([](auto give) { give(7); }, 1h);
    AnswerWith(exchange, std::to_string(value.value_or(0)));
  });
  RawSocket socket(server.unix_socket());
  socket.Send(kGet);
  EXPECT_THAT(socket.ReadResponse(), EndsWith("7"));
}

TEST(AwaitTest, EndsAtItsTimeAndIgnoresWhatComesLater) {
  std::function<void(int)> late;
  RunningServer server([&](Exchange& exchange) {
    const auto value = exchange.Await<int>([&](auto give) { late = give; }, 20ms);
    late(1);
    AnswerWith(exchange, value ? "a value" : "nothing");
  });
  RawSocket socket(server.unix_socket());
  socket.Send(kGet);
  EXPECT_THAT(socket.ReadResponse(), EndsWith("nothing"));
  socket.Send(kGet);
  EXPECT_THAT(socket.ReadResponse(), EndsWith("nothing"));
  server.Stop(0s);
  late(2);  // there is no server any more
}

TEST(AwaitTest, ManyWaitAndAreAnsweredAtOnce) {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::function<void(int)>> waiting;
  RunningServer server([&](Exchange& exchange) {
    const auto value = exchange.Await<int>(
        [&](auto give) {
          const std::scoped_lock lock(mutex);
          waiting.push_back(give);
          changed.notify_one();
        },
        1h);
    AnswerWith(exchange, std::to_string(value.value_or(0)));
  });
  std::vector<RawSocket> sockets;
  for (int i = 0; i < 200; ++i) {
    sockets.emplace_back(server.unix_socket());
    sockets.back().Send(kGet);
  }
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return waiting.size() == sockets.size(); });
    for (const auto& give : waiting) give(42);
  }
  for (RawSocket& socket : sockets) EXPECT_THAT(socket.ReadResponse(), EndsWith("42"));
}

TEST(AwaitTest, EndsWhenTheClientGoesAway) {
  for (const bool tls : {false, true}) {
    std::latch waiting(1);
    std::promise<bool> gone;
    RunningServer server([&](Exchange& exchange) {
      const auto value = exchange.Await<int>([&](auto) { waiting.count_down(); }, 1h);
      gone.set_value(!value && exchange.ClientGone());
    });
    {
      Client client =
          tls ? server.TlsClient(nullptr, {.head = 10ms}) : server.UnixClient({.head = 10ms});
      EXPECT_EQ(client.Send({.method = "POST"}).error().code, ErrorCode::kUnavailable);
    }
    waiting.wait();
    EXPECT_TRUE(gone.get_future().get());
  }
}

TEST(AwaitTest, FunctionsRunOnTheServersThreadInOrder) {
  std::atomic<std::thread::id> serving;
  RunningServer server([&](Exchange& exchange) {
    serving = std::this_thread::get_id();
    AnswerWith(exchange, "");
  });
  RawSocket socket(server.unix_socket());
  socket.Send(kGet);
  socket.ReadResponse();
  std::vector<int> order;
  std::promise<std::thread::id> done;
  for (int i = 0; i < 100; ++i) server.server().Post([&order, i] { order.push_back(i); });
  server.server().Post([&] { done.set_value(std::this_thread::get_id()); });
  EXPECT_EQ(done.get_future().get(), serving.load());
  ASSERT_EQ(order.size(), 100u);
  EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST(StopTest, RequestsInFlightAreFinishedAndIdleConnectionsClosed) {
  std::promise<std::function<void(int)>> started;
  RunningServer server([&](Exchange& exchange) {
    const auto value = exchange.Await<int>([&](auto give) { started.set_value(give); }, 1h);
    AnswerWith(exchange, value ? "done" : "cut");
  });
  RawSocket idle(server.unix_socket());
  RawSocket busy(server.unix_socket());
  busy.Send(kGet);
  const auto give = started.get_future().get();
  server.server().Stop(1h);
  EXPECT_EQ(idle.ReadToTheEnd(), "");
  EXPECT_THROW(RawSocket{server.unix_socket()}, std::runtime_error);
  give(1);
  const std::string answer = busy.ReadToTheEnd();
  EXPECT_THAT(answer, EndsWith("done"));
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
  busy.Close();
  server.Stop(1h);
}

TEST(StopTest, WhatIsLeftAtTheEndOfTheDrainIsCut) {
  std::latch started(1);
  std::atomic<bool> returned = false;
  RunningServer server([&](Exchange& exchange) {
    EXPECT_FALSE(exchange.Draining());
    (void)exchange.Await<int>([&](auto) { started.count_down(); }, 1h);
    EXPECT_TRUE(exchange.Draining());
    EXPECT_FALSE(exchange.Await<int>([](auto give) { (void)give; }, 1h));
    EXPECT_FALSE(exchange.Respond(200, {}, {}));
    returned = true;
  });
  RawSocket busy(server.unix_socket());
  busy.Send(kGet);
  started.wait();
  server.Stop(10ms);
  EXPECT_TRUE(returned);
  EXPECT_EQ(busy.ReadToTheEnd(), "");
  EXPECT_EQ(server.server().counters().cut, 1u);
}

TEST(StopTest, MayComeBeforeTheServerRuns) {
  SystemClock clock;
  class Silent final : public Handler {
    void Serve(Exchange&) override {}
  } handler;
  Server server(clock, handler, nullptr);
  server.Stop(1h);
  EXPECT_TRUE(server.Run());
}

}  // namespace
}  // namespace plasm::net
