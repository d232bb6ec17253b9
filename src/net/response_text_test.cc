#include "net/response_text.h"

#include <gtest/gtest.h>

#include "net/http_date.h"

namespace plasm::net {
namespace {

TEST(ResponseTextTest, WritesAHead) {
  ResponseText text(404, FormatHttpDate(784111777));
  text.Add("X", "y");
  text.EndWithLength(3);
  EXPECT_EQ(std::move(text).Take(),
            "HTTP/1.1 404 Not Found\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nX: y\r\n"
            "Content-Length: 3\r\n\r\n");
}

TEST(ResponseTextTest, WhatWouldBreakTheHeadMayNotBeAdded) {
  EXPECT_TRUE(ResponseText::MayAdd("X-Y", "a \t\xc3\xbc"));
  EXPECT_FALSE(ResponseText::MayAdd("X", "a\nb"));
  EXPECT_FALSE(ResponseText::MayAdd("X", "a\rb"));
  EXPECT_FALSE(ResponseText::MayAdd("X:", "a"));
  EXPECT_FALSE(ResponseText::MayAdd("", "a"));
  EXPECT_FALSE(ResponseText::MayAdd("CONTENT-length", "1"));
  EXPECT_FALSE(ResponseText::MayAdd("Date", "x"));
}

TEST(HttpDateTest, IsMadeAnewEachSecond) {
  HttpDate date;
  EXPECT_EQ(date.At(784111777'999'999'999), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(date.At(784111778'000'000'000), "Sun, 06 Nov 1994 08:49:38 GMT");
  EXPECT_EQ(date.At(951827696'000'000'000), "Tue, 29 Feb 2000 12:34:56 GMT");
}

}  // namespace
}  // namespace plasm::net
