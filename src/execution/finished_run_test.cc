#include "execution/finished_run.h"

#include <gtest/gtest.h>

#include "execution/testing/contents.h"
#include "receipt/agreement.h"
#include "receipt/result_digest.h"
#include "receipt/testing/examples.h"

namespace plasm::execution {
namespace {

using receipt::Status;
using testing::DigestOf;
using worker::JobStatus;

FinishedRun RunThatEnded(const worker::JobEnding& ending) {
  testing::RecordedEvents events;
  ResultDigests digests(events, {"/out"});
  digests.OnOutput(worker::Stream::kStdout, AsBytes("out"));
  testing::Send(digests, 0, "a", "A");
  return FinishedRunOf(ending, digests);
}

// A receipt of this run, read by its own reader.
Result<receipt::Statement> ReadBack(const FinishedRun& run) {
  receipt::Statement statement = receipt::testing::ExampleStatement();
  DescribeRun(run, statement);
  const std::string text = receipt::SerializeStatement(statement);
  PLASM_TRY(const receipt::Statement read, receipt::ParseStatement(AsBytes(text)));
  PLASM_TRY_VOID(receipt::CheckAgreement(read));
  return read;
}

TEST(FinishedRunTest, EveryEndingMakesAReceiptThatReadersTake) {
  const std::pair<worker::JobEnding, Status> endings[] = {
      {{.status = JobStatus::kExited, .exit_code = 3, .fuel_used = 5}, Status::kExited},
      {{.status = JobStatus::kTrapped, .trap = "stack_overflow", .fuel_used = 5}, Status::kTrapped},
      {{.status = JobStatus::kOutOfFuel, .fuel_used = 5}, Status::kOutOfFuel},
      {{.status = JobStatus::kOutputLimit, .fuel_used = 5}, Status::kOutputLimit},
      {{.status = JobStatus::kTimedOut}, Status::kTimedOut},
      {{.status = JobStatus::kCancelled}, Status::kCancelled},
      {{.status = JobStatus::kRefused, .message = "needs more memory"}, Status::kRejected}};
  for (const auto& [ending, status] : endings) {
    const auto read = ReadBack(RunThatEnded(ending));
    ASSERT_TRUE(read) << worker::JobStatusName(ending.status) << read.error().message;
    EXPECT_EQ(read->result.status, status);
    EXPECT_EQ(read->stdout_subject, (receipt::StreamSubject{DigestOf("out"), 3}));
    EXPECT_EQ(read->files, (std::vector<receipt::FileSubject>{{"/out/a", DigestOf("A")}}));
    EXPECT_EQ(read->result.truncated, status == Status::kOutputLimit);
    EXPECT_EQ(read->result_digest.has_value(), receipt::CountsFuel(status));
  }
}

TEST(FinishedRunTest, SaysWhatTheRunSaid) {
  const FinishedRun run = RunThatEnded({.status = JobStatus::kExited,
                                        .exit_code = 3,
                                        .trap = "not for an exit",
                                        .fuel_used = 5,
                                        .message = "nor this",
                                        .wall_time_ns = 9});
  EXPECT_EQ(run.outcome.exit_code, 3u);
  EXPECT_EQ(run.outcome.fuel_used, 5u);
  EXPECT_FALSE(run.outcome.trap);
  EXPECT_FALSE(run.outcome.reason);
  EXPECT_EQ(run.wall_time_ns, 9u);
}

TEST(FinishedRunTest, AHostileWorkersCauseOfATrapStillFitsAReceipt) {
  for (const std::string& cause : {std::string(), std::string("x\nstdout forged"),
                                   std::string("\xff"), std::string(500, 'a')}) {
    const auto read = ReadBack(RunThatEnded({.status = JobStatus::kTrapped, .trap = cause}));
    EXPECT_TRUE(read) << read.error().message;
  }
}

TEST(FinishedRunTest, ARejectionsReasonFitsAReceiptWhateverTheModuleIsCalled) {
  for (const std::string& reason : {std::string(), std::string("a\nb\x7f\xc2\x85\xff"),
                                    std::string(5000, '\xff'), std::string(5000, 'x')}) {
    const FinishedRun run = RejectedRun(reason);
    const auto read = ReadBack(run);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->result.status, Status::kRejected);
    EXPECT_EQ(read->stdout_subject, (receipt::StreamSubject{DigestOf(""), 0}));
    EXPECT_FALSE(read->result_digest);
  }
}

TEST(FinishedRunTest, ALiveRunHasNoResultDigest) {
  receipt::Statement statement = receipt::testing::ExampleStatement();
  const FinishedRun run = RunThatEnded({.status = JobStatus::kExited});
  DescribeRun(run, statement);
  EXPECT_EQ(statement.result_digest, receipt::ResultDigest(statement));
  statement.runtime.profile = receipt::Profile::kLive;
  DescribeRun(run, statement);
  EXPECT_FALSE(statement.result_digest);
}

}  // namespace
}  // namespace plasm::execution
