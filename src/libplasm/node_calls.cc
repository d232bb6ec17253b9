#include "libplasm/node_calls.h"

#include <array>
#include <utility>

#include "base/bytes.h"
#include "blobs/blob_store.h"
#include "client/client_identity.h"
#include "client/digested_output.h"
#include "client/job_request.h"
#include "client/judged_job.h"
#include "client/kept_outputs.h"
#include "crypto/public_key_text.h"
#include "libplasm/enumerations.h"
#include "libplasm/job_request.h"
#include "libplasm/public_form.h"
#include "receipt/job_id.h"

namespace plasm::libplasm {
namespace {

// Passes on what happens.
class Told : public client::JobWatcher {
 public:
  explicit Told(const v0::JobEvents& events) : events_(events) {}

  void OnState(client::JobState state) override {
    if (events_.on_state) events_.on_state(StateOf(state));
  }
  Result<void> OnOutput(worker::Stream stream, ByteView bytes) override {
    if (events_.on_output) {
      events_.on_output(stream == worker::Stream::kStdout ? v0::Stream::kStandardOutput
                                                          : v0::Stream::kStandardError,
                        bytes);
    }
    return {};
  }
  void OnRestart() override {
    if (events_.on_restart) events_.on_restart();
  }

 private:
  const v0::JobEvents& events_;
};

}  // namespace

// And keeps what was written.
class NodeCalls::Gathered final : public Told {
 public:
  using Told::Told;

  Result<void> OnOutput(worker::Stream stream, ByteView bytes) override {
    Bytes& kept = streams_[static_cast<std::size_t>(stream)];
    kept.insert(kept.end(), bytes.begin(), bytes.end());
    return Told::OnOutput(stream, bytes);
  }

  Bytes Take(worker::Stream stream) {
    return std::move(streams_[static_cast<std::size_t>(stream)]);
  }

 private:
  std::array<Bytes, 2> streams_;
};

Result<v0::JobInfo> NodeCalls::Submit(const v0::JobSpec& job) {
  PLASM_TRY(const crypto::SigningKey key,
            client::LoadOrCreateClientKey(client_.data.root(), client_.entropy));
  PLASM_TRY(const execution::JobOrder order, OrderOf(job, crypto::Fingerprint(key.public_key())));
  PLASM_TRY(const Bytes module, ModuleOf(job));
  PLASM_TRY(const UniqueFd input, StandardInputOf(job));
  PLASM_TRY(const client::JobPlan plan,
            client::PlanRequest(client_.data, access_.name(), job.idempotency_key, order, module,
                                input.get(), client_.clock, client_.entropy));
  client::JobNames names;
  if (job.idempotency_key.empty()) {
    names.job_id = receipt::RandomJobId(client_.entropy);
  } else {
    names.idempotency_key = job.idempotency_key;
  }
  PLASM_TRY(const client::SubmittedJob submitted,
            client::SubmitRequest(client_.data, access_, plan, names, events_.on_upload));
  v0::JobInfo info = InfoOf(submitted.job);
  if (events_.on_submitted) events_.on_submitted(info);
  return info;
}

Result<v0::JobInfo> NodeCalls::Watch(const std::string& job_id) {
  Told told(events_);
  client::OutputProgress progress;
  PLASM_TRY(const client::JobDocument job,
            client::WatchJob(access_.session(), job_id, progress, told));
  return InfoOf(job);
}

Result<v0::Outcome> NodeCalls::Fetch(const std::string& job_id, const v0::FetchOptions& options) {
  PLASM_TRY(client::JobDocument job, access_.node().Show(job_id));
  if (!client::IsEnded(job.state)) {
    return Error{ErrorCode::kConflict,
                 access_.name() + ": the job " + job_id + " has not ended: it is " +
                     std::string(client::JobStateName(job.state)) + " (Wait or Watch it)"};
  }
  Gathered gathered(events_);
  client::DigestedOutput output(gathered);
  return Judge(std::move(job), output, gathered, options);
}

Result<v0::Outcome> NodeCalls::Run(const v0::JobSpec& job, const v0::FetchOptions& options) {
  PLASM_TRY(const v0::JobInfo submitted, Submit(job));
  Gathered gathered(events_);
  client::DigestedOutput output(gathered);
  PLASM_TRY(client::JobDocument ended, output.Watch(access_.session(), submitted.id));
  return Judge(std::move(ended), output, gathered, options);
}

Result<v0::Outcome> NodeCalls::Judge(client::JobDocument job, client::DigestedOutput& output,
                                     Gathered& gathered, const v0::FetchOptions& options) {
  PLASM_TRY(const client::JudgedJob judged,
            client::JudgeJob(access_, client_.data, std::move(job), &output, client_.clock));
  v0::Outcome outcome;
  outcome.verification = VerificationOf(judged.verification);
  for (const Error& report : judged.reports) {
    outcome.verification.notes.push_back(report.message);
  }
  const bool valid = outcome.verification.IsValid();
  if (!valid && options.if_not_verified == v0::IfNotVerified::kThrow) {
    throw v0::NotVerified(std::move(outcome.verification));
  }
  outcome.job = InfoOf(judged.job);
  outcome.receipt = ReceiptOf(judged.bundle);
  outcome.receipt_file = judged.receipt;
  outcome.standard_output = gathered.Take(worker::Stream::kStdout);
  outcome.standard_error = gathered.Take(worker::Stream::kStderr);
  if (valid) PLASM_TRY_VOID(FetchFiles(judged, options, outcome));
  return outcome;
}

Result<void> NodeCalls::FetchFiles(const client::JudgedJob& judged, const v0::FetchOptions& options,
                                   v0::Outcome& outcome) {
  if (options.outputs.empty()) return {};
  std::vector<client::WantedOutput> wanted;
  for (const v0::OutputTarget& output : options.outputs) {
    wanted.push_back({output.guest, output.host});
  }
  PLASM_TRY(outcome.missing_outputs,
            client::FetchOutputs(access_.session(), judged.job, *judged.verification.statement,
                                 wanted, BlobStore(client_.data.blobs()), events_.on_download));
  return {};
}

}  // namespace plasm::libplasm
