#include "net/request_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace plasm::net {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

RequestTarget Good(std::string_view text) {
  auto target = ParseRequestTarget(text, 8);
  EXPECT_TRUE(target) << target.error().message;
  return target ? *target : RequestTarget();
}

TEST(RequestTargetTest, SplitsAndDecodesThePath) {
  EXPECT_THAT(Good("/").segments, IsEmpty());
  EXPECT_THAT(Good("/a/b%20c/%C3%BC").segments, ElementsAre("a", "b c", "\xc3\xbc"));
  EXPECT_EQ(Good("/a/b%20c").path, "/a/b c");
  EXPECT_THAT(Good("/sha256:ab/@x;y=1,+").segments, ElementsAre("sha256:ab", "@x;y=1,+"));
}

TEST(RequestTargetTest, RefusesTricksWithThePath) {
  for (const std::string_view path :
       {"",        "a",       "//",      "/a//b",     "/a/",    "/.",      "/..",
        "/a/../b", "/%2e%2e", "/%2E./x", "/a/.",      "/a%2fb", "/a%00b",  "/a%0ab",
        "/a%7f",   "/%",      "/%4",     "/%zz",      "/%ff",   "/%c0%af", "/a b",
        "/a\"b",   "/a|b",    "/a\\b",   "/\xc3\xbc", "/a#b",   "*",       "http://x/"}) {
    EXPECT_FALSE(ParseRequestTarget(path, 8)) << path;
  }
}

TEST(RequestTargetTest, DecodesTheQueryAsAForm) {
  EXPECT_THAT(Good("/?a=1&b=x+y%2B&c&d=&e=1=2").query,
              ElementsAre(Pair("a", "1"), Pair("b", "x y+"), Pair("c", ""), Pair("d", ""),
                          Pair("e", "1=2")));
  EXPECT_THAT(Good("/?").query, IsEmpty());
  EXPECT_THAT(Good("/?p=/a?b").query, ElementsAre(Pair("p", "/a?b")));
}

TEST(RequestTargetTest, RefusesQueriesThatAreInDoubt) {
  for (const std::string_view query : {"a=1&a=2", "a=1&%61=2", "&", "a=1&", "&a=1", "=1", "a=%0a",
                                       "a=%zz", "a=%ff", "a=b c", "a=\"", "a=1&&b=2"}) {
    EXPECT_FALSE(ParseRequestTarget("/?" + std::string(query), 8)) << query;
  }
  EXPECT_TRUE(ParseRequestTarget("/?a&b", 2));
  EXPECT_FALSE(ParseRequestTarget("/?a&b&c", 2));
}

TEST(RequestTargetTest, NamesWhatIsWrongWithoutRepeatingControls) {
  const auto target = ParseRequestTarget("/a\x1b[2J", 8);
  ASSERT_FALSE(target);
  EXPECT_THAT(target.error().message, HasSubstr(R"("a\x1b[2J")"));
}

TEST(RequestTargetTest, WhatWasEncodedComesBack) {
  const std::string name = "a b/c+d%\xc3\xbc?&=";
  EXPECT_THAT(Good("/?x=" + PercentEncode(name)).query, ElementsAre(Pair("x", name)));
  EXPECT_EQ(PercentEncode("a-b_c.d~e f"), "a-b_c.d~e%20f");
}

}  // namespace
}  // namespace plasm::net
