#include "execution/finished_run.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "receipt/result_digest.h"
#include "receipt/sentence.h"

namespace plasm::execution {
namespace {

receipt::Status StatusOf(worker::JobStatus status) {
  switch (status) {
    case worker::JobStatus::kExited:
      return receipt::Status::kExited;
    case worker::JobStatus::kTrapped:
      return receipt::Status::kTrapped;
    case worker::JobStatus::kOutOfFuel:
      return receipt::Status::kOutOfFuel;
    case worker::JobStatus::kTimedOut:
      return receipt::Status::kTimedOut;
    case worker::JobStatus::kOutputLimit:
      return receipt::Status::kOutputLimit;
    case worker::JobStatus::kCancelled:
      return receipt::Status::kCancelled;
    case worker::JobStatus::kRefused:
    case worker::JobStatus::kFailed:
      break;
  }
  return receipt::Status::kRejected;
}

// What a compiler says of a module may have names from inside that module in it.
std::string Reason(std::string_view text) {
  return receipt::Sentence(text, receipt::Outcome::kMaxReasonBytes);
}

// A worker names the cause, and is not believed: it must fit a receipt (spec/receipt.md
// section 4).
std::string TrapName(std::string_view cause) {
  constexpr std::size_t kMaxBytes = 64;
  std::string name(cause.substr(0, kMaxBytes));
  std::ranges::replace_if(
      name, [](char c) { return !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_'; },
      '_');
  return name.empty() ? "unknown" : name;
}

}  // namespace

FinishedRun FinishedRunOf(const worker::JobEnding& ending, ResultDigests& digests) {
  assert(ending.status != worker::JobStatus::kFailed);
  FinishedRun run;
  receipt::Outcome& outcome = run.outcome;
  outcome.status = StatusOf(ending.status);
  if (outcome.status == receipt::Status::kExited) outcome.exit_code = ending.exit_code;
  if (outcome.status == receipt::Status::kTrapped) outcome.trap = TrapName(ending.trap);
  if (outcome.status == receipt::Status::kRejected) outcome.reason = Reason(ending.message);
  if (receipt::CountsFuel(outcome.status)) outcome.fuel_used = ending.fuel_used;
  outcome.truncated = outcome.status == receipt::Status::kOutputLimit;
  run.stdout_subject = digests.TakeStream(worker::Stream::kStdout);
  run.stderr_subject = digests.TakeStream(worker::Stream::kStderr);
  run.files = digests.TakeFiles();
  run.wall_time_ns = ending.wall_time_ns;
  return run;
}

FinishedRun RejectedRun(std::string_view reason) {
  FinishedRun run;
  run.outcome.status = receipt::Status::kRejected;
  run.outcome.reason = Reason(reason);
  run.stdout_subject.digest = Sha256Of({});
  run.stderr_subject.digest = run.stdout_subject.digest;
  return run;
}

void DescribeRun(const FinishedRun& run, receipt::Statement& statement) {
  statement.result = run.outcome;
  statement.stdout_subject = run.stdout_subject;
  statement.stderr_subject = run.stderr_subject;
  statement.files = run.files;
  statement.result_digest.reset();
  if (receipt::HasResultDigest(statement.runtime.profile, run.outcome.status)) {
    statement.result_digest = receipt::ResultDigest(statement);
  }
}

}  // namespace plasm::execution
