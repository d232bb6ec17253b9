#include "base/group_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

namespace plasm {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr GroupLimits kRoomy{.items = 100, .bytes = 1000};

std::vector<int> TakenFrom(GroupQueue<int>& queue) {
  std::vector<int> group;
  EXPECT_TRUE(queue.Take(group));
  return group;
}

TEST(GroupQueueTest, WhatWaitsIsOneGroupInItsOrder) {
  GroupQueue<int> queue(kRoomy, kNoGathering);
  for (const int item : {3, 1, 2}) EXPECT_TRUE(queue.Add(item, 1));
  EXPECT_EQ(queue.size(), 3u);
  EXPECT_THAT(TakenFrom(queue), ElementsAre(3, 1, 2));
  EXPECT_EQ(queue.size(), 0u);
}

TEST(GroupQueueTest, GivesWhatIsLeftAfterItsClosing) {
  GroupQueue<int> queue(kRoomy, kNoGathering);
  EXPECT_TRUE(queue.Add(1, 1));
  queue.Close();
  EXPECT_FALSE(queue.Add(2, 1));
  EXPECT_THAT(TakenFrom(queue), ElementsAre(1));
  std::vector<int> group;
  EXPECT_FALSE(queue.Take(group));
}

TEST(GroupQueueTest, AddingWaitsForRoom) {
  GroupQueue<int> queue({.items = 100, .bytes = 4}, kNoGathering);
  EXPECT_TRUE(queue.Add(1, 3));
  auto added = std::async(std::launch::async, [&] { return queue.Add(2, 3); });
  EXPECT_THAT(TakenFrom(queue), ElementsAre(1));
  EXPECT_TRUE(added.get());
  EXPECT_THAT(TakenFrom(queue), ElementsAre(2));
}

TEST(GroupQueueTest, WhoeverTakesNeverWaitsForRoom) {
  GroupQueue<int> queue({.items = 1, .bytes = 1}, kNoGathering);
  EXPECT_TRUE(queue.Add(0, 1));
  EXPECT_THAT(TakenFrom(queue), ElementsAre(0));
  for (int item = 1; item <= 3; ++item) EXPECT_TRUE(queue.Add(item, 1));
  EXPECT_THAT(TakenFrom(queue), SizeIs(3));
}

TEST(GroupQueueTest, ClosingWakesThoseWhoWaitForRoom) {
  GroupQueue<int> queue({.items = 1, .bytes = 1}, kNoGathering);
  EXPECT_TRUE(queue.Add(1, 1));
  auto added = std::async(std::launch::async, [&] { return queue.Add(2, 1); });
  queue.Close();
  EXPECT_FALSE(added.get());
}

TEST(GroupQueueTest, ALargeGroupIsWaitedForUntilItIsLargeEnough) {
  GroupQueue<int> queue(kRoomy, {.enough = 4, .pause = std::chrono::hours(1)});
  for (const int item : {1, 2}) EXPECT_TRUE(queue.Add(item, 1));
  auto taken = std::async(std::launch::async, [&] { return TakenFrom(queue); });
  for (const int item : {3, 4}) EXPECT_TRUE(queue.Add(item, 1));
  EXPECT_THAT(taken.get(), ElementsAre(1, 2, 3, 4));
}

constexpr Gathering kPatient{.enough = 100, .pause = std::chrono::hours(1)};

TEST(GroupQueueTest, HalfOfWhatIsUnderWayIsWaitedFor) {
  GroupQueue<int> queue(kRoomy, kPatient);
  for (const int item : {1, 2}) EXPECT_TRUE(queue.Add(item, 1, 8));
  auto taken = std::async(std::launch::async, [&] { return TakenFrom(queue); });
  for (const int item : {3, 4}) EXPECT_TRUE(queue.Add(item, 1, 8));
  EXPECT_THAT(taken.get(), ElementsAre(1, 2, 3, 4));
}

TEST(GroupQueueTest, WhatFollowsAGroupIsWaitedWith) {
  GroupQueue<int> queue(kRoomy, kPatient);
  for (const int item : {1, 2}) EXPECT_TRUE(queue.Add(item, 1, 4));
  EXPECT_THAT(TakenFrom(queue), ElementsAre(1, 2));
  EXPECT_TRUE(queue.Add(3, 1, 4));
  auto taken = std::async(std::launch::async, [&] { return TakenFrom(queue); });
  EXPECT_TRUE(queue.Add(4, 1, 4));
  EXPECT_THAT(taken.get(), ElementsAre(3, 4));
}

TEST(GroupQueueTest, WhatComesAloneIsNotWaitedWith) {
  GroupQueue<int> queue(kRoomy, kPatient);
  for (const int item : {1, 2}) {
    EXPECT_TRUE(queue.Add(item, 1, 50));
    EXPECT_THAT(TakenFrom(queue), ElementsAre(item));
  }
}

}  // namespace
}  // namespace plasm
