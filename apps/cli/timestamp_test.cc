#include "cli/timestamp.h"

#include <gtest/gtest.h>

namespace plasm::app {
namespace {

TEST(TimestampTest, ReadsUnixSecondsAndRfc3339) {
  EXPECT_EQ(*ParseTimestamp("0"), 0u);
  EXPECT_EQ(*ParseTimestamp("1700000000"), 1700000000u);
  EXPECT_EQ(*ParseTimestamp("2023-11-14T22:13:20Z"), 1700000000u);
  EXPECT_EQ(*ParseTimestamp("2023-11-14T23:13:20+01:00"), 1700000000u);
  EXPECT_EQ(*ParseTimestamp("2024-02-29T00:00:00Z"), 1709164800u);
}

TEST(TimestampTest, RefusesEverythingElse) {
  for (const char* text :
       {"", "-1", "+1", "1.5", "now", "99999999999999999999", "18446744073", "2023-02-29T00:00:00Z",
        "2023-11-14", "2023-11-14T22:13Z", "2023-11-14T22:13:20", "2023-11-14T24:00:00Z",
        "2023-11-14T22:13:20.5Z", "2023-11-14T22:13:20+1:00", "1969-12-31T23:59:59Z",
        "2023-11-14T22:13:20Z ", "2023-11-14T22:13:60Z"}) {
    EXPECT_FALSE(ParseTimestamp(text)) << text;
  }
}

}  // namespace
}  // namespace plasm::app
