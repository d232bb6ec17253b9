#include "base/one_line.h"

#include <gtest/gtest.h>

namespace plasm {
namespace {

TEST(OneLineTest, TextWithoutControlCharactersStaysAsItIs) {
  EXPECT_EQ(OneLine(""), "");
  EXPECT_EQ(OneLine("a ~\xc2\xa0\xc3\xa4\xe2\x82\xac"), "a ~\xc2\xa0\xc3\xa4\xe2\x82\xac");
}

TEST(OneLineTest, EachControlCharacterBecomesABlank) {
  EXPECT_EQ(OneLine(std::string_view("a\n\r\t\0\x1b\x7f z", 9)), "a       z");
  EXPECT_EQ(OneLine("\xc2\x80\xc2\x9b\xc2\x9f!"), "   !");
}

TEST(OneLineTest, IllFormedBytesAreReplaced) {
  EXPECT_EQ(OneLine("\xc2"), "\xef\xbf\xbd");
  EXPECT_EQ(OneLine("\x9b[2J"), "\xef\xbf\xbd[2J");
}

}  // namespace
}  // namespace plasm
