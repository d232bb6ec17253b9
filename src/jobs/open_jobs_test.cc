#include "jobs/open_jobs.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/testing/fixed_clock.h"

namespace plasm::jobs {
namespace {

const Client kAlice{.name = "SHA256:alice", .quota = {.unfinished = 2, .running = 1}};
const Client kBob{.name = "SHA256:bob"};
const Client kOperator{.name = "uid:0", .sees_others = true};

TaskPtr NewTask(const std::string& id, const Client& client, std::optional<std::string> key = {},
                const std::string& manifest = "{}") {
  auto task = std::make_shared<Task>();
  task->summary.id = id;
  task->summary.client = client.name;
  task->summary.idempotency_key = std::move(key);
  task->summary.manifest_digest = Sha256Of(AsBytes(manifest));
  return task;
}

class OpenJobsTest : public ::testing::Test {
 protected:
  testing::FixedClock clock_;
  OpenJobs jobs_{100, clock_};
  int accepted_ = 0;
  int ended_ = 0;
  WhenAccepted CountAccepted() {
    return [this](const SubmitOutcome&) { ++accepted_; };
  }
  WhenEnded CountEnded() {
    return [this](const std::shared_ptr<const EndedJob>&) { ++ended_; };
  }

  Result<OpenJobs::Entrance> Open(const Client& client, TaskPtr task) {
    return jobs_.Open(client, std::move(task), CountAccepted(), CountEnded());
  }
  void ExpectOpened(const Result<OpenJobs::Entrance>& entrance) {
    ASSERT_TRUE(entrance) << entrance.error().message;
    EXPECT_TRUE(std::holds_alternative<OpenJobs::Opened>(entrance->how));
  }
};

TEST_F(OpenJobsTest, WhoeverRepeatsASubmissionJoinsTheJob) {
  ExpectOpened(Open(kAlice, NewTask("job-1", kAlice, "key")));
  const auto again = Open(kAlice, NewTask("job-2", kAlice, "key"));
  ASSERT_TRUE(again);
  EXPECT_TRUE(std::holds_alternative<OpenJobs::Joined>(again->how));
  EXPECT_EQ(again->id, "job-1");
  EXPECT_FALSE(again->accepted_now);
  EXPECT_EQ(jobs_.size(), 1u);
  EXPECT_EQ(jobs_.Accept("job-1", 7).told.size(), 2u);
  const auto later = Open(kAlice, NewTask("job-1", kAlice, "key"));
  ASSERT_TRUE(later);
  EXPECT_TRUE(later->accepted_now);
  EXPECT_EQ(jobs_.Remove("job-1").ended.size(), 3u);
}

TEST_F(OpenJobsTest, ANameStandsForOneJob) {
  ExpectOpened(Open(kAlice, NewTask("job-1", kAlice, "key")));
  const auto other_manifest = Open(kAlice, NewTask("job-2", kAlice, "key", "{\"x\":1}"));
  ASSERT_FALSE(other_manifest);
  EXPECT_EQ(other_manifest.error().code, ErrorCode::kConflict);
  const auto other_client = Open(kBob, NewTask("job-1", kBob));
  ASSERT_FALSE(other_client);
  EXPECT_EQ(other_client.error().code, ErrorCode::kConflict);
  // Keys belong to their clients.
  ExpectOpened(Open(kBob, NewTask("job-3", kBob, "key")));
}

TEST_F(OpenJobsTest, AClientBeyondItsQuotaWaitsAndOthersDoNot) {
  ExpectOpened(Open(kAlice, NewTask("job-1", kAlice)));
  ExpectOpened(Open(kAlice, NewTask("job-2", kAlice)));
  const auto third = Open(kAlice, NewTask("job-3", kAlice));
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, ErrorCode::kOverloaded);
  ExpectOpened(Open(kBob, NewTask("job-4", kBob)));
  jobs_.Remove("job-1");
  ExpectOpened(Open(kAlice, NewTask("job-5", kAlice)));
}

TEST_F(OpenJobsTest, ClientsOfOneShareHaveOneQuotaAndTheirOwnJobs) {
  const auto guest = [](const char* name) {
    return Client{.name = name, .share = "guests", .quota = {.unfinished = 2}};
  };
  const auto task = [](const char* id, const Client& client) {
    TaskPtr made = NewTask(id, client);
    made->share = client.share;
    return made;
  };
  const Client first = guest("SHA256:1");
  const Client second = guest("SHA256:2");
  ExpectOpened(Open(first, task("job-1", first)));
  ASSERT_TRUE(jobs_.Reserve(second, "job-2"));
  EXPECT_FALSE(Open(first, task("job-3", first)));
  EXPECT_FALSE(jobs_.Open(first, task("job-2", first), {}, {}, "job-2"));  // it is another's place
  EXPECT_TRUE(jobs_.Open(second, task("job-2", second), {}, {}, "job-2"));
  EXPECT_FALSE(jobs_.Find(first, "job-2"));
  jobs_.Remove("job-1");
  ExpectOpened(Open(first, task("job-3", first)));
}

TEST_F(OpenJobsTest, AnEndThatComesBeforeTheStoreHasTheJobWaitsForIt) {
  ExpectOpened(Open(kAlice, NewTask("job-1", kAlice)));
  EXPECT_FALSE(jobs_.End("job-1", {.attempts = 3}));
  const auto after = jobs_.Accept("job-1", 9);
  ASSERT_TRUE(after.end);
  EXPECT_EQ(after.end->seq, 9u);
  EXPECT_EQ(after.end->attempts, 3u);
}

TEST_F(OpenJobsTest, AnEndThatComesLaterIsWrittenAtOnce) {
  ExpectOpened(Open(kAlice, NewTask("job-1", kAlice)));
  EXPECT_FALSE(jobs_.Accept("job-1", 9).end);
  const auto ending = jobs_.End("job-1", {});
  ASSERT_TRUE(ending);
  EXPECT_EQ(ending->end.seq, 9u);
  EXPECT_FALSE(ending->unwritten);
}

TEST_F(OpenJobsTest, AnEndTakesAlongWhatTheStoreWasNotToldYet) {
  ExpectOpened(Open(kAlice, NewTask("job-1", kAlice)));
  jobs_.Postpone("job-1", {.blobs = {Sha256Of({})}});
  const auto ending = jobs_.End("job-1", {.attempts = 3});
  ASSERT_TRUE(ending);
  EXPECT_EQ(ending->end.attempts, 3u);
  ASSERT_TRUE(ending->unwritten);
  EXPECT_EQ(ending->unwritten->blobs, std::vector{Sha256Of({})});
  EXPECT_FALSE(jobs_.TakeUnwritten("job-1"));
}

TEST_F(OpenJobsTest, WhatTheStoreWasNotToldIsTakenOnceAndTheEndWaitsForItsNumber) {
  ExpectOpened(Open(kAlice, NewTask("job-1", kAlice)));
  jobs_.Postpone("job-1", {.blobs = {Sha256Of({})}});
  const auto taken = jobs_.TakeUnwritten("job-1");
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->task->summary.id, "job-1");
  EXPECT_EQ(taken->unwritten.blobs, std::vector{Sha256Of({})});
  EXPECT_FALSE(jobs_.TakeUnwritten("job-1"));
  EXPECT_FALSE(jobs_.End("job-1", {}));
  EXPECT_TRUE(jobs_.Accept("job-1", 9).end);
}

TEST_F(OpenJobsTest, NobodySeesAnothersJobUnlessItMay) {
  ExpectOpened(Open(kAlice, NewTask("job-1", kAlice)));
  EXPECT_TRUE(jobs_.Find(kAlice, "job-1"));
  EXPECT_TRUE(jobs_.Find(kOperator, "job-1"));
  EXPECT_FALSE(jobs_.Find(kBob, "job-1"));
  EXPECT_FALSE(jobs_.WaitFor(kBob, "job-1", CountEnded()));
  EXPECT_FALSE(jobs_.RequestCancel(kBob, "job-1"));
  EXPECT_TRUE(jobs_.RequestCancel(kAlice, "job-1"));
  EXPECT_TRUE(jobs_.Find(kAlice, "job-1")->summary.cancel_requested);
}

TEST_F(OpenJobsTest, TheQueueOfAllIsBounded) {
  OpenJobs two(2, clock_);
  EXPECT_TRUE(two.Open(kBob, NewTask("job-1", kBob), {}, {}));
  EXPECT_TRUE(two.Open(kBob, NewTask("job-2", kBob), {}, {}));
  const auto third = two.Open(kBob, NewTask("job-3", kBob), {}, {});
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, ErrorCode::kOverloaded);
}

TEST_F(OpenJobsTest, AHeldPlaceIsTheJobsForWhichItWasAsked) {
  OpenJobs two(2, clock_);
  ASSERT_TRUE(two.Reserve(kBob, "job-1"));
  EXPECT_TRUE(two.Open(kAlice, NewTask("job-2", kAlice), {}, {}));
  const auto without = two.Open(kBob, NewTask("job-3", kBob), {}, {});
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().code, ErrorCode::kOverloaded);
  EXPECT_FALSE(two.Open(kAlice, NewTask("job-4", kAlice), {}, {}, "job-1"));
  EXPECT_FALSE(two.Reserve(kAlice, "job-4"));
  EXPECT_TRUE(two.Reserve(kBob, "job-1"));  // again, for longer
  EXPECT_TRUE(two.Open(kBob, NewTask("job-1", kBob), {}, {}, "job-1"));
  two.Remove("job-2");
  EXPECT_TRUE(two.Open(kAlice, NewTask("job-5", kAlice), {}, {}));
  EXPECT_FALSE(two.Open(kBob, NewTask("job-6", kBob), {}, {}, "job-1"));  // used up
}

TEST_F(OpenJobsTest, AHeldPlaceIsFreeAgainWhenItExpires) {
  OpenJobs one(1, clock_);
  ASSERT_TRUE(one.Reserve(kBob, "job-1"));
  EXPECT_FALSE(one.Open(kAlice, NewTask("job-2", kAlice), {}, {}));
  clock_.SleepNs(Reservations::kSeconds * 1'000'000'000);
  EXPECT_TRUE(one.Open(kAlice, NewTask("job-2", kAlice), {}, {}));
  EXPECT_FALSE(one.Open(kBob, NewTask("job-1", kBob), {}, {}, "job-1"));
}

TEST_F(OpenJobsTest, HeldPlacesCountForTheQuota) {
  ASSERT_TRUE(jobs_.Reserve(kAlice, "job-1"));
  ASSERT_TRUE(jobs_.Reserve(kAlice, "job-2"));
  EXPECT_FALSE(jobs_.Reserve(kAlice, "job-3"));
  EXPECT_FALSE(Open(kAlice, NewTask("job-3", kAlice)));
  EXPECT_TRUE(jobs_.Open(kAlice, NewTask("job-2", kAlice), {}, {}, "job-2"));
}

TEST_F(OpenJobsTest, WhoeverJoinsAJobNeedsNoPlaceForIt) {
  OpenJobs two(2, clock_);
  EXPECT_TRUE(two.Open(kBob, NewTask("job-1", kBob), {}, {}));
  ASSERT_TRUE(two.Reserve(kBob, "job-1"));
  EXPECT_TRUE(two.Open(kBob, NewTask("job-1", kBob), {}, {}, "job-1"));
  EXPECT_TRUE(two.Open(kBob, NewTask("job-2", kBob), {}, {}));
}

TEST_F(OpenJobsTest, CountsHowLongJobsWaitAndRun) {
  const TaskPtr task = NewTask("job-1", kAlice);
  task->summary.submitted_ns = 1'000'000'000;
  ExpectOpened(Open(kAlice, task));
  task->summary.attempts = 1;
  task->summary.started_ns = 1'000'700'000;
  jobs_.Start(*task);
  task->summary.attempts = 2;  // again, after a fault of the node's
  task->summary.started_ns = 9'000'000'000;
  jobs_.Start(*task);
  EXPECT_EQ(jobs_.times().waiting.Read().sum_us, 700u);
  const store::EndJob end{.started_ns = 9'000'000'000, .end = {.ended_ns = 9'003'000'000}};
  jobs_.End("job-1", end);
  jobs_.End("job-1", end);  // the first could not be written
  EXPECT_EQ(jobs_.times().running.Read().sum_us, 3000u);
  EXPECT_EQ(jobs_.times().running.Read().counts[3], 1u);  // up to 5 ms
}

TEST_F(OpenJobsTest, AClockThatIsSetBackMakesNoTimeNegative) {
  const TaskPtr task = NewTask("job-1", kAlice);
  task->summary.submitted_ns = 5'000;
  ExpectOpened(Open(kAlice, task));
  task->summary.attempts = 1;
  task->summary.started_ns = 4'000;
  jobs_.Start(*task);
  jobs_.End("job-1", {.end = {.ended_ns = 3'000}});  // never begun: no time of running
  EXPECT_EQ(jobs_.times().waiting.Read().counts[0], 1u);
  EXPECT_EQ(jobs_.times().waiting.Read().sum_us, 0u);
  EXPECT_EQ(jobs_.times().running.Read().counts[0], 0u);
}

}  // namespace
}  // namespace plasm::jobs
