#include "libplasm/public_form.h"

#include <gtest/gtest.h>

#include "receipt/testing/examples.h"

namespace plasm::libplasm {
namespace {

TEST(TimeTest, GoesThereAndBack) {
  const UtcTime time = *UtcTime::Parse("2026-11-24T09:30:00.125Z");
  EXPECT_EQ(*UtcTimeOf(TimeOf(time), "time"), time);
}

TEST(TimeTest, WhatIsTooLateForTheOneIsItsLast) {
  EXPECT_EQ(TimeOf(*UtcTime::Parse("9999-12-31T23:59:59Z")), v0::Time::max());
}

TEST(TimeTest, NothingIsBefore1970) {
  const auto refused = UtcTimeOf(v0::Time(std::chrono::milliseconds(-1)), "not_after");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "not_after: found a time before 1970");
}

TEST(NodeStatusTest, AWallTimeThatNobodyCanWaitForIsNone) {
  client::NodeStatus status;
  status.most.wall_time_ms = UINT64_MAX;
  EXPECT_EQ(StatusOf(status).most.wall_time, std::chrono::milliseconds(0));
  status.most.wall_time_ms = 1500;
  EXPECT_EQ(StatusOf(status).most.wall_time, std::chrono::milliseconds(1500));
}

TEST(VerificationTest, OnlyOneVerdictIsValid) {
  for (const receipt::Verdict verdict : receipt::AllVerdicts()) {
    verify::Verification found;
    found.verdict = verdict;
    EXPECT_EQ(VerificationOf(found).IsValid(), verdict == receipt::Verdict::kValid);
  }
}

TEST(VerificationTest, SaysWhatTheReceiptSays) {
  verify::Verification found;
  found.verdict = receipt::Verdict::kValid;
  found.node_name = "host";
  found.statement = receipt::testing::ExampleStatement();
  found.log = verify::LogPlace{"plasm.invalid/a", 3, 4, {"w"}};
  const receipt::Statement& statement = *found.statement;
  const v0::Verification shown = VerificationOf(found);
  EXPECT_EQ(shown.node, "host");
  EXPECT_EQ(shown.log->index, 3u);
  EXPECT_EQ(shown.log->tree_size, 4u);
  ASSERT_TRUE(shown.result);
  EXPECT_EQ(shown.result->job_id, statement.job.id);
  EXPECT_EQ(shown.result->module_sha256, statement.module.sha256.ToHex());
  EXPECT_EQ(shown.result->exit_code, statement.result.exit_code);
  EXPECT_EQ(shown.result->standard_output.sha256, statement.stdout_subject.digest.ToHex());
  EXPECT_EQ(shown.result->standard_output.bytes, statement.stdout_subject.bytes);
  EXPECT_EQ(shown.result->standard_error.sha256, statement.stderr_subject.digest.ToHex());
  ASSERT_EQ(shown.result->files.size(), statement.files.size());
  EXPECT_EQ(shown.result->node_identity, statement.node.identity);
  EXPECT_EQ(shown.result->started, TimeOf(statement.observed.start));
}

TEST(VerificationTest, AReceiptThatWasNotReadSaysNothing) {
  EXPECT_FALSE(VerificationOf({}).result);
}

}  // namespace
}  // namespace plasm::libplasm
