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

// As if the node were trusted, and nobody else: for its receipt to be held against its own card.
Result<trust::TrustState> TrustInShown(const KnownNode& node) {
  trust::TrustFile file;
  PLASM_TRY_VOID(file.Add({.name = node.name,
                           .identity = node.shown->card.identity,
                           .level = trust::TrustLevel::kLogged,
                           .card_version = {},
                           .revoked = {}}));
  trust::TrustState state(std::move(file));
  PLASM_TRY_VOID(state.TakeCard(*node.shown));
  return state;
}

// What was valid by the card of a stranger is the word of a stranger.
void SayWhoseWordItIs(JudgedJob& judged) {
  if (judged.verification.verdict != receipt::Verdict::kValid) return;
  judged.valid_by_shown_card = true;
  judged.verification.verdict = receipt::Verdict::kUnknownKey;
  judged.verification.reason = "the node " + judged.verification.node_name.value_or("") +
                               " is not trusted here; by the card that it has shown, the receipt "
                               "is valid";
  judged.verification.node_name.reset();
  judged.verification.level.reset();
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
  const bool stranger = access.known().shown.has_value();
  for (bool again = !stranger;; again = false) {
    PLASM_TRY(trust::LoadedTrust trusted, LoadTrust(data));
    judged.reports = std::move(trusted.reports);
    if (stranger) {
      PLASM_TRY(trusted.state, TrustInShown(access.known()));
    }
    expected.trusted = &trusted.state;
    judged.verification = VerifyResult(judged.bundle, expected);
    const receipt::Verdict verdict = judged.verification.verdict;
    const bool may_change =
        verdict == receipt::Verdict::kUnknownKey || verdict == receipt::Verdict::kKeyNotValid;
    if (!again || !may_change || !TookNewerCard(access, data)) break;
  }
  if (stranger) SayWhoseWordItIs(judged);
  return {};
}

}  // namespace

Result<JudgedJob> JudgeWithoutSaving(NodeAccess& access, const home::DataFolder& data,
                                     JobDocument job, DigestedOutput* output, Clock& clock) {
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
  return judged;
}

Result<void> SaveJudged(const home::DataFolder& data, const JudgedJob& judged) {
  PLASM_TRY_VOID(CreateFolders(data.receipts(), 0700));
  std::optional<ByteView> proof;
  if (judged.bundle.proof) proof = *judged.bundle.proof;
  // Also one that does not verify: it is the evidence.
  return home::WriteReceiptFiles(
      {.receipt = judged.bundle.receipt, .proof = proof, .manifest = judged.bundle.manifest},
      judged.receipt);
}

Result<JudgedJob> JudgeJob(NodeAccess& access, const home::DataFolder& data, JobDocument job,
                           DigestedOutput* output, Clock& clock) {
  PLASM_TRY(JudgedJob judged, JudgeWithoutSaving(access, data, std::move(job), output, clock));
  PLASM_TRY_VOID(SaveJudged(data, judged));
  return judged;
}

Result<void> ExpectValidAsAsked(const JudgedJob& judged) {
  if (judged.valid_by_shown_card) return {};
  return ExpectValid(judged.verification);
}

}  // namespace plasm::client
