#include "store/job_list.h"

#include <gtest/gtest.h>

#include "base/testing/temp_folder.h"
#include "store/job_store.h"
#include "store/testing/jobs.h"

namespace plasm::store {
namespace {

using testing::End;
using testing::Job;

TEST(JobCursorTest, OnlyItsOwnTextIsACursor) {
  EXPECT_EQ(JobCursor::Parse(JobCursor{7}.ToText())->before_seq, 7u);
  for (const char* text : {"", "7", "before-", "before-0", "before--1", "before-07", "before-7 ",
                           "before-9223372036854775808", "BEFORE-7"}) {
    const auto cursor = JobCursor::Parse(text);
    ASSERT_FALSE(cursor) << text;
    EXPECT_EQ(cursor.error().code, ErrorCode::kInvalid);
  }
}

class JobListTest : public ::testing::Test {
 protected:
  JobListTest() {
    // Of two clients in turns; the first four have ended.
    for (std::uint64_t i = 1; i <= 10; ++i) Write(Job(i, i % 2 == 0 ? "even" : "odd"));
    for (std::uint64_t i = 1; i <= 4; ++i) {
      Write(End(i, i == 3 ? JobState::kFailed : JobState::kExited));
    }
  }
  template <class W>
  void Write(W write) {
    if (!store_.SubmitAndWait(std::move(write))) throw std::runtime_error("a write failed");
  }
  // All of it, page after page.
  std::vector<std::uint64_t> Listed(const JobFilter& filter, std::size_t limit) {
    std::vector<std::uint64_t> seqs;
    std::optional<JobCursor> cursor;
    do {
      const auto page = store_.List(filter, cursor, limit);
      EXPECT_TRUE(page);
      EXPECT_LE(page->jobs.size(), limit);
      for (const JobSummary& job : page->jobs) seqs.push_back(job.seq);
      cursor = page->next;
    } while (cursor);
    return seqs;
  }

  const plasm::testing::TempFolder folder_;
  JobStore store_ = *JobStore::Open(folder_ / "store");
};

using Seqs = std::vector<std::uint64_t>;

TEST_F(JobListTest, NewestComeFirstWhateverThePagesAre) {
  for (const std::size_t limit : {1, 3, 5, 10, 1000}) {
    EXPECT_EQ(Listed({}, limit), (Seqs{10, 9, 8, 7, 6, 5, 4, 3, 2, 1})) << limit;
  }
}

TEST_F(JobListTest, AFilterKeepsWhatPassesAllOfIt) {
  EXPECT_EQ(Listed({.client = "even"}, 2), (Seqs{10, 8, 6, 4, 2}));
  EXPECT_EQ(Listed({.client = "nobody"}, 2), Seqs{});
  EXPECT_EQ(Listed({.client = "odd", .states = {JobState::kExited}}, 2), Seqs{1});
  EXPECT_EQ(Listed({.client = std::nullopt, .states = {JobState::kQueued}}, 4),
            (Seqs{10, 9, 8, 7, 6, 5}));
  EXPECT_EQ(Listed({.client = "odd", .states = {JobState::kQueued, JobState::kRunning}}, 1),
            (Seqs{9, 7, 5}));
}

TEST_F(JobListTest, JobsThatComeMeanwhileMoveNoPage) {
  const auto first = store_.List({}, std::nullopt, 4);
  ASSERT_TRUE(first && first->next);
  Write(Job(11));
  const auto second = store_.List({}, first->next, 4);
  EXPECT_EQ(second->jobs.front().seq, 6u);
}

TEST_F(JobListTest, AFilterThatNothingPassesDoesBoundedWork) {
  for (std::uint64_t i = 11; i <= 4200; ++i) {
    ASSERT_TRUE(store_.Submit<SubmitJob>(Job(i), [](Result<Submission>) {}));
  }
  Write(Job(5000));
  const JobFilter nothing{.client = std::nullopt, .states = {JobState::kTrapped}};
  const auto page = store_.List(nothing, std::nullopt, 10);
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->jobs.empty());
  ASSERT_TRUE(page->next) << "it looked at all of them";
  EXPECT_FALSE(store_.List(nothing, page->next, 10)->next);
}

}  // namespace
}  // namespace plasm::store
