#include "net/request_head.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace plasm::net {
namespace {

using Kind = HeadOutcome::Kind;

HeadOutcome Parse(std::string_view text, const HeadLimits& limits = {}) {
  return ParseRequestHead(text, limits);
}

int StatusFor(std::string_view text) {
  const HeadOutcome outcome = Parse(text);
  return outcome.kind == Kind::kRefused ? outcome.refusal.status
                                        : (outcome.kind == Kind::kComplete ? 200 : 0);
}

std::string With(const std::string& fields) {
  return "POST / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}

TEST(RequestHeadTest, TakesAHeadApart) {
  const std::string text =
      "PUT /v1/blobs/ab?x=1 HTTP/1.1\r\nHost: node:7420\r\nAccept:  a, b \r\nEmpty:\r\n"
      "Content-Length: 12\r\n\r\n";
  const HeadOutcome outcome = Parse(text + "body");
  ASSERT_EQ(outcome.kind, Kind::kComplete) << outcome.refusal.detail;
  EXPECT_EQ(outcome.size, text.size());
  const RequestHead& head = outcome.head;
  EXPECT_EQ(head.method(), "PUT");
  EXPECT_EQ(head.target(), "/v1/blobs/ab?x=1");
  EXPECT_EQ(head.path(), "/v1/blobs/ab");
  EXPECT_THAT(head.segments(), ::testing::ElementsAre("v1", "blobs", "ab"));
  EXPECT_EQ(head.Query("x"), "1");
  EXPECT_EQ(head.Query("y"), std::nullopt);
  EXPECT_EQ(*head.Header("ACCEPT"), "a, b");
  EXPECT_EQ(*head.Header("empty"), "");
  EXPECT_EQ(*head.Header("none"), std::nullopt);
  EXPECT_EQ(head.framing(), BodyFraming::kLength);
  EXPECT_EQ(head.body_length(), 12u);
  EXPECT_TRUE(head.keep_alive());
  EXPECT_FALSE(head.expects_continue());
}

TEST(RequestHeadTest, ViewsStayValidWhenItMoves) {
  HeadOutcome outcome = Parse("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  const RequestHead moved = std::move(outcome.head);
  EXPECT_EQ(moved.method(), "GET");
  EXPECT_EQ(*moved.Header("host"), "x");
}

TEST(RequestHeadTest, AsksForMoreUntilTheEmptyLine) {
  const std::string text = With("A: b\r\n");
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(Parse(text.substr(0, size)).kind, Kind::kNeedsMore) << size;
    EXPECT_EQ(ParseRequestHead(text, {}, size).kind, Kind::kComplete) << size;
  }
}

TEST(RequestHeadTest, AFieldThatIsWantedOnceMayNotComeTwice) {
  const HeadOutcome outcome = Parse(With("A: b\r\na: b\r\n"));
  ASSERT_EQ(outcome.kind, Kind::kComplete);
  EXPECT_EQ(outcome.head.Header("A").error().code, ErrorCode::kInvalid);
}

TEST(RequestHeadTest, RefusesEveryOtherRequestLine) {
  for (const std::string_view line :
       {"GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1", "GET\t/ HTTP/1.1",
        "G(T / HTTP/1.1", "GET / http/1.1", "GET / XTTP/1.1", "GET x HTTP/1.1",
        "GET http://x/ HTTP/1.1", "OPTIONS * HTTP/1.1", "CONNECT x:1 HTTP/1.1", "",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG / HTTP/1.1"}) {
    EXPECT_EQ(StatusFor(std::string(line) + "\r\nHost: x\r\n\r\n"), 400) << line;
  }
  for (const std::string_view version : {"HTTP/2.0", "HTTP/1.2", "HTTP/0.9", "HTTP/1.10"}) {
    EXPECT_EQ(StatusFor("GET / " + std::string(version) + "\r\nHost: x\r\n\r\n"), 505) << version;
  }
}

TEST(RequestHeadTest, RefusesLinesThatEndOrBeginOddly) {
  for (const std::string fields :
       {"A: b\n", "A: b\r", "A: b\r\r\n", " A: b\r\n", "A: b\r\n c\r\n", "A: b\r\n\tc\r\n",
        "A : b\r\n", "A\r\n", ": b\r\n", "A: b\x01\r\n", "A: b\x7f\r\n", "A(: b\r\n"}) {
    EXPECT_EQ(StatusFor(With(fields)), 400) << fields;
  }
  EXPECT_EQ(StatusFor(With(std::string("A: b\0c\r\n", 8))), 400);
  EXPECT_EQ(StatusFor(With("A: \x80\xff\t\r\n")), 200);
}

TEST(RequestHeadTest, WantsExactlyOneHost) {
  EXPECT_EQ(StatusFor("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(StatusFor("GET / HTTP/1.0\r\n\r\n"), 200);
  EXPECT_EQ(StatusFor(With("Host: x\r\n")), 400);
}

TEST(RequestHeadTest, TheEndOfTheBodyIsNeverInDoubt) {
  for (const std::string fields :
       {"Content-Length: 1\r\nContent-Length: 1\r\n", "Content-Length: 1,1\r\n",
        "Content-Length: \r\n", "Content-Length: -1\r\n", "Content-Length: +1\r\n",
        "Content-Length: 01\r\n", "Content-Length: 1 1\r\n", "Content-Length: 0x1\r\n",
        "Content-Length: 9223372036854775808\r\n", "Content-Length: 99999999999999999999\r\n",
        "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"}) {
    EXPECT_EQ(StatusFor(With(fields)), 400) << fields;
  }
  for (const std::string coding : {"gzip", "gzip, chunked", "chunked, chunked", "identity", "x"}) {
    EXPECT_EQ(StatusFor(With("Transfer-Encoding: " + coding + "\r\n")), 501) << coding;
  }
  EXPECT_EQ(StatusFor("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  EXPECT_EQ(Parse(With("Content-Length: 9223372036854775807\r\n")).head.body_length(),
            9223372036854775807u);
  EXPECT_EQ(Parse(With("Transfer-Encoding: Chunked\r\n")).head.framing(), BodyFraming::kChunked);
  EXPECT_EQ(Parse(With("Transfer-Encoding: chunked\r\n")).head.body_length(), std::nullopt);
  EXPECT_EQ(Parse(With("")).head.body_length(), 0u);
}

TEST(RequestHeadTest, KnowsWhetherTheConnectionIsKept) {
  EXPECT_TRUE(Parse(With("Connection: keep-alive\r\n")).head.keep_alive());
  EXPECT_FALSE(Parse(With("Connection: CLOSE\r\n")).head.keep_alive());
  EXPECT_FALSE(Parse(With("Connection: a, close\r\n")).head.keep_alive());
  EXPECT_FALSE(Parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").head.keep_alive());
}

TEST(RequestHeadTest, ExpectsNothingButContinue) {
  EXPECT_TRUE(Parse(With("Expect: 100-Continue\r\nContent-Length: 1\r\n")).head.expects_continue());
  EXPECT_FALSE(Parse(With("Expect: 100-continue\r\n")).head.expects_continue());  // no body
  EXPECT_EQ(StatusFor(With("Expect: 200-ok\r\n")), 417);
}

TEST(RequestHeadTest, LimitsHoldToTheByte) {
  const std::string line = "GET / HTTP/1.1";
  const std::string text = line + "\r\nHost: x\r\nA: b\r\n\r\n";
  const auto status = [&](const HeadLimits& limits, std::string_view given) {
    const HeadOutcome outcome = ParseRequestHead(given, limits);
    return outcome.kind == Kind::kRefused ? outcome.refusal.status : 200;
  };
  EXPECT_EQ(status({.request_line_bytes = line.size()}, text), 200);
  EXPECT_EQ(status({.request_line_bytes = line.size() - 1}, text), 414);
  EXPECT_EQ(status({.bytes = text.size()}, text), 200);
  EXPECT_EQ(status({.bytes = text.size() - 1}, text), 431);
  EXPECT_EQ(status({.bytes = text.size() - 1}, text.substr(0, text.size() - 1)), 431);
  EXPECT_EQ(status({.fields = 2}, text), 200);
  EXPECT_EQ(status({.fields = 1}, text), 431);
}

}  // namespace
}  // namespace plasm::net
