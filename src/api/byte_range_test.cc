#include "api/byte_range.h"

#include <gtest/gtest.h>

namespace plasm::api {
namespace {

TEST(ByteRangeTest, ReadsTheThreeForms) {
  EXPECT_EQ(**ParseRange("bytes=0-99", 1000), (ByteRange{0, 100}));
  EXPECT_EQ(**ParseRange("bytes=900-", 1000), (ByteRange{900, 100}));
  EXPECT_EQ(**ParseRange("bytes=-100", 1000), (ByteRange{900, 100}));
  EXPECT_EQ((ByteRange{900, 100}).ToContentRange(1000), "bytes 900-999/1000");
}

TEST(ByteRangeTest, EndsWithTheContents) {
  EXPECT_EQ(**ParseRange("bytes=10-9223372036854775807", 20), (ByteRange{10, 10}));
  EXPECT_EQ(**ParseRange("bytes=-100", 20), (ByteRange{0, 20}));
  EXPECT_EQ(**ParseRange("bytes=0-0", 1), (ByteRange{0, 1}));
}

TEST(ByteRangeTest, SaysWhichCannotBeSatisfied) {
  for (const auto& [text, size] :
       {std::pair("bytes=20-", 20), std::pair("bytes=20-30", 20), std::pair("bytes=-0", 20),
        std::pair("bytes=0-", 0), std::pair("bytes=-5", 0)}) {
    const auto range = ParseRange(text, static_cast<std::uint64_t>(size));
    ASSERT_TRUE(range) << text;
    EXPECT_FALSE(*range) << text;
  }
}

TEST(ByteRangeTest, RefusesEverythingElse) {
  for (const char* text :
       {"", "bytes", "bytes=", "bytes=-", "bytes=5-4", "bytes=0-1,5-6", "bytes=0-1,", "bytes 0-1",
        "bytes= 0-1", "items=0-1", "bytes=+1-2", "bytes=1-+2", "bytes=01-2", "bytes=a-",
        "bytes=9223372036854775808-", "bytes=0-18446744073709551616", "bytes=--1"}) {
    EXPECT_FALSE(ParseRange(text, 1000)) << text;
  }
}

TEST(ContentRangeTest, ReadsPiecesInsideTheWhole) {
  const auto piece = ContentRange::Parse("bytes 100-199/1000");
  ASSERT_TRUE(piece);
  EXPECT_EQ(*piece, (ContentRange{100, 100, 1000}));
  EXPECT_FALSE(piece->IsLast());
  EXPECT_TRUE(ContentRange::Parse("bytes 0-0/1")->IsLast());
  const auto largest = ContentRange::Parse(
      "bytes 9223372036854775806-9223372036854775806/"
      "9223372036854775807");
  ASSERT_TRUE(largest);
  EXPECT_TRUE(largest->IsLast());
}

TEST(ContentRangeTest, RefusesEverythingElse) {
  for (const char* text :
       {"", "bytes 0-1", "bytes 0-1/*", "bytes */5", "bytes 0-5/5", "bytes 4-3/5", "bytes=0-1/5",
        "bytes 0-1/9223372036854775808", "bytes 0-9223372036854775808/9223372036854775809",
        "bytes 0/1-2", "bytes -1/5", "bytes 0-1/5 ", "Bytes 0-1/5", "bytes 00-1/5"}) {
    EXPECT_FALSE(ContentRange::Parse(text)) << text;
  }
}

}  // namespace
}  // namespace plasm::api
