#include "base/utf8.h"

#include <gtest/gtest.h>

namespace plasm {
namespace {

bool Valid(std::string_view text) { return IsValidUtf8(AsBytes(text)); }
std::string Lossy(std::string_view text) { return ToUtf8Lossy(AsBytes(text)); }

TEST(Utf8Test, AcceptsTheFirstAndLastCharacterOfEachLength) {
  for (const char* text :
       {"\x01", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(Valid(text));
    EXPECT_EQ(Lossy(text), text);
  }
  EXPECT_TRUE(Valid(""));
  EXPECT_TRUE(Valid(std::string_view("\0", 1)));
}

TEST(Utf8Test, RefusesOverlongFormsSurrogatesAndWhatLiesBeyondUnicode) {
  for (const char* text :
       {"\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x80\x80\x80",
        "\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xff", "\xfe", "\x80", "\xbf"}) {
    EXPECT_FALSE(Valid(text)) << text;
  }
}

TEST(Utf8Test, RefusesSequencesCutShort) {
  for (const char* text : {"\xc2", "\xe2\x82", "\xf0\x9f\x98",
                           "\xe2\x82"
                           "a",
                           "\xc2\xc2"}) {
    EXPECT_FALSE(Valid(text)) << text;
  }
}

// Around the eight-byte fast path: the offending byte at every offset.
TEST(Utf8Test, FindsABadByteAnywhere) {
  for (std::size_t size = 1; size < 40; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'a');
      text[at] = '\xff';
      EXPECT_FALSE(Valid(text));
      std::string expected(size, 'a');
      expected.replace(at, 1, "\xef\xbf\xbd");
      EXPECT_EQ(Lossy(text), expected);
    }
  }
}

// The examples of the Unicode standard, tables 3-8 to 3-11.
TEST(Utf8Test, ReplacesEachMaximalSubpartOnce) {
  const std::string r = "\xef\xbf\xbd";
  EXPECT_EQ(Lossy("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41"), r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(Lossy("\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41"), r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(Lossy("\xf4\x91\x92\x93\xff\x41\x80\xbf\x42"), r + r + r + r + r + "A" + r + r + "B");
  EXPECT_EQ(Lossy("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41"), r + r + r + r + "A");
}

TEST(Utf8Test, LossyTextIsAlwaysValid) {
  for (unsigned a = 0; a < 256; ++a) {
    for (unsigned b = 0; b < 256; ++b) {
      const std::string pair{static_cast<char>(a), static_cast<char>(b)};
      EXPECT_TRUE(Valid(Lossy(pair)));
      EXPECT_EQ(Lossy(pair) == pair, Valid(pair));
      EXPECT_TRUE(Valid(Lossy("\xf0\x9f" + pair)));
    }
  }
}

}  // namespace
}  // namespace plasm
