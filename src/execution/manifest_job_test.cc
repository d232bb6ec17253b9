#include "execution/manifest_job.h"

#include <gtest/gtest.h>

namespace plasm::execution {
namespace {

constexpr receipt::Limits kLimits{.memory_bytes = 1,
                                  .fuel = 2,
                                  .output_bytes = 3,
                                  .file_bytes = 4,
                                  .file_nodes = 5,
                                  .wall_time_ms = 6};

TEST(ManifestJobTest, LimitsComeBackAsTheyWere) {
  EXPECT_EQ(LimitsOf(LimitsFor(kLimits), 6), kLimits);
}

TEST(ManifestJobTest, AWorkerGetsEverythingThatTheRunDependsOn) {
  receipt::Manifest manifest;
  manifest.args = {"a.wasm", "x"};
  manifest.env = {"K=v"};
  manifest.outputs = {"/out"};
  manifest.limits = kLimits;
  manifest.profile = receipt::Profile::kLive;
  manifest.start_time_ns = 7;
  manifest.seed.fill(std::byte{8});
  const worker::Job job = JobFor(manifest);
  EXPECT_EQ(job.profile, worker::Profile::kLive);
  EXPECT_EQ(job.args, manifest.args);
  EXPECT_EQ(job.env, manifest.env);
  EXPECT_EQ(job.outputs, manifest.outputs);
  EXPECT_EQ(job.start_time_ns, 7u);
  EXPECT_EQ(job.seed, manifest.seed);
  EXPECT_EQ(LimitsOf(job.limits, 6), kLimits);
  EXPECT_FALSE(job.interactive);
  manifest.profile = receipt::Profile::kDet1;
  EXPECT_EQ(JobFor(manifest).profile, worker::Profile::kDet1);
}

}  // namespace
}  // namespace plasm::execution
