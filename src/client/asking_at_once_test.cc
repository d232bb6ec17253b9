#include "client/asking_at_once.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <atomic>
#include <thread>

#include "base/unique_fd.h"

namespace plasm::client {
namespace {

using std::chrono::nanoseconds;

void WaitFor(int fd) {
  pollfd polled{fd, POLLIN, 0};
  poll(&polled, 1, -1);
}

class AskingAtOnceTest : public ::testing::Test {
 protected:
  // The node 0 answers, and the other ones never do.
  void AskOneThatAnswersAmong(std::size_t count, AskingSettings settings) {
    const auto asked = AskAtOnce(
        count,
        [this](std::size_t index, int stop_fd) {
          if (index == 0) return;
          WaitFor(stop_fd);
          ++stopped_;
        },
        settings);
    ASSERT_TRUE(asked);
  }

  std::atomic<std::size_t> stopped_ = 0;
};

TEST_F(AskingAtOnceTest, AnAnswerThatWillDoEndsTheWaitForAllWhoAreSilent) {
  AskOneThatAnswersAmong(
      51, {.will_do = [](std::size_t index) { return index == 0; }, .grace = nanoseconds(1)});
  EXPECT_EQ(stopped_, 50u);
}

TEST_F(AskingAtOnceTest, AnAnswerThatWillNotDoIsNotTheEnd) {
  const UniqueFd interrupt(eventfd(0, EFD_CLOEXEC));
  std::atomic<std::size_t> answered = 0;
  const auto asked = AskAtOnce(2,
                               [&](std::size_t index, int stop_fd) {
                                 if (index == 1) {
                                   // Only the caller can end this one.
                                   while (answered == 0) std::this_thread::yield();
                                   ASSERT_EQ(eventfd_write(interrupt.get(), 1), 0);
                                   WaitFor(stop_fd);
                                 }
                               },
                               {.will_do =
                                    [&](std::size_t) {
                                      ++answered;
                                      return false;
                                    },
                                .grace = nanoseconds(1),
                                .interrupt_fd = interrupt.get()});
  EXPECT_TRUE(asked);
  EXPECT_EQ(answered, 2u);
}

TEST_F(AskingAtOnceTest, AllAnswersAreAwaitedWhenNoneWillDo) {
  std::atomic<std::size_t> answered = 0;
  ASSERT_TRUE(AskAtOnce(8, [&](std::size_t, int) { ++answered; },
                        {.will_do = [](std::size_t) { return false; }}));
  EXPECT_EQ(answered, 8u);
}

TEST_F(AskingAtOnceTest, NobodyIsAskedWhenThereIsNobody) {
  EXPECT_TRUE(AskAtOnce(0, [](std::size_t, int) {}, {.will_do = [](std::size_t) { return true; }}));
}

TEST_F(AskingAtOnceTest, TheCallerCanEndIt) {
  const UniqueFd interrupt(eventfd(1, EFD_CLOEXEC));
  AskOneThatAnswersAmong(
      3, {.will_do = [](std::size_t) { return false; }, .interrupt_fd = interrupt.get()});
  EXPECT_EQ(stopped_, 2u);
}

}  // namespace
}  // namespace plasm::client
