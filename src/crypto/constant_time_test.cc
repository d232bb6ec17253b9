#include "crypto/constant_time.h"

#include <gtest/gtest.h>

namespace plasm::crypto {
namespace {

TEST(ConstantTimeTest, ComparesEveryByteAndTheSize) {
  const auto equal = [](std::string_view a, std::string_view b) {
    return EqualInConstantTime(AsBytes(a), AsBytes(b));
  };
  EXPECT_TRUE(equal("", ""));
  EXPECT_TRUE(equal("secret", "secret"));
  EXPECT_FALSE(equal("secret", "secreT"));
  EXPECT_FALSE(equal("Secret", "secret"));
  EXPECT_FALSE(equal("secret", "secre"));
  EXPECT_FALSE(equal("", "x"));
}

}  // namespace
}  // namespace plasm::crypto
