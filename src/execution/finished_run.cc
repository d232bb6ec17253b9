#include "execution/finished_run.h"

#include <string>

#include "base/one_line.h"
#include "receipt/result_digest.h"

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

// One line of UTF-8, as short as a receipt wants it: an ill-formed byte becomes three.
std::string Sentence(std::string_view text) {
  std::string line = ToUtf8Lossy(AsBytes(text.substr(0, receipt::Outcome::kMaxReasonBytes / 3)));
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    if (byte < 0x20 || byte == 0x7f) line[i] = ' ';
    // U+0080 to U+009F, which no receipt may have either.
    if (byte == 0xc2 && static_cast<unsigned char>(line[i + 1]) < 0xa0) line.replace(i, 2, 1, ' ');
  }
  return line.empty() ? "no reason is known" : line;
}

}  // namespace

FinishedRun FinishedRunOf(const worker::JobEnding& ending, ResultDigests& digests) {
  FinishedRun run;
  receipt::Outcome& outcome = run.outcome;
  outcome.status = StatusOf(ending.status);
  if (outcome.status == receipt::Status::kExited) outcome.exit_code = ending.exit_code;
  if (outcome.status == receipt::Status::kTrapped) outcome.trap = ending.trap;
  if (outcome.status == receipt::Status::kRejected) outcome.reason = Sentence(ending.message);
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
  run.outcome.reason = Sentence(reason);
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
