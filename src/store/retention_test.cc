// What is kept for a time: ended jobs, blobs, uploads, nonces.
#include <gtest/gtest.h>

#include "base/testing/temp_folder.h"
#include "store/job_store.h"
#include "store/testing/jobs.h"

namespace plasm::store {
namespace {

using testing::BytesFrom;
using testing::End;
using testing::Job;
using testing::JobId;

Sha256Digest Blob(const std::string& name) { return Sha256Of(AsBytes(name)); }

class RetentionTest : public ::testing::Test {
 protected:
  template <class W>
  auto Write(W write) {
    auto outcome = store_.SubmitAndWait(std::move(write));
    if (!outcome) throw std::runtime_error(outcome.error().message);
    return *std::move(outcome);
  }
  void Submit(std::uint64_t number, std::vector<Sha256Digest> blobs) {
    SubmitJob job = Job(number);
    job.blobs = std::move(blobs);
    Write(std::move(job));
  }

  const plasm::testing::TempFolder folder_;
  JobStore store_ = *JobStore::Open(folder_ / "store");
};

TEST_F(RetentionTest, ForgetsEndedJobsByAgeAndNeverUnfinishedOnes) {
  for (std::uint64_t i = 1; i <= 5; ++i) Submit(i, {});
  for (std::uint64_t i : {1, 2, 4}) Write(End(i));  // ended at 2,000,000 + i
  const Retired retired = Write(RetireJobs{.ended_before_ns = 2'000'004});
  EXPECT_EQ(retired.jobs, 2u);
  EXPECT_FALSE(retired.more);
  EXPECT_FALSE(*store_.Find(JobId(1)));
  EXPECT_FALSE(*store_.Find(JobId(2)));
  EXPECT_TRUE(*store_.Find(JobId(3)));
  EXPECT_TRUE(*store_.Find(JobId(4)));
  EXPECT_EQ((*store_.Counts())[JobState::kExited], 1u);
  EXPECT_EQ((*store_.Counts())[JobState::kQueued], 2u);
}

TEST_F(RetentionTest, KeepsSoManyOfTheNewestEndedJobs) {
  for (std::uint64_t i = 1; i <= 6; ++i) Submit(i, {});
  for (std::uint64_t i = 1; i <= 5; ++i) Write(End(i));
  const Retired retired = Write(RetireJobs{.ended_before_ns = 0, .keep_at_most = 2});
  EXPECT_EQ(retired.jobs, 3u);
  const auto page = store_.List({}, std::nullopt, 10);
  ASSERT_EQ(page->jobs.size(), 3u);
  EXPECT_EQ(page->jobs[2].seq, 4u);
}

TEST_F(RetentionTest, ForgetsALotInSeveralWrites) {
  for (std::uint64_t i = 1; i <= 7; ++i) {
    Submit(i, {});
    Write(End(i));
  }
  const RetireJobs some{.ended_before_ns = UINT64_MAX, .keep_at_most = 0, .at_most = 3};
  std::vector<std::uint64_t> counts;
  while (true) {
    const Retired retired = Write(RetireJobs(some));
    counts.push_back(retired.jobs);
    if (!retired.more) break;
  }
  EXPECT_EQ(counts, (std::vector<std::uint64_t>{3, 3, 1}));
}

TEST_F(RetentionTest, ANumberIsNeverUsedAgain) {
  Submit(1, {});
  Write(End(1));
  Write(RetireJobs{.ended_before_ns = UINT64_MAX});
  EXPECT_EQ(Write(Job(2)).seq, 2u);
}

TEST_F(RetentionTest, ABlobIsReleasedWithTheLastJobThatRefersToIt) {
  Submit(1, {Blob("module"), Blob("input")});
  Submit(2, {Blob("module"), Blob("module")});
  EndJob end = End(1);
  end.results.kept_files = {{"/out", Blob("kept"), 4}};
  end.results.standard_output = {1 << 20, Blob("long"), std::nullopt};
  Write(std::move(end));
  EXPECT_TRUE(*store_.IsReferred(Blob("kept")));
  EXPECT_TRUE(*store_.IsReferred(Blob("long")));
  EXPECT_FALSE(*store_.IsReferred(Blob("other")));
  std::vector<Sha256Digest> expected = {Blob("input"), Blob("kept"), Blob("long")};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(Write(RetireJobs{.ended_before_ns = UINT64_MAX}).released, expected);
  EXPECT_FALSE(*store_.IsReferred(Blob("kept")));
  EXPECT_TRUE(*store_.IsReferred(Blob("module")));
  Write(End(2));
  EXPECT_EQ(Write(RetireJobs{.ended_before_ns = UINT64_MAX}).released, std::vector{Blob("module")});
}

TEST_F(RetentionTest, AnUploadIsKeptUntilItExpires) {
  Write(AddUpload{Blob("a"), "uid:1", 100});
  Write(AddUpload{Blob("a"), "uid:1", 50});  // does not shorten it
  Write(AddUpload{Blob("b"), "uid:1", 50});
  EXPECT_EQ(Write(PurgeExpired{99}).released, std::vector{Blob("b")});
  EXPECT_TRUE(*store_.IsReferred(Blob("a")));
  EXPECT_EQ(Write(PurgeExpired{100}).released, std::vector{Blob("a")});
  EXPECT_FALSE(*store_.IsReferred(Blob("a")));
}

TEST_F(RetentionTest, AnUploadThatAJobRefersToStays) {
  Write(AddUpload{Blob("a"), "uid:1", 100});
  Submit(1, {Blob("a")});
  EXPECT_TRUE(Write(PurgeExpired{200}).released.empty());
  EXPECT_TRUE(*store_.IsReferred(Blob("a")));
}

TEST_F(RetentionTest, ANonceIsTakenOnce) {
  const UseNonce nonce{BytesFrom("nonce"), 100};
  Write(UseNonce(nonce));
  EXPECT_EQ(store_.SubmitAndWait(nonce).error().code, ErrorCode::kConflict);
  Write(UseNonce{BytesFrom("another"), 300});
  EXPECT_EQ(Write(PurgeExpired{100}).nonces, 1u);
  EXPECT_EQ(store_.SubmitAndWait(UseNonce{{}, 1}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(store_.SubmitAndWait(UseNonce{Bytes(65), 1}).error().code, ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace plasm::store
