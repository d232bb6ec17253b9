#include "base/decimal.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace plasm {
namespace {

TEST(DecimalTest, ReadsWhatToStringWrites) {
  for (const std::uint64_t value :
       {std::uint64_t{0}, std::uint64_t{7}, std::numeric_limits<std::uint64_t>::max()}) {
    const auto parsed = ParseDecimal(std::to_string(value));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(*parsed, value);
  }
}

TEST(DecimalTest, RefusesEveryOtherSpelling) {
  for (const char* text : {"", "00", "01", "+1", "-0", "-1", " 1", "1 ", "1.0", "1e2", "0x1",
                           "18446744073709551616", "99999999999999999999999"}) {
    EXPECT_FALSE(ParseDecimal(text)) << text;
  }
}

}  // namespace
}  // namespace plasm
