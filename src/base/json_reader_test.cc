#include "base/json_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plasm {
namespace {

using ::testing::HasSubstr;

Result<JsonNode> Parse(std::string_view text, const JsonLimits& limits = {}) {
  return ParseJson(AsBytes(text), "doc", limits);
}

// The message of the refusal; "accepted" if there was none.
std::string Refusal(std::string_view text, const JsonLimits& limits = {}) {
  const auto parsed = Parse(text, limits);
  return parsed ? "accepted" : parsed.error().message;
}

JsonFields Fields(std::string_view text) {
  auto parsed = Parse(text);
  EXPECT_TRUE(parsed) << parsed.error().message;
  return *std::move(*parsed).AsObject();
}

TEST(JsonReaderTest, ReadsEveryKindOfValue) {
  JsonFields fields = Fields(R"( {"s":"a\"\u20ac\ud83d\ude00\/","u":18446744073709551615,
      "i":-9223372036854775808,"t":true,"f":false,"n":null,"o":{"x":1},"a":[1,"two",[]]} )");
  EXPECT_EQ(*fields.TakeString("s"), "a\"\xe2\x82\xac\xf0\x9f\x98\x80/");
  EXPECT_EQ(*fields.TakeUint("u"), 18446744073709551615u);
  EXPECT_EQ(*fields.TakeInt("i"), std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(*fields.TakeBool("t"));
  EXPECT_FALSE(*fields.TakeBool("f"));
  EXPECT_TRUE(fields.Take("n")->IsNull());
  auto inner = fields.TakeObject("o");
  ASSERT_TRUE(inner);
  EXPECT_EQ(inner->path(), "doc.o");
  EXPECT_EQ(*inner->TakeUint("x"), 1u);
  EXPECT_TRUE(inner->ExpectNoMore());
  auto list = fields.TakeArray("a");
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 3u);
  EXPECT_EQ((*list)[1].path(), "doc.a[1]");
  EXPECT_EQ(*(*list)[0].AsUint(), 1u);
  EXPECT_EQ(*std::move((*list)[1]).AsString(), "two");
  EXPECT_TRUE(std::move((*list)[2]).AsArray()->empty());
  EXPECT_TRUE(fields.ExpectNoMore());
}

TEST(JsonReaderTest, ValueNeedNotBeAnObject) {
  EXPECT_EQ(*Parse("7")->AsUint(), 7u);
  EXPECT_EQ(*std::move(*Parse("\"x\"")).AsString(), "x");
  EXPECT_TRUE(std::move(*Parse("[]")).AsArray()->empty());
}

TEST(JsonReaderTest, RefusesDuplicateKeysAtAnyDepth) {
  EXPECT_EQ(Refusal(R"({"a":1,"b":2,"a":1})"), "doc: duplicate key \"a\"");
  EXPECT_THAT(Refusal(R"([{"x":{"a":1,"a":1}}])"), HasSubstr("duplicate key"));
  EXPECT_THAT(Refusal(R"({"a":1,"\u0061":2})"), HasSubstr("duplicate key"));
  EXPECT_THAT(Refusal(R"({"":1,"":2})"), HasSubstr("duplicate key"));
  EXPECT_EQ(Refusal(R"({"a":{"a":1},"A":{"a":1}})"), "accepted");
}

TEST(JsonReaderTest, RefusesFloats) {
  for (const char* text : {"1.0", "0.5", "1e0", "1E2", "-1.5", "1e-2", "[1.0]", "{\"a\":1e5}",
                           "-0.0", "-0e1", "1e400", "0e0"}) {
    EXPECT_NE(Refusal(text), "accepted") << text;
  }
}

TEST(JsonReaderTest, RefusesNumbersBeyond64Bits) {
  EXPECT_EQ(Refusal("18446744073709551615"), "accepted");
  EXPECT_EQ(Refusal("-9223372036854775808"), "accepted");
  for (const char* text : {"18446744073709551616", "-9223372036854775809", "99999999999999999999",
                           "100000000000000000000000000000000"}) {
    EXPECT_NE(Refusal(text), "accepted") << text;
  }
}

TEST(JsonReaderTest, RefusesOddSpellingsOfNumbers) {
  for (const char* text : {"01", "00", "-01", "+1", "1.", ".5", "-", "0x10", "1_000", "NaN",
                           "Infinity", "-0", "[-0]", "{\"a\":-0}", "[0,-0 ]"}) {
    EXPECT_NE(Refusal(text), "accepted") << text;
  }
  // Not numbers:
  EXPECT_EQ(Refusal(R"(["-0","\"-0","\\\\",-1])"), "accepted");
  EXPECT_EQ(Refusal(R"({"-0":0})"), "accepted");
}

TEST(JsonReaderTest, RefusesIllFormedText) {
  for (const char* text :
       {"\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "{\"\xff\":1}", R"("\ud800")",
        R"("\udc00")", R"("\ud800\u0041")", R"({"\udfff":1})", R"("\ud800\ud800")", R"("\u12")",
        R"("\x41")", "\"\n\"", "\"\t\"", "\"open", "\xef\xbb\xbf{}"}) {
    EXPECT_NE(Refusal(text), "accepted") << text;
  }
}

TEST(JsonReaderTest, KnowsEveryEscapeAndNoOther) {
  EXPECT_EQ(*std::move(*Parse(R"("\"\\\/\b\f\n\r\t\u0000\u007F\u07ff\uFFFF")")).AsString(),
            std::string("\"\\/\b\f\n\r\t\0\x7f\xdf\xbf\xef\xbf\xbf", 15));
  EXPECT_EQ(*std::move(*Parse(R"("\udbff\udfff")")).AsString(), "\xf4\x8f\xbf\xbf");
  for (const char* text :
       {R"("\a")", R"("\0")", R"("\U0041")", R"("\u-041")", R"("\u+041")", R"("\u 041")",
        R"("\u0x41")", R"("\u004")", R"("\ud83d\n")", R"("\ud83d)", R"("\)", R"("\")"}) {
    EXPECT_EQ(Refusal(text), "doc: not JSON: a malformed string") << text;
  }
}

TEST(JsonReaderTest, SaysWhatIsWrong) {
  EXPECT_EQ(Refusal(" "), "doc: not JSON: empty");
  EXPECT_EQ(Refusal("\"\xff\""), "doc: not JSON: ill-formed UTF-8");
  EXPECT_EQ(Refusal("[01]"), "doc: not JSON: a number that is malformed or beyond 64 bits");
  EXPECT_EQ(Refusal("[1] 2"), "doc: not JSON: malformed, or bytes after the value");
  EXPECT_EQ(Refusal("[\"a\" \"b\"]"), "doc: not JSON: malformed, or bytes after the value");
  EXPECT_EQ(Refusal("99999999999999999999"), Refusal(std::string(400, '9')));
  EXPECT_EQ(Refusal("[1e5]"),
            "doc: found a number with a fraction or an exponent, expected an integer");
  EXPECT_EQ(Refusal("{\"a\":-0}"), "doc: found the number -0, expected 0");
}

TEST(JsonReaderTest, RefusesWhatIsNotOneValue) {
  for (const char* text :
       {"",        " ",       "{} {}",   "{}x",      "{},",   "[1,]", "{\"a\":1,}",
        "{a:1}",   "{'a':1}", "[",       "]",        "{",     "nul",  "True",
        "// x\n1", "1 2",     "{\"a\"}", "{\"a\":}", "{1:2}", "[1 2]"}) {
    EXPECT_NE(Refusal(text), "accepted") << text;
  }
  for (const std::string_view text :
       {std::string_view("{}\0", 3), std::string_view("{}\0{}", 5), std::string_view("[1\0]", 4),
        std::string_view("\0{}", 3), std::string_view("\"\0\"", 3)}) {
    EXPECT_EQ(Refusal(text), "doc: not JSON: malformed, or bytes after the value");
  }
  EXPECT_EQ(Refusal("\xef\xbb\xbf{}"), "doc: not JSON: malformed, or bytes after the value");
  EXPECT_NE(Refusal("{}\xef\xbb\xbf"), "accepted");
  EXPECT_NE(Refusal(std::string_view("\0", 1)), "accepted");
  EXPECT_EQ(Refusal(" \t\r\n{ } \n"), "accepted");
}

TEST(JsonReaderTest, DepthLimitCountsObjectsAndArrays) {
  const JsonLimits limits{.max_depth = 3};
  EXPECT_EQ(Refusal("[[[1]]]", limits), "accepted");
  EXPECT_EQ(Refusal("[[[]]]", limits), "accepted");
  EXPECT_EQ(Refusal(R"({"a":[{"b":1}]})", limits), "accepted");
  EXPECT_EQ(Refusal("[[[[1]]]]", limits), "doc: nested deeper than 3");
  EXPECT_EQ(Refusal("[[[[]]]]", limits), "doc: nested deeper than 3");
  EXPECT_EQ(Refusal("[[[{}]]]", limits), "doc: nested deeper than 3");
  EXPECT_EQ(Parse(R"({"a":[{"b":[1]}]})", limits).error().code, ErrorCode::kLimitExceeded);
  EXPECT_NE(Refusal(std::string(1'000'000, '[')), "accepted");
}

TEST(JsonReaderTest, SizeAndValueLimitsAreExact) {
  EXPECT_EQ(Refusal("[1,2]", {.max_bytes = 5}), "accepted");
  EXPECT_EQ(Refusal("[1,2]", {.max_bytes = 4}), "doc: larger than 4 bytes");
  EXPECT_EQ(Refusal("[1,2]", {.max_values = 3}), "accepted");
  EXPECT_EQ(Refusal("[1,2]", {.max_values = 2}), "doc: too many values");
}

TEST(JsonFieldsTest, ErrorsNameThePlaceAndBothSides) {
  JsonFields fields = Fields(R"({"o":{"n":"x","m":300,"k":-1},"list":[true]})");
  auto inner = *fields.TakeObject("o");
  EXPECT_EQ(inner.TakeUint("n", 255).error().message,
            "doc.o.n: found a string, expected an integer from 0 to 255");
  EXPECT_EQ(inner.TakeUint("m", 255).error().message,
            "doc.o.m: found 300, expected an integer from 0 to 255");
  EXPECT_EQ(inner.TakeUint("k", 9).error().message,
            "doc.o.k: found a negative integer, expected an integer from 0 to 9");
  EXPECT_EQ(inner.TakeString("gone").error().message, "doc.o: missing key \"gone\"");
  auto list = *fields.TakeArray("list");
  EXPECT_EQ(std::move(list[0]).AsObject().error().message,
            "doc.list[0]: found a boolean, expected an object");
}

TEST(JsonFieldsTest, WhatNobodyTookIsAnUnknownKey) {
  JsonFields fields = Fields("{\"a\":1,\"b\\n\":2}");
  EXPECT_TRUE(fields.Has("a"));
  ASSERT_TRUE(fields.TakeUint("a"));
  EXPECT_FALSE(fields.Has("a"));
  EXPECT_EQ(fields.ExpectNoMore().error().message, "doc: unknown key \"b\\x0a\"");
}

TEST(JsonFieldsTest, AFieldIsTakenOnce) {
  JsonFields fields = Fields(R"({"a":1})");
  EXPECT_TRUE(fields.TakeUint("a"));
  EXPECT_FALSE(fields.TakeUint("a"));
}

TEST(JsonFieldsTest, TypesAreNotConverted) {
  EXPECT_FALSE(Fields(R"({"a":"1"})").TakeUint("a"));
  EXPECT_FALSE(Fields(R"({"a":1})").TakeString("a"));
  EXPECT_FALSE(Fields(R"({"a":1})").TakeBool("a"));
  EXPECT_FALSE(Fields(R"({"a":true})").TakeUint("a"));
  EXPECT_FALSE(Fields(R"({"a":null})").TakeString("a"));
  EXPECT_FALSE(Fields(R"({"a":9223372036854775808})").TakeInt("a"));
  EXPECT_EQ(*Fields(R"({"a":9223372036854775807})").TakeInt("a"), 9223372036854775807);
}

}  // namespace
}  // namespace plasm
