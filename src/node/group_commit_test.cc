#include "node/group_commit.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <semaphore>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "receipt/statement.h"
#include "tlog/logged_entry.h"
#include "tlog/testing/keys.h"
#include "tlog/testing/memory_storage.h"

namespace plasm::node {
namespace {

const std::string kOrigin = "plasm.invalid/log";

// In memory. Each group is held up until it is let through, and then does what it was told to.
class GatedStorage final : public tlog::Storage {
 public:
  enum class Next { kSucceed, kFailTiles, kFailCheckpoint };

  // Waits until a group has come as far as the disk.
  void AwaitGroup() { arrived_.acquire(); }
  void Let(Next next) {
    next_ = next;
    passed_.release();
  }
  // From now on no group is held up.
  void Open() {
    open_ = true;
    passed_.release();
  }
  std::size_t groups() const { return groups_; }

  Result<Bytes> Read(std::string_view path, std::size_t max_bytes) override {
    return inner_.Read(path, max_bytes);
  }
  Result<bool> HasTiles() override { return inner_.HasTiles(); }
  Result<void> WriteTiles(std::span<const tlog::TileContent> tiles) override {
    arrived_.release();
    if (!open_) passed_.acquire();
    ++groups_;
    fail_checkpoint_ = next_ == Next::kFailCheckpoint;
    if (next_ == Next::kFailTiles) return Error{ErrorCode::kUnavailable, "no space for tiles"};
    return inner_.WriteTiles(tiles);
  }
  Result<Bytes> ReadPending(std::size_t max_bytes) override {
    return inner_.ReadPending(max_bytes);
  }
  Result<void> ReplaceCheckpoint(ByteView bytes) override {
    if (std::exchange(fail_checkpoint_, false)) {
      return Error{ErrorCode::kUnavailable, "no space for the checkpoint"};
    }
    return inner_.ReplaceCheckpoint(bytes);
  }
  Result<void> RemovePartials(const tlog::TileName& full) override {
    return inner_.RemovePartials(full);
  }

 private:
  tlog::testing::MemoryStorage inner_;
  std::counting_semaphore<> arrived_{0};
  std::counting_semaphore<> passed_{0};
  std::atomic<bool> open_ = false;
  std::atomic<Next> next_ = Next::kSucceed;
  std::atomic<std::size_t> groups_ = 0;
  bool fail_checkpoint_ = false;
};

using Next = GatedStorage::Next;

IssuedReceipt Receipt(int number) {
  const std::string payload = "receipt " + std::to_string(number);
  const ByteView bytes = AsBytes(payload);
  IssuedReceipt issued;
  issued.envelope = {
      std::string(receipt::kReceiptPayloadType), Bytes(bytes.begin(), bytes.end()), {}};
  issued.log_entry = receipt::LogEntry(receipt::LeafReceiptDigest(bytes));
  return issued;
}

class GroupCommitTest : public ::testing::Test {
 protected:
  void Start(GroupLimits limits = kCommitLimits, Gathering gathering = {}) {
    auto storage = std::make_unique<GatedStorage>();
    storage_ = storage.get();
    auto log = NodeLog::OpenOn(std::move(storage), "memory", kOrigin, key_, IfMissing::kCreate);
    ASSERT_TRUE(log) << log.error().message;
    commit_.emplace(*std::move(log), limits, gathering);
  }

  Result<void> Submit(int number) {
    return commit_->Submit(Receipt(number), [this, number](Result<LoggedReceipt> logged) {
      if (!logged) {
        outcomes_.push_back(std::to_string(number) + ": " + logged.error().message);
        return;
      }
      EXPECT_EQ(logged->envelope, Receipt(number).envelope);
      const auto check =
          tlog::CheckLoggedEntry(AsBytes(Receipt(number).log_entry), AsBytes(logged->proof),
                                 {kOrigin, {key_.public_key()}}, nullptr, 0);
      EXPECT_EQ(check.status, tlog::LoggedEntryStatus::kLogged) << check.reason;
      outcomes_.push_back(std::to_string(number) + " at " + std::to_string(check.index) + " of " +
                          std::to_string(check.head.size));
    });
  }

  const crypto::SigningKey key_ = tlog::testing::Key(1);
  GatedStorage* storage_ = nullptr;    // the log's
  std::vector<std::string> outcomes_;  // the committing thread's, until it has ended
  std::optional<GroupCommit> commit_;
};

TEST_F(GroupCommitTest, WhatIsSubmittedDuringAGroupIsTheNextGroupInItsOrder) {
  Start();
  ASSERT_TRUE(Submit(0));
  storage_->AwaitGroup();
  for (int i = 1; i < 4; ++i) ASSERT_TRUE(Submit(i));
  EXPECT_EQ(commit_->waiting(), 3U);
  storage_->Open();
  commit_->Stop();
  EXPECT_EQ(storage_->groups(), 2U);
  EXPECT_EQ(outcomes_,
            (std::vector<std::string>{"0 at 0 of 1", "1 at 1 of 4", "2 at 2 of 4", "3 at 3 of 4"}));
}

TEST_F(GroupCommitTest, AnErrorIsTheOneOfItsGroupOnly) {
  Start();
  ASSERT_TRUE(Submit(0));
  storage_->AwaitGroup();
  ASSERT_TRUE(Submit(1));
  ASSERT_TRUE(Submit(2));
  storage_->Let(Next::kSucceed);
  storage_->AwaitGroup();
  ASSERT_TRUE(Submit(3));
  storage_->Let(Next::kFailTiles);
  storage_->AwaitGroup();
  storage_->Let(Next::kSucceed);
  commit_->Stop();
  EXPECT_EQ(outcomes_, (std::vector<std::string>{"0 at 0 of 1", "1: no space for tiles",
                                                 "2: no space for tiles", "3 at 1 of 2"}));
}

TEST_F(GroupCommitTest, GoesOnAfterACheckpointThatCouldNotBePublished) {
  Start();
  ASSERT_TRUE(Submit(0));
  storage_->AwaitGroup();
  ASSERT_TRUE(Submit(1));
  storage_->Let(Next::kFailCheckpoint);
  storage_->AwaitGroup();
  storage_->Let(Next::kSucceed);
  commit_->Stop();
  EXPECT_EQ(outcomes_, (std::vector<std::string>{"0: no space for the checkpoint", "1 at 0 of 1"}));
}

TEST_F(GroupCommitTest, StopCommitsWhatWasSubmittedAndTakesNoMore) {
  Start();
  ASSERT_TRUE(Submit(0));
  storage_->AwaitGroup();
  ASSERT_TRUE(Submit(1));
  auto stopped = std::async(std::launch::async, [this] { commit_->Stop(); });
  // Until the other thread has begun to stop, the node takes them.
  int taken = 2;
  Result<void> submitted;
  while ((submitted = Submit(taken))) ++taken;
  EXPECT_EQ(submitted.error().code, ErrorCode::kUnavailable);
  storage_->Open();
  stopped.get();
  EXPECT_EQ(outcomes_.size(), static_cast<std::size_t>(taken));
}

TEST_F(GroupCommitTest, TellsEveryoneTheErrorWhenItStopsOnAFailingDisk) {
  Start();
  ASSERT_TRUE(Submit(0));
  storage_->AwaitGroup();
  ASSERT_TRUE(Submit(1));
  storage_->Let(Next::kFailTiles);
  storage_->AwaitGroup();
  storage_->Let(Next::kFailTiles);
  commit_.reset();
  EXPECT_EQ(outcomes_,
            (std::vector<std::string>{"0: no space for tiles", "1: no space for tiles"}));
}

TEST_F(GroupCommitTest, SubmitWaitsWhileTheQueueIsFull) {
  Start({.items = 2, .bytes = 1 << 20});
  ASSERT_TRUE(Submit(0));
  storage_->AwaitGroup();
  ASSERT_TRUE(Submit(1));
  ASSERT_TRUE(Submit(2));
  auto submitted = std::async(std::launch::async, [this] { return Submit(3); });
  EXPECT_EQ(commit_->waiting(), 2U);
  storage_->Let(Next::kSucceed);
  storage_->AwaitGroup();  // of 1 and 2: now there is room
  EXPECT_TRUE(submitted.get());
  storage_->Open();
  commit_->Stop();
  EXPECT_EQ(outcomes_.at(2), "2 at 2 of 3");
  EXPECT_EQ(outcomes_.back(), "3 at 3 of 4");
}

TEST_F(GroupCommitTest, AReceiptAboveTheBytesWaitsAloneAndIsCommitted) {
  Start({.items = 100, .bytes = 4});
  storage_->Open();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Submit(i));
  commit_->Stop();
  EXPECT_EQ(outcomes_.size(), 3U);
  EXPECT_EQ(outcomes_.back().substr(0, 6), "2 at 2");
}

TEST_F(GroupCommitTest, SubmitThatWaitsForRoomIsRefusedByStop) {
  Start({.items = 1, .bytes = 1 << 20});
  ASSERT_TRUE(Submit(0));
  storage_->AwaitGroup();
  ASSERT_TRUE(Submit(1));
  auto submitted = std::async(std::launch::async, [this] { return Submit(2); });
  auto stopped = std::async(std::launch::async, [this] { commit_->Stop(); });
  EXPECT_FALSE(submitted.get());
  storage_->Open();
  stopped.get();
  EXPECT_EQ(outcomes_, (std::vector<std::string>{"0 at 0 of 1", "1 at 1 of 2"}));
}

TEST_F(GroupCommitTest, UnderLoadAGroupIsWaitedForUntilItIsLargeEnough) {
  Start(kCommitLimits, {.enough = 8, .pause = std::chrono::hours(1)});
  ASSERT_TRUE(Submit(0));
  storage_->AwaitGroup();
  for (int i = 1; i <= 4; ++i) ASSERT_TRUE(Submit(i));
  storage_->Let(Next::kSucceed);
  for (int i = 5; i <= 8; ++i) ASSERT_TRUE(Submit(i));
  storage_->AwaitGroup();
  storage_->Open();
  commit_->Stop();
  EXPECT_EQ(outcomes_.at(1), "1 at 1 of 9");
  EXPECT_EQ(outcomes_.back(), "8 at 8 of 9");
}

TEST_F(GroupCommitTest, AGroupIsNotWaitedForWhenNoMoreReceiptsCome) {
  Start(kCommitLimits, {.enough = 16, .pause = std::chrono::microseconds(1)});
  ASSERT_TRUE(Submit(0));
  storage_->AwaitGroup();
  for (int i = 1; i <= 4; ++i) ASSERT_TRUE(Submit(i));
  storage_->Let(Next::kSucceed);
  storage_->AwaitGroup();
  storage_->Open();
  commit_->Stop();
  EXPECT_EQ(outcomes_.back(), "4 at 4 of 5");
}

TEST_F(GroupCommitTest, AFewReceiptsAreNotWaitedFor) {
  Start(kCommitLimits, {.enough = 1000, .pause = std::chrono::hours(1)});
  ASSERT_TRUE(Submit(0));
  storage_->AwaitGroup();
  for (int i = 1; i <= 3; ++i) ASSERT_TRUE(Submit(i));
  storage_->Let(Next::kSucceed);
  storage_->AwaitGroup();
  storage_->Open();
  commit_->Stop();
  EXPECT_EQ(outcomes_.back(), "3 at 3 of 4");
}

TEST_F(GroupCommitTest, StopDoesNotWaitForMoreReceipts) {
  Start(kCommitLimits, {.enough = 16, .pause = std::chrono::hours(1)});
  ASSERT_TRUE(Submit(0));
  storage_->AwaitGroup();
  for (int i = 1; i <= 4; ++i) ASSERT_TRUE(Submit(i));
  storage_->Open();
  commit_->Stop();
  EXPECT_EQ(outcomes_.back(), "4 at 4 of 5");
}

TEST_F(GroupCommitTest, ManyThreadsSubmitAtOnce) {
  Start({.items = 8, .bytes = 1 << 20});
  storage_->Open();
  constexpr int kEach = 200;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < kEach; ++i) EXPECT_TRUE(Submit(t * kEach + i));
    });
  }
  for (std::thread& thread : threads) thread.join();
  commit_->Stop();
  EXPECT_EQ(outcomes_.size(), 4U * kEach);
}

}  // namespace
}  // namespace plasm::node
