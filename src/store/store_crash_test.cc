// Power cuts between any two steps of the store.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

#include "base/testing/temp_folder.h"
#include "store/database.h"
#include "store/job_store.h"
#include "store/testing/faulty_vfs.h"
#include "store/testing/jobs.h"

namespace plasm::store {
namespace {

using testing::FaultyVfs;
using testing::Job;
using testing::JobId;
using testing::Loss;

// What was acknowledged as being on disk.
struct Promises {
  std::set<std::string> submitted;
  std::set<std::uint64_t> ended;
  std::set<std::string> cancelled;
};

class StoreCrashTest : public ::testing::Test {
 protected:
  Result<JobStore> Open(const FaultyVfs& vfs, const std::string& name) {
    StoreSettings settings;
    settings.vfs = vfs.name();
    settings.checkpoint_bytes = 1;  // after every group
    return JobStore::Open(folder_ / name, settings);
  }

  // Until the power fails: errors are no promises.
  static void Work(JobStore& store, Promises& promises) {
    // One group of several, as far as the writer leaves them together.
    std::map<std::uint64_t, std::uint64_t>
        seqs;  // by the number in the id; submitting twice uses up one
    for (std::uint64_t i = 1; i <= 6; ++i) {
      std::ignore =
          store.Submit<SubmitJob>(Job(i), [&promises, &seqs, i](Result<Submission> outcome) {
            if (!outcome) return;
            promises.submitted.insert(JobId(i));
            seqs[i] = outcome->seq;
          });
    }
    if (store.SubmitAndWait(Job(7))) promises.submitted.insert(JobId(7));
    std::ignore = store.SubmitAndWait(MarkStarted{seqs[2], 1, 5});
    for (std::uint64_t i = 1; i <= 3; ++i) {
      if (store.SubmitAndWait(testing::End(seqs[i]))) promises.ended.insert(seqs[i]);
    }
    if (store.SubmitAndWait(RequestCancel{JobId(5)})) promises.cancelled.insert(JobId(5));
    store.Stop();
  }

  void ExpectKept(const JobStore& store, const Promises& promises, const std::string& name) {
    for (const std::string& id : promises.submitted) {
      const auto found = store.Find(id);
      ASSERT_TRUE(found) << found.error().message;
      ASSERT_TRUE(*found) << id;
      EXPECT_FALSE((*found)->manifest.empty());
    }
    for (const std::uint64_t seq : promises.ended) {
      const auto found = store.FindBySeq(seq);
      ASSERT_TRUE(found && *found);
      EXPECT_EQ((*found)->summary.state, JobState::kExited);
      EXPECT_EQ((*found)->results, testing::End(seq).results);
    }
    for (const std::string& id : promises.cancelled) {
      EXPECT_TRUE((*store.FindSummary(id))->cancel_requested);
    }
    // What was counted is what is there, and the rest is unfinished.
    const auto page = store.List({}, std::nullopt, 100);
    ASSERT_TRUE(page);
    JobCounts counted;
    std::set<std::string> ids;
    for (const JobSummary& job : page->jobs) {
      ++counted[job.state];
      EXPECT_TRUE(ids.insert(job.id).second);
    }
    EXPECT_EQ(*store.Counts(), counted);
    auto reader = OpenReader(folder_ / name / "jobs.db", {});
    ASSERT_TRUE(reader);
    EXPECT_EQ(*reader->QueryText("PRAGMA integrity_check"), "ok");
    EXPECT_EQ(*reader->QueryInt("SELECT count(*) FROM pragma_foreign_key_check"), 0);
  }

  // Works, with the power failing after so many steps. Gives whether it failed.
  bool CrashOnce(std::size_t steps, Loss loss, const std::string& name) {
    FaultyVfs vfs;
    Promises promises;
    {
      vfs.CrashAfter(steps);
      if (auto store = Open(vfs, name)) Work(*store, promises);
    }
    if (!vfs.crashed()) return false;
    vfs.Restart(loss, steps);
    {
      auto store = Open(vfs, name);
      EXPECT_TRUE(store) << store.error().message;
      if (!store) return true;
      ExpectKept(*store, promises, name);
      // It goes on from there, and nothing is done twice.
      Promises more;
      Work(*store, more);
      EXPECT_EQ(more.submitted.size(), 7u);
      ExpectKept(*store, more, name);
      for (std::uint64_t i = 1; i <= 3; ++i) {
        EXPECT_EQ((*store->FindSummary(JobId(i)))->state, JobState::kExited);
      }
    }
    return true;
  }

  const plasm::testing::TempFolder folder_;
};

TEST_F(StoreCrashTest, ACutAtAnyStepLosesNothingAcknowledged) {
  for (const Loss loss : {Loss::kNothing, Loss::kEverything, Loss::kSome}) {
    const std::string name = std::to_string(static_cast<int>(loss)) + "-";
    std::size_t steps = 0;
    while (CrashOnce(steps, loss, name + std::to_string(steps))) {
      if (HasFailure()) FAIL() << "after " << steps << " steps, loss " << name;
      ++steps;
    }
    EXPECT_GT(steps, 50u);
  }
}

}  // namespace
}  // namespace plasm::store
