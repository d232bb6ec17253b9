#include "jobs/job_times.h"

#include <gtest/gtest.h>

namespace plasm::jobs {
namespace {

TEST(TimeBucketsTest, ATimeIsInTheFirstBucketThatReachesIt) {
  TimeBuckets buckets;
  buckets.Add(0);
  buckets.Add(100'000);  // 100 us: the bound itself
  buckets.Add(100'001);
  buckets.Add(3'600'000'000'000);
  buckets.Add(3'600'000'000'001);
  const auto read = buckets.Read();
  EXPECT_EQ(read.counts[0], 2u);
  EXPECT_EQ(read.counts[1], 1u);
  EXPECT_EQ(read.counts[TimeBuckets::kCount - 2], 1u);
  EXPECT_EQ(read.counts[TimeBuckets::kCount - 1], 1u);
  EXPECT_EQ(read.sum_us, std::uint64_t{7'200'000'200});
  EXPECT_EQ(read.MeanUs(), read.sum_us / 5);
  EXPECT_EQ(TimeBuckets().Read().MeanUs(), 0u);
}

TEST(TimeBucketsTest, ManyShortTimesAddUp) {
  TimeBuckets buckets;
  for (int i = 0; i < 1000; ++i) buckets.Add(999);  // each is less than a microsecond
  EXPECT_EQ(buckets.Read().sum_us, 999u);
}

}  // namespace
}  // namespace plasm::jobs
