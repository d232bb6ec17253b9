#include "base/text_form.h"

#include <gtest/gtest.h>

#include <string>

namespace plasm {
namespace {

TEST(TextFormTest, PlainTextIsUtf8WithoutControls) {
  for (const char* good : {"", "node a", "Kn\xc3\xb6te", "\xe2\x82\xac", "\xf0\x9f\x8c\x8d"}) {
    EXPECT_TRUE(IsPlainText(good)) << good;
  }
  for (const std::string& bad :
       {std::string("\0", 1), std::string("a\tb"), std::string("a\nb"), std::string("\x1b[2J"),
        std::string("\x7f"), std::string("\xc2\x80"), std::string("\xc2\x9f"), std::string("\xff"),
        std::string("\xc3")}) {
    EXPECT_FALSE(IsPlainText(bad));
  }
  EXPECT_TRUE(IsPlainText("\xc2\xa0"));  // the first character after the controls
}

TEST(TextFormTest, AWordHasNoWhiteSpaceOfAnyKind) {
  EXPECT_TRUE(IsPlainWord("a"));
  EXPECT_TRUE(IsPlainWord("\xe2\x80\x8b"));  // U+200B, the first after the spaces
  for (const char* bad :
       {"", " ", "a b", "a\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x8a", "\xe2\x80\xa8",
        "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"}) {
    EXPECT_FALSE(IsPlainWord(bad)) << bad;
  }
}

TEST(TextFormTest, TheControlsThatAreWhiteSpaceAreFound) {
  for (const char* bad : {"a\tb", "\n", "\v", "\f", "\r", "\xc2\x85"}) {
    EXPECT_TRUE(HasWhiteSpace(bad)) << bad;
  }
  EXPECT_FALSE(HasWhiteSpace("a\x1f\x7f\xc2\x84\xe2\x80\x8b"));
}

TEST(TextFormTest, FieldsStandBetweenBlanksAndTabs) {
  using Fields = std::vector<std::string_view>;
  EXPECT_EQ(SplitAtBlanks(""), Fields());
  EXPECT_EQ(SplitAtBlanks(" \t "), Fields());
  EXPECT_EQ(SplitAtBlanks("one"), Fields({"one"}));
  EXPECT_EQ(SplitAtBlanks("\t one  two\tthree "), Fields({"one", "two", "three"}));
  EXPECT_EQ(SplitAtBlanks("no\u00a0break"), Fields({"no\u00a0break"}));
}

}  // namespace
}  // namespace plasm
