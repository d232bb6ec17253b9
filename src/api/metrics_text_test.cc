#include "api/metrics_text.h"

#include <gtest/gtest.h>

#include <array>

namespace plasm::api {
namespace {

TEST(MetricsTextTest, WritesFamiliesAndSamples) {
  MetricsText text;
  text.Family("plasm_jobs", MetricType::kGauge, "Jobs by state");
  text.Sample({{"state", "queued"}}, 3);
  text.Sample({}, 0);
  EXPECT_EQ(std::move(text).Take(),
            "# HELP plasm_jobs Jobs by state\n"
            "# TYPE plasm_jobs gauge\n"
            "plasm_jobs{state=\"queued\"} 3\n"
            "plasm_jobs 0\n");
}

TEST(MetricsTextTest, EscapesHelpAndLabels) {
  MetricsText text;
  text.Family("x", MetricType::kCounter, "a\\b\n\"c\"");
  text.Sample({{"l", "a\\b\n\"c\""}}, 1);
  EXPECT_EQ(std::move(text).Take(),
            "# HELP x a\\\\b\\n\"c\"\n"
            "# TYPE x counter\n"
            "x{l=\"a\\\\b\\n\\\"c\\\"\"} 1\n");
}

TEST(MetricsTextTest, HistogramsAreCumulativeAndEndAtInfinity) {
  MetricsText text;
  text.Family("d", MetricType::kHistogram, "Time");
  constexpr std::array<std::uint64_t, 2> kBounds{5000, 1'500'000};
  constexpr std::array<std::uint64_t, 3> kCounts{1, 2, 4};
  text.Histogram({{"how", "x"}}, kBounds, kCounts, 12'345'000);
  EXPECT_EQ(std::move(text).Take(),
            "# HELP d Time\n"
            "# TYPE d histogram\n"
            "d_bucket{how=\"x\",le=\"0.005\"} 1\n"
            "d_bucket{how=\"x\",le=\"1.5\"} 3\n"
            "d_bucket{how=\"x\",le=\"+Inf\"} 7\n"
            "d_sum{how=\"x\"} 12.345\n"
            "d_count{how=\"x\"} 7\n");
}

TEST(MetricsTextTest, SecondsHaveNoZerosAtTheirEnd) {
  EXPECT_EQ(SecondsText(0), "0");
  EXPECT_EQ(SecondsText(1), "0.000001");
  EXPECT_EQ(SecondsText(1'000), "0.001");
  EXPECT_EQ(SecondsText(50'000), "0.05");
  EXPECT_EQ(SecondsText(61'200'000), "61.2");
}

}  // namespace
}  // namespace plasm::api
