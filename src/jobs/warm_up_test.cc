#include "jobs/warm_up.h"

#include <gtest/gtest.h>

#include <string>

#include "base/testing/temp_folder.h"
#include "receipt/manifest_v1.h"
#include "store/testing/jobs.h"

namespace plasm::jobs {
namespace {

Sha256Digest Module(const std::string& name) { return Sha256Of(AsBytes(name)); }
using Modules = std::vector<Sha256Digest>;

TEST(MostUsedTest, TheMostOftenUsedComesFirstAndThenTheNewer) {
  const Modules used{Module("b"), Module("a"), Module("c"), Module("c"), Module("a"), Module("c")};
  EXPECT_EQ(MostUsed(used, 9), (Modules{Module("c"), Module("a"), Module("b")}));
  EXPECT_EQ(MostUsed(used, 2), (Modules{Module("c"), Module("a")}));
  EXPECT_EQ(MostUsed(used, 0), Modules());
  EXPECT_EQ(MostUsed({}, 3), Modules());
  const Modules equal{Module("z"), Module("y"), Module("y"), Module("z")};
  EXPECT_EQ(MostUsed(equal, 2), (Modules{Module("z"), Module("y")}));
}

class RecentModulesTest : public ::testing::Test {
 protected:
  void AddJob(const std::string& module, store::JobState state) {
    receipt::Manifest manifest;
    manifest.module = {Module(module), 1};
    manifest.args = {"x"};
    manifest.stdin_name.sha256 = Sha256Of({});
    manifest.limits.memory_bytes = 65'536;
    manifest.start_time_ns = ++count_;
    store::SubmitJob job = store::testing::Job(count_);
    job.manifest = store::testing::BytesFrom(receipt::SerializeManifest(manifest));
    job.manifest_digest = receipt::ManifestDigest(job.manifest);
    const auto submitted = store_.SubmitAndWait(job);
    ASSERT_TRUE(submitted);
    if (!store::IsEnded(state)) return;
    ASSERT_TRUE(store_.SubmitAndWait(store::testing::End(submitted->seq, state)));
  }

  const plasm::testing::TempFolder folder_;
  store::JobStore store_ = *store::JobStore::Open(folder_ / "store");
  std::uint64_t count_ = 0;
};

TEST_F(RecentModulesTest, AreThoseOfJobsThatRan) {
  using store::JobState;
  AddJob("old", JobState::kExited);
  AddJob("often", JobState::kTrapped);
  AddJob("broken", JobState::kRejected);
  AddJob("broken", JobState::kFailed);
  AddJob("often", JobState::kOutOfFuel);
  AddJob("new", JobState::kExited);
  AddJob("waiting", JobState::kQueued);
  const auto modules = RecentModules(store_, 10);
  ASSERT_TRUE(modules) << modules.error().message;
  EXPECT_EQ(*modules, (Modules{Module("often"), Module("new"), Module("old")}));
  EXPECT_EQ(*RecentModules(store_, 1), Modules{Module("often")});
  EXPECT_EQ(*RecentModules(store_, 0), Modules());
}

TEST_F(RecentModulesTest, WhatLiesFarBackDoesNotCount) {
  AddJob("old", store::JobState::kExited);
  for (std::size_t i = 0; i < kJobsLookedAt; ++i) AddJob("new", store::JobState::kExited);
  EXPECT_EQ(*RecentModules(store_, 10), Modules{Module("new")});
}

}  // namespace
}  // namespace plasm::jobs
