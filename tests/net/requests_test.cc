// Requests and responses over real sockets.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "raw_socket.h"
#include "running_server.h"

namespace plasm::net {
namespace {

using testing::Echo;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::RawSocket;
using testing::RunningServer;
using ::testing::StartsWith;

std::string Get(std::string_view path) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

TEST(RequestsTest, AnswersOverTlsOnOneConnection) {
  RunningServer server(Echo);
  Client client = server.TlsClient();
  for (const std::string_view body : {"hello", "", "again"}) {
    const auto response =
        client.Fetch({.method = "POST", .target = "/x", .body = AsBytes(body)}, 100);
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->head.status, 200);
    EXPECT_EQ(AsText(response->body), body);
  }
  EXPECT_EQ(server.server().counters().accepted, 1u);
  EXPECT_EQ(server.server().counters().requests, 3u);
}

TEST(RequestsTest, HandlerSeesTheDecodedRequestAndThePeer) {
  std::string seen;
  RunningServer server([&](Exchange& exchange) {
    const RequestHead& request = exchange.request();
    seen = std::string(request.method()) + " " + request.path();
    seen += " q=" + std::string(request.Query("q").value_or("none"));
    seen += " x=" + std::string(request.Header("x-thing")->value_or("none"));
    seen += " uid=" + std::to_string(exchange.peer().uid.value_or(12345));
    (void)exchange.Respond(204, {}, {});
  });
  RawSocket socket(server.unix_socket());
  socket.Send("DELETE /a%20b/c?q=1%2B1+2 HTTP/1.1\r\nHost: x\r\nX-THING: yes\r\n\r\n");
  EXPECT_THAT(socket.ReadResponse(), StartsWith("HTTP/1.1 204 No Content\r\n"));
  server.Stop(std::chrono::seconds(0));
  EXPECT_EQ(seen, "DELETE /a b/c q=1+1 2 x=yes uid=" + std::to_string(::getuid()));
}

TEST(RequestsTest, PipelinedRequestsAreAnsweredInOrder) {
  RunningServer server([](Exchange& exchange) {
    (void)exchange.Respond(200, {}, AsBytes(exchange.request().path()));
  });
  RawSocket socket(server.unix_socket());
  std::string all;
  for (int i = 0; i < 100; ++i) all += Get("/" + std::to_string(i));
  socket.Send(all);
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(socket.ReadResponse(), EndsWith("\r\n\r\n/" + std::to_string(i)));
  }
}

TEST(RequestsTest, ARequestMayComeByteByByte) {
  RunningServer server(Echo);
  RawSocket socket(server.unix_socket());
  for (const char c : std::string_view("POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
                                       "chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")) {
    ASSERT_TRUE(socket.Send({&c, 1}));
  }
  EXPECT_THAT(socket.ReadResponse(), EndsWith("\r\n\r\nabc"));
  socket.Send(Get("/y"));
  EXPECT_THAT(socket.ReadResponse(), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST(RequestsTest, EachWayToSmuggleARequestIsRefusedAndEndsTheConnection) {
  RunningServer server(Echo);
  for (const std::string fields :
       {"Content-Length: 1\r\nContent-Length: 1\r\n", "Content-Length: 1, 1\r\n",
        "Content-Length: +1\r\n", "Content-Length: -1\r\n", "Content-Length: 0x1\r\n",
        "Content-Length: 9223372036854775808\r\n", "Content-Length: 18446744073709551617\r\n",
        "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "Content-Length:\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "Content-Length : 1\r\n",
        "Content-Length: 1\r\n folded: x\r\n", "Host: y\r\n", "X: a\nContent-Length: 1\r\n",
        "X: a\rContent-Length: 1\r\n"}) {
    RawSocket socket(server.unix_socket());
    socket.Send("POST /x HTTP/1.1\r\nHost: x\r\n" + fields + "\r\nx" + Get("/smuggled"));
    const std::string answer = socket.ReadToTheEnd();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 Bad Request\r\n")) << fields;
    EXPECT_THAT(answer, HasSubstr("application/problem+json")) << fields;
    EXPECT_THAT(answer, HasSubstr("Connection: close")) << fields;
    EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << fields;
  }
  EXPECT_EQ(server.server().counters().requests, 0u);
}

TEST(RequestsTest, BrokenChunksAreNotABody) {
  RunningServer server(Echo);
  for (const std::string body :
       {"g\r\n", "\r\n", "-1\r\n", "+1\r\nx\r\n", "0x1\r\nx\r\n", "1\nx\r\n0\r\n\r\n",
        "1\r\nxy\r\n", "8000000000000000\r\n", "fffffffffffffffff\r\n", "1 \r\nx\r\n",
        "0\r\nbad\ntrailer\r\n\r\n"}) {
    RawSocket socket(server.unix_socket());
    socket.Send("POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
    EXPECT_THAT(socket.ReadToTheEnd(), StartsWith("HTTP/1.1 400 ")) << body;
  }
}

TEST(RequestsTest, WhatIsNotHttp11IsTurnedAway) {
  RunningServer server(Echo);
  const auto answer = [&](const std::string& text) {
    RawSocket socket(server.unix_socket());
    socket.Send(text);
    return socket.ReadToTheEnd();
  };
  EXPECT_THAT(answer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), StartsWith("HTTP/1.1 505 "));
  EXPECT_THAT(answer("GET /\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(answer("\x16\x03\x01\x02"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(answer("GET /../etc HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(answer("GET / HTTP/1.0\r\n\r\n"), StartsWith("HTTP/1.1 200 "));  // and then closes
  EXPECT_THAT(answer("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              HasSubstr("Connection: close"));
}

TEST(RequestsTest, HeadsThatAreTooLargeAreRefused) {
  RunningServer server(Echo);
  const auto answer = [&](const std::string& text) {
    RawSocket socket(server.unix_socket());
    socket.Send(text);
    return socket.ReadToTheEnd();
  };
  const std::string start = "GET / HTTP/1.1\r\nHost: x\r\n";
  EXPECT_THAT(answer("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"),
              StartsWith("HTTP/1.1 414 "));
  EXPECT_THAT(answer("GET /" + std::string(9000, 'a')), StartsWith("HTTP/1.1 414 "));
  EXPECT_THAT(answer(start + "X: " + std::string(17 << 10, 'a') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(answer(start + "X: " + std::string(17 << 10, 'a')), StartsWith("HTTP/1.1 431 "));
  std::string many = start;
  for (int i = 0; i < 64; ++i) many += "A: b\r\n";
  EXPECT_THAT(answer(many + "\r\n"), StartsWith("HTTP/1.1 431 "));
  EXPECT_EQ(server.server().counters().refused_requests, 5u);
}

TEST(RequestsTest, ABodyBeyondTheHandlersLimitIs413BeforeItIsSent) {
  RunningServer server(Echo);
  RawSocket socket(server.unix_socket());
  socket.Send("PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 9223372036854775807\r\n\r\n");
  const std::string answer = socket.ReadToTheEnd();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 413 Content Too Large\r\n"));
  EXPECT_THAT(answer, HasSubstr(R"("code":"limit_exceeded")"));
}

TEST(RequestsTest, AChunkedBodyBeyondTheHandlersLimitIs413) {
  RunningServer server(Echo, {.linger = std::chrono::milliseconds(50)});
  RawSocket socket(server.unix_socket());
  socket.Send("PUT /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
  for (int i = 0; i < 5; ++i) socket.Send(chunk);
  EXPECT_THAT(socket.ReadToTheEnd(), StartsWith("HTTP/1.1 413 "));
}

TEST(RequestsTest, ContinueIsSentWhenTheBodyIsWanted) {
  RunningServer server(Echo);
  RawSocket socket(server.unix_socket());
  socket.Send("PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(socket.ReadThrough("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  socket.Send("ok");
  EXPECT_THAT(socket.ReadResponse(), EndsWith("\r\n\r\nok"));
}

TEST(RequestsTest, WhoWaitsInVainForContinueIsNotKept) {
  RunningServer server([](Exchange& exchange) { (void)exchange.Respond(403, {}, {}); });
  RawSocket socket(server.unix_socket());
  socket.Send("PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  const std::string answer = socket.ReadToTheEnd();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
}

TEST(RequestsTest, ASmallBodyThatNobodyReadIsReadOver) {
  RunningServer server([](Exchange& exchange) { (void)exchange.Respond(200, {}, AsBytes("no")); });
  RawSocket socket(server.unix_socket());
  socket.Send("PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" +
              std::string(1000, 'x') + Get("/next"));
  EXPECT_THAT(socket.ReadResponse(), EndsWith("no"));
  EXPECT_THAT(socket.ReadResponse(), EndsWith("no"));
}

TEST(RequestsTest, StreamsGoOutInChunksAsTheyAreWritten) {
  RunningServer server([](Exchange& exchange) {
    ASSERT_TRUE(exchange.BeginStream(200, {{"Content-Type", "text/event-stream"}}));
    ASSERT_TRUE(exchange.Write(AsBytes("data: 1\n\n")));
    ASSERT_TRUE(exchange.Write({}));  // no last chunk
    ASSERT_TRUE(exchange.Write(AsBytes(std::string(20, 'x'))));
    ASSERT_TRUE(exchange.Finish());
  });
  RawSocket socket(server.unix_socket());
  socket.Send(Get("/"));
  EXPECT_THAT(socket.ReadThrough("\r\n\r\n"), HasSubstr("Transfer-Encoding: chunked"));
  EXPECT_EQ(socket.ReadThrough("0\r\n\r\n"),
            "9\r\ndata: 1\n\n\r\n14\r\n" + std::string(20, 'x') + "\r\n0\r\n\r\n");
  socket.Send(Get("/"));
  EXPECT_THAT(socket.ReadThrough("0\r\n\r\n"), HasSubstr("data: 1"));
}

TEST(RequestsTest, HeadHasTheLengthAndNoBody) {
  RunningServer server([](Exchange& exchange) { (void)exchange.Respond(200, {}, AsBytes("abc")); });
  RawSocket socket(server.unix_socket());
  socket.Send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" + Get("/"));
  EXPECT_THAT(socket.ReadThrough("\r\n\r\n"), HasSubstr("Content-Length: 3"));
  EXPECT_THAT(socket.ReadResponse(), EndsWith("\r\n\r\nabc"));
}

TEST(RequestsTest, FilesAreSentFromTheirMiddle) {
  const UniqueFd file(::memfd_create("file", MFD_CLOEXEC));
  std::string content;
  for (int i = 0; i < 50'000; ++i) content += std::to_string(i) + "\n";
  ASSERT_EQ(::write(file.get(), content.data(), content.size()),
            static_cast<ssize_t>(content.size()));
  RunningServer server([&](Exchange& exchange) {
    (void)exchange.SendFile(206, {}, file.get(), 1000, content.size() - 2000);
  });
  Client client = server.TlsClient();
  const auto response = client.Fetch({.target = "/blob"}, 10 << 20);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(AsText(response->body), content.substr(1000, content.size() - 2000));
}

TEST(RequestsTest, AFileThatIsTooShortCutsTheConnection) {
  const UniqueFd file(::memfd_create("file", MFD_CLOEXEC));
  ASSERT_EQ(::write(file.get(), "abc", 3), 3);
  RunningServer server(
      [&](Exchange& exchange) { EXPECT_FALSE(exchange.SendFile(200, {}, file.get(), 0, 10)); });
  Client clients[] = {server.UnixClient(), server.TlsClient()};
  for (Client& client : clients) {
    const auto response = client.Fetch({}, 100);
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
  }
}

TEST(RequestsTest, AHandlerThatDoesNotAnswerIsAnsweredFor) {
  RunningServer server([](Exchange& exchange) {
    if (exchange.request().path() == "/throw") throw std::runtime_error("secret");
  });
  for (const std::string path : {"/silent", "/throw"}) {
    RawSocket socket(server.unix_socket());
    socket.Send(Get(path));
    const std::string answer = socket.ReadResponse();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 ")) << path;
    EXPECT_THAT(answer, Not(HasSubstr("secret"))) << path;
  }
}

TEST(RequestsTest, WhatAHandlerMustNotDoIsAnErrorAndSendsNothing) {
  RunningServer server([](Exchange& exchange) {
    for (const Header& header : Headers{{"X", "a\r\nY: b"},
                                        {"X y", "a"},
                                        {"", "a"},
                                        {"Content-Length", "1"},
                                        {"transfer-encoding", "x"}}) {
      EXPECT_EQ(exchange.Respond(200, {header}, {}).error().code, ErrorCode::kInternal);
    }
    EXPECT_FALSE(exchange.Respond(100, {}, {}));
    EXPECT_FALSE(exchange.Write(AsBytes("x")));
    EXPECT_FALSE(exchange.Finish());
    EXPECT_TRUE(exchange.BeginStream(200, {}, 3));
    EXPECT_FALSE(exchange.Respond(200, {}, {}));
    EXPECT_FALSE(exchange.Write(AsBytes("abcd")));
    EXPECT_TRUE(exchange.Write(AsBytes("abc")));
    EXPECT_TRUE(exchange.Finish());
    EXPECT_FALSE(exchange.Finish());
  });
  RawSocket socket(server.unix_socket());
  socket.Send(Get("/"));
  EXPECT_THAT(socket.ReadResponse(), EndsWith("\r\n\r\nabc"));
}

TEST(RequestsTest, AnUnfinishedStreamIsNotTakenForAWholeOne) {
  RunningServer server([](Exchange& exchange) {
    EXPECT_TRUE(exchange.BeginStream(200, {}));
    EXPECT_TRUE(exchange.Write(AsBytes("half")));
  });
  Client client = server.TlsClient();
  EXPECT_FALSE(client.Fetch({}, 100));
}

TEST(RequestsTest, ALargeBodyGoesThroughAndBack) {
  RunningServer server([](Exchange& exchange) {
    auto body = exchange.ReadWholeBody(32 << 20);
    ASSERT_TRUE(body) << body.error().message;
    (void)exchange.Respond(200, {}, *body);
  });
  Bytes body(16 << 20);
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<std::byte>(i * 31 >> 8);
  Client clients[] = {server.UnixClient(), server.TlsClient()};
  for (Client& client : clients) {
    const auto response = client.Fetch({.method = "PUT", .target = "/x", .body = body}, 32 << 20);
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_TRUE(response->body == body);
  }
}

}  // namespace
}  // namespace plasm::net
