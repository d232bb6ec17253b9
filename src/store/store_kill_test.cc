// A process that is killed while it writes: real processes, one after the other on one database.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "base/testing/temp_folder.h"
#include "base/unique_fd.h"
#include "store/job_store.h"
#include "store/testing/jobs.h"

namespace plasm::store {
namespace {

using testing::End;
using testing::Job;
using testing::JobId;

// What the child says once it may be relied on. Small enough to come whole through a pipe.
struct Acknowledgement {
  enum class Kind : std::uint64_t { kSubmitted, kEnded } kind;
  std::uint64_t number;  // of the job, in its id
  std::uint64_t seq;
};

// Submits and ends jobs from `number` on, several at a time, until it is killed.
[[noreturn]] void WriteUntilKilled(const std::filesystem::path& folder, std::uint64_t number,
                                   int out) {
  auto store = JobStore::Open(folder);
  if (!store) _exit(2);
  const auto say = [out](const Acknowledgement& acknowledgement) {
    if (write(out, &acknowledgement, sizeof(acknowledgement)) != sizeof(acknowledgement)) _exit(3);
  };
  while (true) {
    for (int i = 0; i < 16; ++i, ++number) {
      const auto taken = store->Submit<SubmitJob>(Job(number), [=, &store](auto submission) {
        if (!submission) _exit(4);
        say({Acknowledgement::Kind::kSubmitted, number, submission->seq});
        const std::uint64_t seq = submission->seq;
        if (!store->Submit<MarkStarted>({seq, 1, 5}, [](auto) {})) _exit(5);
        const auto ending = store->Submit<EndJob>(End(seq), [=](auto ended) {
          if (!ended) _exit(6);
          say({Acknowledgement::Kind::kEnded, number, seq});
        });
        if (!ending) _exit(7);
      });
      if (!taken) _exit(8);
    }
    // Not faster than they are committed; there is no such job.
    std::ignore = store->SubmitAndWait(MarkStarted{UINT64_MAX, 1, 1});
  }
}

TEST(StoreKillTest, WhatWasAcknowledgedIsThereOnceAfterAKillAtAnyMoment) {
  const plasm::testing::TempFolder folder;
  std::mt19937 random(20261126);
  std::vector<Acknowledgement> said;
  std::uint64_t next = 1;
  for (int round = 0; round < 15; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    UniqueFd in(ends[0]);
    UniqueFd out(ends[1]);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      in.Reset();
      WriteUntilKilled(folder / "store", next, out.get());
    }
    out.Reset();
    std::size_t until_kill = random() % 150;
    Acknowledgement acknowledgement{};
    while (true) {
      const ssize_t got = read(in.get(), &acknowledgement, sizeof(acknowledgement));
      if (got != sizeof(acknowledgement)) {
        ASSERT_EQ(got, 0);
        break;
      }
      said.push_back(acknowledgement);
      if (until_kill-- == 0) kill(child, SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended with " << WEXITSTATUS(status);

    auto store = JobStore::Open(folder / "store");
    ASSERT_TRUE(store) << store.error().message;
    for (const Acknowledgement& one : said) {
      const auto found = store->FindSummary(JobId(one.number));
      ASSERT_TRUE(found && *found) << one.number;
      EXPECT_EQ((*found)->seq, one.seq);
      if (one.kind == Acknowledgement::Kind::kEnded) {
        EXPECT_EQ((*found)->state, JobState::kExited);
      }
    }
    // An end that was not acknowledged counts, or can be repeated; never both.
    const auto page = store->List({}, std::nullopt, kMaxListed);
    ASSERT_TRUE(page);
    for (const JobSummary& job : page->jobs) {
      const auto again = store->SubmitAndWait(End(job.seq, JobState::kFailed));
      EXPECT_EQ(again.has_value(), !IsEnded(job.state));
      next = std::max<std::uint64_t>(next, std::stoull(job.id.substr(4, 8), nullptr, 16) + 1);
    }
  }
  EXPECT_GT(said.size(), 500u);
}

}  // namespace
}  // namespace plasm::store
