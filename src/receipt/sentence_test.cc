#include "receipt/sentence.h"

#include <gtest/gtest.h>

namespace plasm::receipt {
namespace {

TEST(SentenceTest, LeavesPlainTextAsItIs) {
  EXPECT_EQ(Sentence("unknown import \"env\" gr\xc3\xbc\xc3\x9f", 100),
            "unknown import \"env\" gr\xc3\xbc\xc3\x9f");
}

TEST(SentenceTest, HasNoControlCharacters) {
  EXPECT_EQ(Sentence("a\nb\tc\x7f"
                     "d",
                     100),
            "a b c d");
  EXPECT_EQ(Sentence("a\xc2\x80"
                     "b\xc2\x9b"
                     "c\xc2\xa0"
                     "d",
                     100),
            "a b c\xc2\xa0"
            "d");
}

TEST(SentenceTest, IsUtf8) {
  EXPECT_EQ(Sentence("a\xff"
                     "b\xc2",
                     100),
            "a\xef\xbf\xbd"
            "b\xef\xbf\xbd");
}

TEST(SentenceTest, IsNeverEmpty) { EXPECT_EQ(Sentence("", 100), "no reason is known"); }

TEST(SentenceTest, IsNotLongerThanItMayBe) {
  EXPECT_EQ(Sentence("abcdef", 4), "abcd");
  // No half character, and nothing that has grown.
  EXPECT_EQ(Sentence("abc\xc3\xbc", 4), "abc");
  EXPECT_EQ(Sentence("\xff\xff\xff\xff", 4), "\xef\xbf\xbd");
}

}  // namespace
}  // namespace plasm::receipt
