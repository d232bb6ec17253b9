#include "libplasm/task_thread.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <optional>
#include <stdexcept>

namespace plasm::libplasm {
namespace {

void WaitFor(const StopSignal& signal) {
  pollfd entry{.fd = signal.fd(), .events = POLLIN, .revents = 0};
  poll(&entry, 1, -1);
}

// Goes on until it is stopped.
int UntilStopped(StopSlot& stop) {
  const auto signal = *StopSignal::Create();
  stop.Hang(signal);
  WaitFor(*signal);
  ThrowStopped();
}

TEST(TaskTest, GivesItsResultOnce) {
  auto task = StartTask<int>([](StopSlot&) { return 7; });
  EXPECT_EQ(task.Get(), 7);
}

TEST(TaskTest, ThrowsWhatTheCallThrows) {
  auto task = StartTask<int>([](StopSlot&) -> int { throw std::domain_error("mine"); });
  EXPECT_THROW(task.Get(), std::domain_error);
}

TEST(TaskTest, StopEndsTheCall) {
  auto task = StartTask<int>(UntilStopped);
  EXPECT_FALSE(task.IsReady());
  task.Stop();
  try {
    task.Get();
    ADD_FAILURE();
  } catch (const v0::Error& error) {
    EXPECT_EQ(error.code(), v0::ErrorCode::kStopped);
  }
}

TEST(TaskTest, ItsEndWaitsForTheCall) {
  std::atomic<bool> over = false;
  {
    auto task = StartTask<int>([&over](StopSlot& stop) {
      struct Last {
        std::atomic<bool>& over;
        ~Last() { over = true; }
      } last{over};
      return UntilStopped(stop);
    });
  }
  EXPECT_TRUE(over);
}

TEST(TaskTest, AnotherInItsPlaceEndsTheFirst) {
  auto task = StartTask<int>(UntilStopped);
  task = StartTask<int>([](StopSlot&) { return 8; });
  EXPECT_EQ(task.Get(), 8);
}

TEST(TaskTest, WhatTheCallRefersToIsGoneWhenItsResultIsThere) {
  auto kept = std::make_shared<int>(7);
  const std::weak_ptr<int> seen = kept;
  auto task = StartTask<int>([kept = std::move(kept)](StopSlot&) { return *kept; });
  EXPECT_EQ(task.Get(), 7);
  EXPECT_TRUE(seen.expired());
}

// As a callback that has heard enough may do.
TEST(TaskTest, MayBeEndedByItself) {
  std::promise<void> ready;
  std::promise<void> ended;
  std::future<void> end = ended.get_future();
  std::optional<v0::Task<int>> task;
  task.emplace(StartTask<int>(
      [&task, start = ready.get_future(), ended = std::move(ended)](StopSlot&) mutable {
        start.wait();
        task.reset();
        ended.set_value();
        return 0;
      }));
  ready.set_value();
  end.wait();
  EXPECT_FALSE(task);
}

}  // namespace
}  // namespace plasm::libplasm
