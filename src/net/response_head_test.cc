#include "net/response_head.h"

#include <gtest/gtest.h>

#include <string>

namespace plasm::net {
namespace {

using Framing = ResponseHead::Framing;

ResponseHead Good(const std::string& text, std::string_view method = "GET") {
  auto parsed = ParseResponseHead(text, method, 1000);
  EXPECT_TRUE(parsed) << parsed.error().message;
  EXPECT_TRUE(*parsed);
  EXPECT_EQ((*parsed)->second, text.size());
  return (*parsed)->first;
}

TEST(ResponseHeadTest, TakesAHeadApart) {
  const ResponseHead head =
      Good("HTTP/1.1 200 OK\r\nContent-Type: a/b\r\ncontent-length: 3\r\n\r\n");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.Header("content-type"), "a/b");
  EXPECT_EQ(head.Header("none"), std::nullopt);
  EXPECT_EQ(head.framing, Framing::kLength);
  EXPECT_EQ(head.length, 3u);
  EXPECT_TRUE(head.keep_alive);
}

TEST(ResponseHeadTest, KnowsWhereTheBodyEnds) {
  EXPECT_EQ(Good("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").framing,
            Framing::kChunked);
  EXPECT_EQ(Good("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "HEAD").framing, Framing::kNone);
  EXPECT_EQ(Good("HTTP/1.1 204 No Content\r\n\r\n").framing, Framing::kNone);
  EXPECT_EQ(Good("HTTP/1.1 304 \r\nContent-Length: 3\r\n\r\n").framing, Framing::kNone);
  const ResponseHead old = Good("HTTP/1.0 200 OK\r\n\r\n");
  EXPECT_EQ(old.framing, Framing::kUntilClose);
  EXPECT_FALSE(old.keep_alive);
  EXPECT_FALSE(
      Good("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").keep_alive);
}

TEST(ResponseHeadTest, AsksForMoreUntilTheEmptyLine) {
  const std::string text = "HTTP/1.1 200 OK\r\nA: b\r\n\r\n";
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto parsed = ParseResponseHead(text.substr(0, size), "GET", 1000);
    ASSERT_TRUE(parsed) << size;
    EXPECT_FALSE(*parsed) << size;
  }
  EXPECT_EQ(ParseResponseHead(text, "GET", text.size() - 1).error().code,
            ErrorCode::kLimitExceeded);
}

TEST(ResponseHeadTest, RefusesEverythingElse) {
  for (const std::string text :
       {"HTTP/2 200 OK", "HTTP/1.1 20 OK", "HTTP/1.1 0200 OK", "HTTP/1.1 099 OK", "HTTP/1.1 600 x",
        "HTTP/1.1 200", "HTTP/1.1  200 OK", "http/1.1 200 OK", "", "HTTP/1.1 200 O\x01K",
        "HTTP/1.1 200 OK\r\nA", "HTTP/1.1 200 OK\r\n A: b", "HTTP/1.1 200 OK\r\nA : b",
        "HTTP/1.1 200 OK\r\nA: b\nC: d", "HTTP/1.1 200 OK\r\nContent-Length: x",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip"}) {
    const auto parsed = ParseResponseHead(text + "\r\n\r\n", "GET", 1000);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kCorrupt) << text;
  }
}

}  // namespace
}  // namespace plasm::net
