#include "base/key_name.h"

#include <gtest/gtest.h>

#include <string>

namespace plasm {
namespace {

TEST(KeyNameTest, IsOneWordWithoutPlus) {
  for (const char* good : {"a", "example.com/log", "a-b_c", "gr\xc3\xbc\xc3\x9f"}) {
    EXPECT_TRUE(IsKeyName(good)) << good;
  }
  for (const std::string& bad :
       {std::string(), std::string("a b"), std::string("a+b"), std::string("a\n"),
        std::string("\t"), std::string("a\0b", 3), std::string("a\xc2\x85"),
        std::string("a\xc2\xa0z"), std::string("\xe2\x80\xa8"), std::string("\xe3\x80\x80"),
        std::string("\xff"), std::string("a\xc2")}) {
    EXPECT_FALSE(IsKeyName(bad)) << bad;
    EXPECT_FALSE(IsLogOrigin(bad)) << bad;
  }
}

TEST(KeyNameTest, AnOriginIsAlsoShortAndWithoutControls) {
  EXPECT_TRUE(IsLogOrigin("plasm.invalid/0123456789abcdef0123456789abcdef"));
  EXPECT_TRUE(IsLogOrigin("gr\xc3\xbc\xc3\x9f"));
  EXPECT_TRUE(IsLogOrigin(std::string(255, 'a')));
  for (const std::string& bad :
       {std::string(256, 'a'), std::string("\x7f"), std::string("\xc2\x9b")}) {
    EXPECT_TRUE(IsKeyName(bad)) << bad;
    EXPECT_FALSE(IsLogOrigin(bad)) << bad;
  }
}

}  // namespace
}  // namespace plasm
