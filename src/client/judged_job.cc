#include "client/judged_job.h"

#include <optional>
#include <string>
#include <utility>

#include "base/file.h"
#include "client/verifier_files.h"
#include "home/job_files.h"
#include "home/receipt_files.h"
#include "receipt/receipt_v2.h"

namespace plasm::client {
namespace {

// Digests of what came, once all has that the receipt speaks of.
Result<void> ExpectOutput(NodeAccess& access, const JudgedJob& judged, DigestedOutput& output,
                          Expectation& expected) {
  if (const auto receipt = receipt::ParseReceiptV2(judged.bundle.receipt)) {
    const receipt::Statement& statement = receipt->statement;
    PLASM_TRY_VOID(output.Complete(access.node(), judged.job.id, worker::Stream::kStdout,
                                   statement.stdout_subject.bytes));
    PLASM_TRY_VOID(output.Complete(access.node(), judged.job.id, worker::Stream::kStderr,
                                   statement.stderr_subject.bytes));
  }
  expected.stdout_digest = output.TakeDigest(worker::Stream::kStdout);
  expected.stderr_digest = output.TakeDigest(worker::Stream::kStderr);
  return {};
}

// Whether the node's present card is newer than the one that was known here. That it can't be had
// is no error: the verdict stays as it is.
bool TookNewerCard(NodeAccess& access, const home::DataFolder& data) {
  const auto answer = access.session().AskOnce({.target = "/v1/node"}, trust::kMaxCardBytes);
  if (!answer || answer->head.status != 200) return false;
  const auto standing = trust::TrustStore(data.root()).AcceptCard(answer->body);
  return standing &&
         (*standing == trust::CardStanding::kFirst || *standing == trust::CardStanding::kNewer);
}

// By what is trusted here, and once more when a newer card may change the verdict.
Result<void> Verify(NodeAccess& access, const home::DataFolder& data, Expectation expected,
                    JudgedJob& judged) {
  for (bool again = true;; again = false) {
    PLASM_TRY(trust::LoadedTrust trusted, LoadTrust(data));
    judged.reports = std::move(trusted.reports);
    expected.trusted = &trusted.state;
    judged.verification = VerifyResult(judged.bundle, expected);
    const receipt::Verdict verdict = judged.verification.verdict;
    const bool may_change =
        verdict == receipt::Verdict::kUnknownKey || verdict == receipt::Verdict::kKeyNotValid;
    if (!again || !may_change || !TookNewerCard(access, data)) return {};
  }
}

}  // namespace

Result<JudgedJob> JudgeJob(NodeAccess& access, const home::DataFolder& data, JobDocument job,
                           DigestedOutput* output, Clock& clock) {
  if (job.state == JobState::kFailed) {
    return Error{ErrorCode::kUnavailable,
                 access.name() + ": the node could not run the job, and gives no receipt: " +
                     job.message.value_or("it does not say why")};
  }
  const home::JobFiles files(data, job.id);
  JudgedJob judged{.job = std::move(job),
                   .bundle = {},
                   .verification = {},
                   .receipt = files.receipt(),
                   .reports = {}};
  PLASM_TRY(std::optional<Bytes> sent, files.Manifest());
  PLASM_TRY(judged.bundle, FetchReceipt(access.node(), judged.job.id, std::move(sent)));

  PLASM_TRY(const std::optional<tlog::Policy> policy, LoadStandingPolicy(data));
  Expectation expected{.node = access.name(),
                       .job_id = judged.job.id,
                       .trusted = nullptr,
                       .standing_policy = policy ? &*policy : nullptr,
                       .stdout_digest = {},
                       .stderr_digest = {},
                       .now_seconds = clock.RealtimeNs() / 1'000'000'000};
  if (output != nullptr) PLASM_TRY_VOID(ExpectOutput(access, judged, *output, expected));
  PLASM_TRY_VOID(Verify(access, data, expected, judged));
  PLASM_TRY_VOID(CreateFolders(data.receipts(), 0700));
  std::optional<ByteView> proof;
  if (judged.bundle.proof) proof = *judged.bundle.proof;
  // Also one that does not verify: it is the evidence.
  PLASM_TRY_VOID(home::WriteReceiptFiles(
      {.receipt = judged.bundle.receipt, .proof = proof, .manifest = judged.bundle.manifest},
      judged.receipt));
  return judged;
}

}  // namespace plasm::client
