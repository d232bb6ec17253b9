#include "jobs/fair_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace plasm::jobs {
namespace {

constexpr std::uint64_t kMillisecond = 1'000'000;

std::vector<FairQueue::Key> PopAll(FairQueue& queue) {
  std::vector<FairQueue::Key> jobs;
  while (const auto job = queue.Pop()) jobs.push_back(*job);
  return jobs;
}

TEST(FairQueueTest, OneClientsJobsComeInTheirOrder) {
  FairQueue queue;
  for (FairQueue::Key job = 1; job <= 4; ++job) queue.Push("a", job, 10);
  queue.PushFront("a", 9, 10);
  EXPECT_THAT(PopAll(queue), ::testing::ElementsAre(9, 1, 2, 3, 4));
  EXPECT_EQ(queue.size(), 0u);
}

TEST(FairQueueTest, ManyJobsOfOneDoNotHoldUpTheFewOfAnother) {
  FairQueue queue;
  for (FairQueue::Key job = 0; job < 10'000; ++job) queue.Push("many", job, 100'000);
  ASSERT_TRUE(queue.Pop());
  queue.Push("few", 20'000, 1);
  // Who came late begins where the others are, and is next or the one after.
  EXPECT_TRUE(queue.Pop() == 20'000u || queue.Pop() == 20'000u);
}

TEST(FairQueueTest, WhoseJobsTakeLongHasItsTurnLessOften) {
  FairQueue queue;
  for (FairQueue::Key job = 0; job < 100; ++job) queue.Push("long", job, 1);
  for (FairQueue::Key job = 100; job < 200; ++job) queue.Push("short", job, 1);
  int long_jobs = 0;
  int short_jobs = 0;
  while (short_jobs < 90) {
    const auto job = queue.Pop();
    ASSERT_TRUE(job);
    const bool is_long = *job < 100;
    ++(is_long ? long_jobs : short_jobs);
    queue.Ended(is_long ? "long" : "short", is_long ? 10 * kMillisecond : kMillisecond);
  }
  EXPECT_NEAR(long_jobs, 9, 2);
}

TEST(FairQueueTest, NobodyHasMoreRunningThanItMay) {
  FairQueue queue;
  for (FairQueue::Key job = 1; job <= 3; ++job) queue.Push("a", job, 2);
  queue.Push("b", 7, 2);
  EXPECT_THAT(PopAll(queue), ::testing::UnorderedElementsAre(1, 2, 7));
  EXPECT_EQ(queue.waiting("a"), 1u);
  queue.Ended("a", kMillisecond);
  EXPECT_THAT(PopAll(queue), ::testing::ElementsAre(3));
}

TEST(FairQueueTest, WhoeverWasAwayHasNotSavedUp) {
  FairQueue queue;
  queue.Push("away", 1, 10);
  ASSERT_EQ(queue.Pop(), 1u);
  queue.Ended("away", 0);
  for (FairQueue::Key job = 100; job < 200; ++job) {
    queue.Push("busy", job, 1);
    ASSERT_TRUE(queue.Pop());
    queue.Ended("busy", 10 * kMillisecond);
  }
  for (FairQueue::Key job = 2; job < 52; ++job) queue.Push("away", job, 1);
  queue.Push("busy", 300, 1);
  int before = 0;
  while (true) {
    const auto job = queue.Pop();
    ASSERT_TRUE(job);
    if (*job == 300) break;
    ++before;
    queue.Ended("away", 10 * kMillisecond);
  }
  EXPECT_LE(before, 2);
}

TEST(FairQueueTest, AJobThatIsTakenOutDoesNotCome) {
  FairQueue queue;
  for (FairQueue::Key job = 1; job <= 3; ++job) queue.Push("a", job, 10);
  EXPECT_TRUE(queue.Remove(2));
  EXPECT_FALSE(queue.Remove(2));
  EXPECT_THAT(PopAll(queue), ::testing::ElementsAre(1, 3));
  EXPECT_FALSE(queue.Remove(1));
}

}  // namespace
}  // namespace plasm::jobs
