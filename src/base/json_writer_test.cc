#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "base/bytes.h"

namespace plasm {
namespace {

std::string Quoted(std::string_view text) {
  JsonWriter json(JsonStyle::kCompact);
  return std::move(json.String(text)).Take();
}

JsonWriter& WriteExample(JsonWriter& json) {
  json.BeginObject()
      .Field("text", "x")
      .Field("yes", true)
      .Field("small", -1)
      .Field("large", std::numeric_limits<std::uint64_t>::max());
  json.Key("list").BeginArray().Int(1).BeginObject().EndObject().BeginArray().EndArray().Null();
  return json.EndArray().EndObject();
}

TEST(JsonWriterTest, CompactHasNoBlanks) {
  JsonWriter json(JsonStyle::kCompact);
  EXPECT_EQ(std::move(WriteExample(json)).Take(),
            R"({"text":"x","yes":true,"small":-1,"large":18446744073709551615,)"
            R"("list":[1,{},[],null]})");
}

TEST(JsonWriterTest, PrettyPutsEachMemberOnALine) {
  JsonWriter json(JsonStyle::kPretty);
  EXPECT_EQ(std::move(WriteExample(json)).Take(), R"({
  "text": "x",
  "yes": true,
  "small": -1,
  "large": 18446744073709551615,
  "list": [
    1,
    {},
    [],
    null
  ]
})");
}

TEST(JsonWriterTest, EscapesQuotesBackslashesAndControlsOnly) {
  EXPECT_EQ(Quoted("\"\\\b\f\n\r\t"), R"("\"\\\b\f\n\r\t")");
  EXPECT_EQ(Quoted(std::string_view("\0\x01\x1f\x20\x7f", 5)), "\"\\u0000\\u0001\\u001f \x7f\"");
  EXPECT_EQ(Quoted("</a>'\xe2\x82\xac"), "\"</a>'\xe2\x82\xac\"");
}

// At every place of a text, which is looked at eight bytes at a time.
TEST(JsonWriterTest, EscapesAtEveryOffset) {
  for (std::size_t size = 1; size < 20; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (int value = 0; value < 256; ++value) {
        const char c = static_cast<char>(value);
        std::string text(size, 'a');
        text[at] = c;
        std::string expected(1, c);
        if (value >= 0x80) expected = "\xef\xbf\xbd";
        if (c == '"' || c == '\\') expected = std::string("\\") + c;
        if (value < 0x20) expected = Quoted(std::string_view(&c, 1)).substr(1);
        if (value < 0x20) expected.pop_back();
        EXPECT_EQ(Quoted(text),
                  "\"" + std::string(at, 'a') + expected + std::string(size - at - 1, 'a') + "\"")
            << value;
      }
    }
  }
}

TEST(JsonWriterTest, HexIsAStringOfTwoDigitsAByte) {
  const std::string bytes("\x00\x9f\xff", 3);
  JsonWriter json(JsonStyle::kCompact);
  json.BeginObject().Key("hex").Hex(AsBytes(bytes)).Key("none").Hex({}).EndObject();
  EXPECT_EQ(std::move(json).Take(), R"({"hex":"009fff","none":""})");
}

TEST(JsonWriterTest, HasNoMoreThanWasWrittenWhateverWasExpected) {
  const std::string text(1000, 'x');
  for (const std::size_t expected : {0U, 1U, 900U, 5000U}) {
    JsonWriter json(JsonStyle::kCompact, expected);
    EXPECT_EQ(std::move(json.String(text)).Take(), '"' + text + '"');
  }
}

TEST(JsonWriterTest, IllFormedTextBecomesReplacementCharacters) {
  EXPECT_EQ(Quoted("a\xff\"b"), "\"a\xef\xbf\xbd\\\"b\"");
}

TEST(JsonWriterTest, EscapesKeysToo) {
  JsonWriter json(JsonStyle::kCompact);
  EXPECT_EQ(std::move(json.BeginObject().Field("a\"b", "").EndObject()).Take(), R"({"a\"b":""})");
}

TEST(JsonWriterTest, WritesTheExtremesOfIntegers) {
  JsonWriter json(JsonStyle::kCompact);
  json.BeginArray().Int(std::numeric_limits<std::int64_t>::min()).Uint(0).EndArray();
  EXPECT_EQ(std::move(json).Take(), "[-9223372036854775808,0]");
}

TEST(JsonWriterTest, JsonStandsAsItIs) {
  JsonWriter json(JsonStyle::kCompact);
  json.BeginObject().Key("a").Json(R"({"b": 1})").Field("c", 2).EndObject();
  EXPECT_EQ(std::move(json).Take(), R"({"a":{"b": 1},"c":2})");
}

}  // namespace
}  // namespace plasm
