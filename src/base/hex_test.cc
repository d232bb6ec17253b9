#include "base/hex.h"

#include <gtest/gtest.h>

#include <array>

namespace plasm {
namespace {

TEST(HexTest, EncodesEveryByteInLowerCase) {
  Bytes all;
  for (unsigned i = 0; i < 256; ++i) all.push_back(static_cast<std::byte>(i));
  const std::string text = EncodeHex(all);
  EXPECT_EQ(text.substr(0, 8), "00010203");
  EXPECT_EQ(text.substr(504), "fcfdfeff");
  ASSERT_TRUE(DecodeHex(text));
  EXPECT_EQ(*DecodeHex(text), all);
}

TEST(HexTest, EmptyTextIsNoBytes) {
  ASSERT_TRUE(DecodeHex(""));
  EXPECT_TRUE(DecodeHex("")->empty());
}

TEST(HexTest, RefusesUpperCase) {
  EXPECT_EQ(DecodeHex("aB").error().message,
            "hex: found byte 0x42 at offset 1, expected a digit 0-9 or a-f");
}

TEST(HexTest, RefusesEverythingThatIsNotADigit) {
  for (unsigned i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    EXPECT_EQ(DecodeHex(std::string{c, '0'}).has_value(), digit) << i;
    EXPECT_EQ(DecodeHex(std::string{'0', c}).has_value(), digit) << i;
  }
}

TEST(HexTest, RefusesAnOddNumberOfDigits) { EXPECT_FALSE(DecodeHex("abc")); }

TEST(HexTest, FixedSizeRefusesFewerAndMoreDigits) {
  std::array<std::byte, 2> out;
  EXPECT_TRUE(DecodeHexTo("12ab", out));
  EXPECT_EQ(out[1], std::byte{0xab});
  EXPECT_EQ(DecodeHexTo("12a", out).error().message, "hex: found 3 characters, expected 4");
  EXPECT_FALSE(DecodeHexTo("12abcd", out));
  EXPECT_FALSE(DecodeHexTo("", out));
}

}  // namespace
}  // namespace plasm
