#include "api/request_counters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plasm::api {
namespace {

using ::testing::HasSubstr;

TEST(RequestCountersTest, CountsByPathAndStatusAndTime) {
  RequestCounters counters;
  counters.Count("/v1/jobs", 201, 0);
  counters.Count("/v1/jobs", 201, 1);
  counters.Count("/v1/jobs", 503, 60'001);
  MetricsText text;
  counters.Write(text);
  const std::string written = std::move(text).Take();
  EXPECT_THAT(written, HasSubstr("requests_total{path=\"/v1/jobs\",status=\"201\"} 2\n"));
  EXPECT_THAT(written, HasSubstr("requests_total{path=\"/v1/jobs\",status=\"503\"} 1\n"));
  EXPECT_THAT(written, HasSubstr("_bucket{path=\"/v1/jobs\",le=\"0.001\"} 2\n"));
  EXPECT_THAT(written, HasSubstr("_bucket{path=\"/v1/jobs\",le=\"60\"} 2\n"));
  EXPECT_THAT(written, HasSubstr("_bucket{path=\"/v1/jobs\",le=\"+Inf\"} 3\n"));
  EXPECT_THAT(written, HasSubstr("_sum{path=\"/v1/jobs\"} 60.002\n"));
}

}  // namespace
}  // namespace plasm::api
