#include "store/job_store.h"

#include <gtest/gtest.h>

#include <set>

#include "base/testing/temp_folder.h"
#include "store/testing/jobs.h"

namespace plasm::store {
namespace {

using testing::BytesFrom;
using testing::End;
using testing::Job;
using testing::JobId;

class JobStoreTest : public ::testing::Test {
 protected:
  JobStore Opened() {
    auto store = JobStore::Open(folder_ / "store");
    if (!store) throw std::runtime_error(store.error().message);
    return *std::move(store);
  }

  static std::uint64_t Submitted(JobStore& store, SubmitJob job) {
    const auto outcome = store.SubmitAndWait(std::move(job));
    EXPECT_TRUE(outcome) << outcome.error().message;
    return outcome ? outcome->seq : 0;
  }

  static void Ended(JobStore& store, EndJob end) {
    const auto outcome = store.SubmitAndWait(std::move(end));
    EXPECT_TRUE(outcome) << outcome.error().message;
  }

  const plasm::testing::TempFolder folder_;
};

TEST_F(JobStoreTest, GivesBackASubmittedJob) {
  JobStore store = Opened();
  SubmitJob job = Job(1);
  job.idempotency_key = "once";
  const std::uint64_t seq = Submitted(store, job);
  const auto found = store.Find(JobId(1));
  ASSERT_TRUE(found && *found);
  const JobSummary& summary = (*found)->summary;
  EXPECT_EQ(summary.seq, seq);
  EXPECT_EQ(summary.id, job.id);
  EXPECT_EQ(summary.client, job.client);
  EXPECT_EQ(summary.idempotency_key, "once");
  EXPECT_EQ(summary.manifest_digest, job.manifest_digest);
  EXPECT_EQ(summary.submitted_ns, job.submitted_ns);
  EXPECT_EQ(summary.state, JobState::kQueued);
  EXPECT_EQ(summary.attempts, 0u);
  EXPECT_FALSE(summary.end);
  EXPECT_EQ((*found)->manifest, job.manifest);
}

TEST_F(JobStoreTest, GivesBackEverythingAboutAnEndedJob) {
  EndJob end = End(1, JobState::kTrapped);
  end.attempts = 2;
  end.started_ns = 1'500'000;
  end.end.exit_code = -7;
  end.end.trap = "unreachable";
  end.end.fuel_used = UINT64_MAX;
  end.end.message = "it trapped";
  end.end.result_digest = Sha256Of(AsBytes("result"));
  end.end.log = LogPosition{"plasm.invalid/log", 77};
  end.results.standard_error = {1 << 20, Sha256Of(AsBytes("long")), std::nullopt};
  end.results.kept_files = {{"/out/a", Sha256Of(AsBytes("a")), 1},
                            {"/out/b\xff", Sha256Of(AsBytes("b")), 2}};
  end.results.receipt = BytesFrom(std::string("receipt\0bytes", 13));
  {
    JobStore store = Opened();
    ASSERT_EQ(Submitted(store, Job(1)), 1u);
    ASSERT_TRUE(store.SubmitAndWait(MarkStarted{1, 1, 1'000'000}));
    Ended(store, end);
  }
  JobStore store = Opened();
  const auto found = store.FindBySeq(1);
  ASSERT_TRUE(found && *found);
  const JobRecord& record = **found;
  EXPECT_EQ(record.summary.state, JobState::kTrapped);
  EXPECT_EQ(record.summary.attempts, 2u);
  EXPECT_EQ(record.summary.started_ns, 1'500'000u);
  ASSERT_TRUE(record.summary.end);
  EXPECT_EQ(*record.summary.end, end.end);
  EXPECT_EQ(record.results, end.results);
}

TEST_F(JobStoreTest, AJobWrittenWithItsEndIsTheOneThatTwoWritesGive) {
  EndJob end = End(2, JobState::kTrapped);
  end.attempts = 2;
  end.started_ns = 1'500'000;
  end.end.trap = "unreachable";
  end.results.standard_error = {1 << 20, Sha256Of(AsBytes("long")), std::nullopt};
  end.results.kept_files = {{"/out/a", Sha256Of(AsBytes("a")), 1}};
  end.results.receipt = BytesFrom("receipt");
  SubmitJob job = Job(2);
  job.blobs = {Sha256Of(AsBytes("module"))};
  {
    JobStore store = Opened();
    ASSERT_EQ(Submitted(store, Job(1)), 1u);
    const auto whole = store.SubmitAndWait(CompleteJob{job, end});
    ASSERT_TRUE(whole) << whole.error().message;
    EXPECT_EQ(whole->seq, 2u);
    EXPECT_EQ(whole->novelty, Novelty::kNew);
  }
  JobStore store = Opened();
  const auto found = store.Find(JobId(2));
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->manifest, job.manifest);
  EXPECT_EQ((*found)->summary.client, job.client);
  EXPECT_EQ((*found)->summary.attempts, 2u);
  EXPECT_EQ((*found)->summary.started_ns, 1'500'000u);
  EXPECT_FALSE((*found)->summary.cancel_requested);
  EXPECT_EQ((*found)->summary.end, end.end);
  EXPECT_EQ((*found)->results, end.results);
  EXPECT_EQ((*store.Counts())[JobState::kTrapped], 1u);
  EXPECT_EQ(store.Unfinished(0, 10)->size(), 1u);
  for (const char* blob : {"module", "long", "a"}) {
    EXPECT_TRUE(*store.IsReferred(Sha256Of(AsBytes(blob)))) << blob;
  }
  EXPECT_EQ(store.SubmitAndWait(End(2)).error().code, ErrorCode::kConflict);
}

TEST_F(JobStoreTest, AJobWithItsEndTakesNobodysName) {
  JobStore store = Opened();
  Submitted(store, Job(1));
  EXPECT_EQ(store.SubmitAndWait(CompleteJob{Job(1), End(1)}).error().code, ErrorCode::kConflict);
  EXPECT_EQ(store.Unfinished(0, 10)->size(), 1u);
  EXPECT_EQ((*store.Counts())[JobState::kExited], 0u);
}

TEST_F(JobStoreTest, SaysNothingOfAJobThatIsNotThere) {
  JobStore store = Opened();
  for (const char* id : {"", "job-1", "' OR 1", "\xff"}) {
    const auto found = store.Find(id);
    ASSERT_TRUE(found);
    EXPECT_FALSE(*found);
  }
  EXPECT_FALSE(*store.FindBySeq(UINT64_MAX));
}

TEST_F(JobStoreTest, TheSameJobAgainIsTheOneThatIsThere) {
  JobStore store = Opened();
  const std::uint64_t seq = Submitted(store, Job(1));
  const auto again = store.SubmitAndWait(Job(1));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->seq, seq);
  EXPECT_EQ(again->novelty, Novelty::kExisting);
  Ended(store, End(seq));
  EXPECT_EQ(store.SubmitAndWait(Job(1))->novelty, Novelty::kExisting);
  EXPECT_TRUE(store.Unfinished(0, 10)->empty());
}

TEST_F(JobStoreTest, AnIdStandsForOneJob) {
  JobStore store = Opened();
  Submitted(store, Job(1));
  EXPECT_EQ(store.SubmitAndWait(Job(1, "uid:2")).error().code, ErrorCode::kConflict);
  SubmitJob other = Job(2);
  other.id = JobId(1);
  EXPECT_EQ(store.SubmitAndWait(other).error().code, ErrorCode::kConflict);
  SubmitJob keyed = Job(1);
  keyed.idempotency_key = "k";
  EXPECT_EQ(store.SubmitAndWait(keyed).error().code, ErrorCode::kConflict);
}

TEST_F(JobStoreTest, AKeyStandsForOneManifestOfAClient) {
  JobStore store = Opened();
  SubmitJob job = Job(1);
  job.idempotency_key = "k";
  const std::uint64_t seq = Submitted(store, job);
  SubmitJob retry = job;
  retry.id = JobId(2);
  const auto same = store.SubmitAndWait(retry);
  ASSERT_TRUE(same);
  EXPECT_EQ(same->seq, seq);
  EXPECT_EQ(same->id, JobId(1));
  EXPECT_EQ(same->novelty, Novelty::kExisting);
  SubmitJob other = Job(3);
  other.idempotency_key = "k";
  const auto refused = store.SubmitAndWait(other);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  other.client = "uid:2";  // whose key this is another
  EXPECT_EQ(store.SubmitAndWait(other)->novelty, Novelty::kNew);
}

TEST_F(JobStoreTest, AJobEndsOnce) {
  JobStore store = Opened();
  const std::uint64_t seq = Submitted(store, Job(1));
  Ended(store, End(seq, JobState::kExited));
  EXPECT_EQ(store.SubmitAndWait(End(seq, JobState::kFailed)).error().code, ErrorCode::kConflict);
  EXPECT_EQ(store.SubmitAndWait(End(99)).error().code, ErrorCode::kNotFound);
  EXPECT_EQ((*store.FindSummary(JobId(1)))->state, JobState::kExited);
  EXPECT_EQ((*store.Counts())[JobState::kExited], 1u);
  EXPECT_EQ((*store.Counts())[JobState::kFailed], 0u);
}

TEST_F(JobStoreTest, AStartKnowsWhatIsUnfinishedInTheOrderOfSubmission) {
  {
    JobStore store = Opened();
    for (std::uint64_t i = 1; i <= 5; ++i) Submitted(store, Job(i));
    ASSERT_TRUE(store.SubmitAndWait(MarkStarted{2, 1, 5}));
    Ended(store, End(3));
    ASSERT_TRUE(store.SubmitAndWait(RequestCancel{JobId(4)}));
  }
  JobStore store = Opened();
  const auto jobs = store.Unfinished(0, 10);
  ASSERT_TRUE(jobs);
  ASSERT_EQ(jobs->size(), 4u);
  std::vector<std::uint64_t> seqs;
  for (const JobRecord& job : *jobs) seqs.push_back(job.summary.seq);
  EXPECT_EQ(seqs, (std::vector<std::uint64_t>{1, 2, 4, 5}));
  EXPECT_EQ((*jobs)[1].summary.state, JobState::kRunning);
  EXPECT_TRUE((*jobs)[2].summary.cancel_requested);
  EXPECT_EQ((*jobs)[3].manifest, Job(5).manifest);
  EXPECT_EQ(store.Unfinished(2, 1)->front().summary.seq, 4u);
}

TEST_F(JobStoreTest, AJobThatHasEndedDoesNotStart) {
  JobStore store = Opened();
  Submitted(store, Job(1));
  ASSERT_TRUE(store.SubmitAndWait(MarkStarted{1, 1, 5}));
  EXPECT_EQ((*store.FindSummary(JobId(1)))->state, JobState::kRunning);
  EXPECT_EQ((*store.FindSummary(JobId(1)))->attempts, 1u);
  Ended(store, End(1));
  EXPECT_EQ(store.SubmitAndWait(MarkStarted{1, 2, 5}).error().code, ErrorCode::kNotFound);
}

TEST_F(JobStoreTest, ACancelOfAnEndedJobChangesNothing) {
  JobStore store = Opened();
  Submitted(store, Job(1));
  EXPECT_EQ(*store.SubmitAndWait(RequestCancel{JobId(1)}), JobState::kQueued);
  EXPECT_TRUE((*store.FindSummary(JobId(1)))->cancel_requested);
  Submitted(store, Job(2));
  Ended(store, End(2));
  EXPECT_EQ(*store.SubmitAndWait(RequestCancel{JobId(2)}), JobState::kExited);
  EXPECT_FALSE((*store.FindSummary(JobId(2)))->cancel_requested);
  EXPECT_EQ(store.SubmitAndWait(RequestCancel{JobId(3)}).error().code, ErrorCode::kNotFound);
}

TEST_F(JobStoreTest, CountsWhatIsInEachState) {
  JobStore store = Opened();
  for (std::uint64_t i = 1; i <= 6; ++i) Submitted(store, Job(i));
  ASSERT_TRUE(store.SubmitAndWait(MarkStarted{1, 1, 5}));
  Ended(store, End(2));
  Ended(store, End(3));
  Ended(store, End(4, JobState::kCancelled));
  JobCounts expected;
  expected[JobState::kQueued] = 2;
  expected[JobState::kRunning] = 1;
  expected[JobState::kExited] = 2;
  expected[JobState::kCancelled] = 1;
  EXPECT_EQ(*store.Counts(), expected);
}

TEST_F(JobStoreTest, RefusesWhatNoStoreWouldTake) {
  JobStore store = Opened();
  SubmitJob job = Job(1);
  job.id = "job-../../etc";
  EXPECT_EQ(store.SubmitAndWait(job).error().code, ErrorCode::kInvalid);
  job = Job(1);
  job.manifest.resize(kMaxManifest + 1);
  EXPECT_EQ(store.SubmitAndWait(job).error().code, ErrorCode::kLimitExceeded);
  EndJob end = End(1);
  end.end.state = JobState::kRunning;
  EXPECT_EQ(store.SubmitAndWait(end).error().code, ErrorCode::kInvalid);
}

TEST_F(JobStoreTest, OneProcessHasItOpen) {
  {
    const JobStore store = Opened();
    const auto second = JobStore::Open(folder_ / "store");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::kConflict);
  }
  EXPECT_TRUE(JobStore::Open(folder_ / "store"));
}

TEST_F(JobStoreTest, CountsHowOftenItWasOpened) {
  EXPECT_EQ(Opened().boots(), 1u);
  EXPECT_EQ(Opened().boots(), 2u);
}

}  // namespace
}  // namespace plasm::store
