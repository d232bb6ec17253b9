#include "judged_job.h"

#include <utility>

#include "base/file.h"
#include "cli/receipt_files.h"
#include "job_files.h"
#include "receipt/receipt_v2.h"
#include "verifier_setup.h"

namespace plasm::app {
namespace {

Result<void> CompleteStream(NodeAccess& access, const std::string& job_id, worker::Stream stream,
                            std::uint64_t size, JobStreams& streams,
                            client::OutputProgress& progress) {
  if (progress.bytes(stream) >= size) return {};
  const auto part =
      stream == worker::Stream::kStdout ? client::JobPart::kStdout : client::JobPart::kStderr;
  client::OutputEvent whole{.stream = stream};
  PLASM_TRY(whole.bytes, access.node().Fetch(job_id, part));
  PLASM_TRY(const ByteView rest, progress.New(whole));
  if (rest.empty()) return {};
  return streams.OnOutput(stream, rest);
}

}  // namespace

Result<JudgedJob> JudgeJob(NodeAccess& access, const DataFolder& data, client::JobDocument job,
                           JobStreams* streams, client::OutputProgress* progress, Clock& clock) {
  if (job.state == client::JobState::kFailed) {
    return Error{ErrorCode::kUnavailable,
                 access.name() + ": the node could not run the job, and gives no receipt: " +
                     job.message.value_or("it does not say why")};
  }
  const JobFiles files(data, job.id);
  JudgedJob judged{
      .job = std::move(job), .bundle = {}, .verification = {}, .receipt = files.receipt()};
  PLASM_TRY(std::optional<Bytes> sent, files.Manifest());
  PLASM_TRY(judged.bundle, client::FetchReceipt(access.node(), judged.job.id, std::move(sent)));

  PLASM_TRY(const trust::TrustState trusted, LoadTrust(data));
  PLASM_TRY(const std::optional<tlog::Policy> policy, LoadPolicy(data, ""));
  client::Expectation expected{.node = access.name(),
                               .job_id = judged.job.id,
                               .trusted = &trusted,
                               .standing_policy = policy ? &*policy : nullptr,
                               .stdout_digest = {},
                               .stderr_digest = {},
                               .now_seconds = clock.RealtimeNs() / 1'000'000'000};
  if (streams != nullptr && progress != nullptr) {
    if (const auto receipt = receipt::ParseReceiptV2(judged.bundle.receipt)) {
      PLASM_TRY_VOID(CompleteStream(access, judged.job.id, worker::Stream::kStdout,
                                    receipt->statement.stdout_subject.bytes, *streams, *progress));
      PLASM_TRY_VOID(CompleteStream(access, judged.job.id, worker::Stream::kStderr,
                                    receipt->statement.stderr_subject.bytes, *streams, *progress));
    }
    expected.stdout_digest = streams->TakeDigest(worker::Stream::kStdout);
    expected.stderr_digest = streams->TakeDigest(worker::Stream::kStderr);
  }
  judged.verification = client::VerifyResult(judged.bundle, expected);
  PLASM_TRY_VOID(CreateFolders(data.receipts(), 0700));
  std::optional<ByteView> proof;
  if (judged.bundle.proof) proof = *judged.bundle.proof;
  // Also one that does not verify: it is the evidence.
  PLASM_TRY_VOID(WriteReceiptFiles(
      {.receipt = judged.bundle.receipt, .proof = proof, .manifest = judged.bundle.manifest},
      judged.receipt));
  return judged;
}

}  // namespace plasm::app
