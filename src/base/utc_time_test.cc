#include "base/utc_time.h"

#include <gtest/gtest.h>

namespace plasm {
namespace {

TEST(UtcTimeTest, ReadsBothForms) {
  EXPECT_EQ(UtcTime::Parse("1970-01-01T00:00:00Z")->milliseconds, 0u);
  EXPECT_EQ(UtcTime::Parse("2023-11-14T22:13:20Z")->milliseconds, 1'700'000'000'000u);
  EXPECT_EQ(UtcTime::Parse("2023-11-14T22:13:20.125Z")->milliseconds, 1'700'000'000'125u);
  EXPECT_TRUE(UtcTime::Parse("2024-02-29T00:00:00Z"));
}

TEST(UtcTimeTest, WritesWhatItReads) {
  for (const char* text : {"1970-01-01T00:00:00.000Z", "2026-11-24T09:30:00.125Z",
                           "2024-02-29T23:59:59.999Z", "9999-12-31T23:59:59.999Z"}) {
    EXPECT_EQ(UtcTime::Parse(text)->ToString(), text);
  }
}

TEST(UtcTimeTest, RefusesEveryOtherSpelling) {
  for (const char* text : {"",
                           "2026-11-24",
                           "2026-11-24T09:30:00",
                           "2026-11-24t09:30:00Z",
                           "2026-11-24T09:30:00z",
                           "2026-11-24 09:30:00Z",
                           "2026-11-24T09:30:00+00:00",
                           "2026-11-24T09:30:00.1Z",
                           "2026-11-24T09:30:00.123456Z",
                           "2026-11-24T09:30:60Z",
                           "2026-11-24T24:00:00Z",
                           "2026-11-24T09:60:00Z",
                           "2026-13-01T00:00:00Z",
                           "2026-02-29T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "1969-12-31T23:59:59Z",
                           "12026-11-24T09:30:00Z",
                           "2026-11-24T09:30:00Z ",
                           " 2026-11-24T09:30:00Z",
                           "-026-11-24T09:30:00Z"}) {
    EXPECT_FALSE(UtcTime::Parse(text)) << text;
  }
}

}  // namespace
}  // namespace plasm
