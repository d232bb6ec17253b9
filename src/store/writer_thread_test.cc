// Groups of writes: what waits for what, and what it takes.
#include "store/writer_thread.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <future>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "base/testing/temp_folder.h"
#include "store/database.h"
#include "store/job_store.h"
#include "store/testing/faulty_vfs.h"
#include "store/testing/jobs.h"

namespace plasm::store {
namespace {

using testing::BytesFrom;
using testing::End;
using testing::FaultyVfs;
using testing::Job;
using testing::JobId;

class WriterThreadTest : public ::testing::Test {
 protected:
  JobStore Opened(StoreSettings settings = {}) {
    settings.vfs = vfs_.name();
    auto store = JobStore::Open(folder_ / "store", settings);
    if (!store) throw std::runtime_error(store.error().message);
    return *std::move(store);
  }
  // Runs on the writer's thread, while it is between two groups.
  template <class Action>
  static void BetweenGroups(JobStore& store, Action action) {
    std::promise<void> ran;
    ASSERT_TRUE(store.Submit<MarkStarted>({UINT64_MAX, 1, 1}, [&](auto) {
      action();
      ran.set_value();
    }));
    ran.get_future().wait();
  }

  const plasm::testing::TempFolder folder_;
  FaultyVfs vfs_;
};

TEST_F(WriterThreadTest, WhatWaitsTogetherIsOneGroupWithOneSyncInTheOrderOfItsSubmission) {
  JobStore store = Opened();
  ASSERT_TRUE(store.SubmitAndWait(Job(1000)));  // the first use of a WAL syncs its header too
  std::vector<std::uint64_t> done;
  std::size_t syncs = 0;
  BetweenGroups(store, [&] {
    syncs = vfs_.syncs();
    for (std::uint64_t i = 1; i <= 50; ++i) {
      ASSERT_TRUE(store.Submit<SubmitJob>(
          Job(i), [&done](Result<Submission> one) { done.push_back(one->seq); }));
    }
    EXPECT_EQ(store.waiting(), 50u);
  });
  store.Stop();
  EXPECT_EQ(vfs_.syncs(), syncs + 1);
  ASSERT_EQ(done.size(), 50u);
  EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
}

TEST_F(WriterThreadTest, WhatNeedNotBeOnDiskDoesNotWaitForIt) {
  JobStore store = Opened();
  ASSERT_TRUE(store.SubmitAndWait(Job(1)));
  const std::size_t syncs = vfs_.syncs();
  ASSERT_TRUE(store.SubmitAndWait(MarkStarted{1, 1, 5}));
  EXPECT_EQ((*store.FindSummary(JobId(1)))->state, JobState::kRunning);
  EXPECT_EQ(vfs_.syncs(), syncs);
  ASSERT_TRUE(store.SubmitAndWait(Job(2)));
  EXPECT_EQ(vfs_.syncs(), syncs + 1);
}

TEST_F(WriterThreadTest, AWriteThatIsRefusedLeavesTheOthersOfItsGroup) {
  JobStore store = Opened();
  std::vector<bool> done;
  BetweenGroups(store, [&] {
    for (const std::uint64_t number : {1, 2, 3}) {
      SubmitJob job = Job(number);
      if (number == 2) job.id = JobId(1);  // another manifest under this id
      ASSERT_TRUE(store.Submit<SubmitJob>(
          std::move(job), [&done](Result<Submission> one) { done.push_back(one.has_value()); }));
    }
  });
  store.Stop();
  EXPECT_EQ(done, (std::vector<bool>{true, false, true}));
  EXPECT_TRUE(*store.Find(JobId(3)));
}

TEST_F(WriterThreadTest, AWriteThatTheDatabaseDoesNotTakeIsLeftOutOfItsGroup) {
  auto database = OpenWriter(folder_ / "jobs.db", vfs_.name());
  ASSERT_TRUE(database);
  ASSERT_TRUE(
      database->Execute("CREATE TEMP TRIGGER t BEFORE INSERT ON main.nonces WHEN new.expires_ns = "
                        "666 BEGIN SELECT raise(ABORT, 'no'); END"));
  Transactions transactions(*database, {1 << 20, 1 << 20});
  std::vector<AnyWaiting> group;
  group.push_back(Waiting<SubmitJob>{Job(1), {}, {}});
  group.push_back(Waiting<UseNonce>{{BytesFrom("a"), 666}, {}, {}});
  group.push_back(Waiting<UseNonce>{{BytesFrom("b"), 1}, {}, {}});
  group.push_back(Waiting<UseNonce>{{BytesFrom("c"), 666}, {}, {}});
  group.push_back(Waiting<EndJob>{End(1), {}, {}});
  transactions.Commit(group);
  EXPECT_TRUE(*std::get<Waiting<SubmitJob>>(group[0]).outcome);
  EXPECT_EQ(std::get<Waiting<UseNonce>>(group[1]).outcome->error().code, ErrorCode::kInternal);
  EXPECT_TRUE(*std::get<Waiting<UseNonce>>(group[2]).outcome);
  EXPECT_EQ(std::get<Waiting<UseNonce>>(group[3]).outcome->error().code, ErrorCode::kInternal);
  EXPECT_TRUE(*std::get<Waiting<EndJob>>(group[4]).outcome);
  EXPECT_EQ(*database->QueryInt("SELECT jobs FROM counts WHERE state = 'exited'"), 1);
}

TEST_F(WriterThreadTest, WaitsWhileTooMuchIsWaiting) {
  JobStore store = Opened({.max_waiting_writes = 2});
  std::atomic<int> done = 0;
  std::thread other;
  std::atomic<bool> taken = false;
  BetweenGroups(store, [&] {
    // From here there is no waiting: it could last for ever.
    for (const std::uint64_t i : {1, 2, 3}) {
      ASSERT_TRUE(store.Submit<SubmitJob>(Job(i), [&](Result<Submission>) { ++done; }));
    }
    other = std::thread([&] {
      ASSERT_TRUE(store.Submit<SubmitJob>(Job(4), [&](Result<Submission>) {
        EXPECT_TRUE(taken || done == 3) << "it was in the group that was full";
        ++done;
      }));
      taken = true;
    });
  });
  other.join();
  store.Stop();
  EXPECT_EQ(done, 4);
}

TEST_F(WriterThreadTest, AStopCommitsWhatWasSubmittedAndTakesNoMore) {
  JobStore store = Opened();
  int done = 0;
  for (std::uint64_t i = 1; i <= 20; ++i) {
    ASSERT_TRUE(
        store.Submit<SubmitJob>(Job(i), [&done](Result<Submission> one) { done += one ? 1 : 0; }));
  }
  store.Stop();
  EXPECT_EQ(done, 20);
  EXPECT_EQ(store.SubmitAndWait(Job(21)).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(store.List({}, std::nullopt, 100)->jobs.size(), 20u);
}

TEST_F(WriterThreadTest, ReadersAndWritersDoNotGetInEachOthersWay) {
  JobStore store = Opened({.readers = 2, .checkpoint_bytes = 1 << 16});
  std::atomic<bool> stop = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      while (!stop) {
        const auto page = store.List({}, std::nullopt, 50);
        ASSERT_TRUE(page) << page.error().message;
        for (const JobSummary& job : page->jobs) {
          EXPECT_EQ(IsEnded(job.state), job.end.has_value());
        }
      }
    });
  }
  for (std::uint64_t part = 0; part < 2; ++part) {
    threads.emplace_back([&, part] {
      for (std::uint64_t i = 1; i <= 100; ++i) {
        const auto submitted = store.SubmitAndWait(Job(part * 1000 + i));
        ASSERT_TRUE(submitted) << submitted.error().message;
        EXPECT_TRUE(*store.Find(submitted->id)) << "what was acknowledged is seen";
        ASSERT_TRUE(store.SubmitAndWait(End(submitted->seq)));
      }
    });
  }
  threads[3].join();
  threads[4].join();
  stop = true;
  for (int i = 0; i < 3; ++i) threads[static_cast<std::size_t>(i)].join();
  EXPECT_EQ((*store.Counts())[JobState::kExited], 200u);
}

TEST_F(WriterThreadTest, TheWalStaysSmall) {
  JobStore store = Opened({.checkpoint_bytes = 1 << 16});
  for (std::uint64_t i = 1; i <= 300; ++i) {
    SubmitJob job = Job(i);
    job.manifest.resize(4000);
    ASSERT_TRUE(store.SubmitAndWait(std::move(job)));
  }
  EXPECT_LT(std::filesystem::file_size(folder_ / "store" / "jobs.db-wal"), 1u << 18);
}

TEST_F(WriterThreadTest, AStartReadsNoFinishedJob) {
  const auto reads_of_a_start = [this] {
    const std::size_t before = vfs_.reads();
    const JobStore store = Opened();
    EXPECT_EQ(store.Unfinished(0, 1000)->size(), 1u);
    return vfs_.reads() - before;
  };
  const auto end_jobs = [this](std::uint64_t from, std::uint64_t to) {
    JobStore store = Opened();
    for (std::uint64_t i = from; i <= to; ++i) {
      ASSERT_TRUE(store.Submit<SubmitJob>(Job(i), [](Result<Submission>) {}));
      ASSERT_TRUE(
          store.Submit<EndJob>(End(i), [](Result<std::monostate> ended) { EXPECT_TRUE(ended); }));
    }
  };
  {
    JobStore store = Opened();
    ASSERT_TRUE(store.SubmitAndWait(Job(1)));
  }
  const std::size_t few = reads_of_a_start();
  {
    end_jobs(2, 5000);
  }
  const std::size_t many = reads_of_a_start();
  EXPECT_LE(many, few + 8);  // the trees are higher
}

}  // namespace
}  // namespace plasm::store
