#include "receipt/byte_string.h"

#include <gtest/gtest.h>

#include <string>

#include "base/bytes.h"

namespace plasm::receipt {
namespace {

std::string Written(std::string_view bytes) {
  JsonWriter json(JsonStyle::kCompact);
  WriteByteString(bytes, json);
  return std::move(json).Take();
}

Result<std::string> Read(std::string_view json) {
  PLASM_TRY(const JsonNode node, ParseJson(AsBytes(json), "x"));
  return ReadByteString(node);
}

TEST(ByteStringTest, TextStaysTextAndOtherBytesBecomeBase64) {
  EXPECT_EQ(Written("a\"\xe2\x82\xac"), "\"a\\\"\xe2\x82\xac\"");
  EXPECT_EQ(Written(""), "\"\"");
  EXPECT_EQ(Written("\xff"), R"({"base64":"/w=="})");
  EXPECT_EQ(Written(std::string_view("a\0", 2)), R"({"base64":"YQA="})");
}

TEST(ByteStringTest, ReadsWhatItWrites) {
  for (int first = 0; first < 256; ++first) {
    const std::string bytes = {static_cast<char>(first), 'x', '\x80'};
    for (const std::string& part : {bytes, bytes.substr(0, 1), bytes.substr(0, 2)}) {
      const auto read = Read(Written(part));
      ASSERT_TRUE(read) << read.error().message;
      EXPECT_EQ(*read, part);
    }
  }
}

TEST(ByteStringTest, EachByteStringHasOneForm) {
  EXPECT_FALSE(Read(R"({"base64":"YQ=="})"));
  EXPECT_FALSE(Read(R"({"base64":""})"));
  EXPECT_FALSE(Read(R"("a\u0000")"));
}

TEST(ByteStringTest, RefusesOtherAlphabetsPaddingAndMembers) {
  for (const char* json : {R"({"base64":"_w=="})", R"({"base64":"/w"})", R"({"base64":"/x=="})",
                           R"({"Base64":"/w=="})", R"({"base64":"/w==","x":1})", R"({})", "1",
                           "null", "[]", R"({"base64":1})"}) {
    EXPECT_FALSE(Read(json)) << json;
  }
}

}  // namespace
}  // namespace plasm::receipt
