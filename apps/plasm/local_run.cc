// plasm run without a node: in a worker of this machine, with the same receipt.
#include <unistd.h>

#include <array>
#include <cstdio>
#include <optional>
#include <utility>

#include "base/file.h"
#include "base/json_writer.h"
#include "blobs/blob_store.h"
#include "client/job_plan.h"
#include "client/verified_result.h"
#include "ending_report.h"
#include "home/job_files.h"
#include "job/exit_status.h"
#include "job/job_runner.h"
#include "job/pass_through.h"
#include "job/receipt_v2.h"
#include "node/local_node.h"
#include "own_node.h"
#include "receipt/job_id.h"
#include "run_request.h"
#include "verbs.h"
#include "verifier_setup.h"

namespace plasm::app {
namespace {

int Fail(const Error& error) {
  PrintError(error.message);
  return kExitNodeFailed;
}

struct Judged {
  verify::Verification verification;
  std::filesystem::path file;
  std::string receipt;
};

// The receipt is verified as somebody else's would be.
Result<Judged> Judge(const JobReceipt& receipt, const std::string& job_id,
                     const node::LocalNode& node, const DataFolder& data, Clock& clock) {
  PLASM_TRY(const std::string name, TrustOwnNode(data, node.card()));
  PLASM_TRY(const trust::TrustState trusted, LoadTrust(data));
  PLASM_TRY(const std::optional<tlog::Policy> policy, LoadPolicy(data, ""));
  Judged judged{.verification = {},
                .file = home::JobFiles(data, job_id).receipt(),
                .receipt = receipt::SerializeEnvelope(receipt.logged.envelope)};
  PLASM_TRY_VOID(CreateFolders(judged.file.parent_path(), 0700));
  PLASM_TRY_VOID(WriteReceiptFiles(receipt, judged.file));
  const ByteView envelope = AsBytes(judged.receipt);
  const ByteView proof = AsBytes(receipt.logged.proof);
  const ByteView manifest = AsBytes(receipt.manifest);
  judged.verification = client::VerifyResult({.receipt = Bytes(envelope.begin(), envelope.end()),
                                              .proof = Bytes(proof.begin(), proof.end()),
                                              .manifest = Bytes(manifest.begin(), manifest.end())},
                                             {.node = name,
                                              .job_id = job_id,
                                              .trusted = &trusted,
                                              .standing_policy = policy ? &*policy : nullptr,
                                              .stdout_digest = {},
                                              .stderr_digest = {},
                                              .now_seconds = clock.RealtimeNs() / 1'000'000'000});
  return judged;
}

int DryRun(const RunRequest& request, const DataFolder& data, Clock& clock, Entropy& entropy) {
  const auto read = ReadModule(request.words.front());
  if (const auto* error = std::get_if<JobError>(&read)) {
    PrintError(error->message);
    return error->status;
  }
  const auto input = OpenStandardInput(request.flags.standard_input);
  if (!input) return Fail(input.error());
  const auto plan = client::PlanJob(request.order, std::get<Bytes>(read), input->fd,
                                    BlobStore(data.blobs()), clock.RealtimeNs(), entropy);
  if (!plan) return Fail(plan.error());
  std::printf("%s\n", plan->text.c_str());
  return kExitOk;
}

}  // namespace

int RunHere(const RunRequest& request, const DataFolder& data, Clock& clock, Entropy& entropy) {
  if (request.flags.dry_run) return DryRun(request, data, clock, entropy);
  auto input = OpenStandardInput(request.flags.standard_input);
  if (!input) return Fail(input.error());
  // Before the job: a result that can't be signed is not worth waiting for.
  auto node = node::LocalNode::Open(data.root(), PLASM_ENGINE_VERSION, receipt::Signing::kEach,
                                    clock, entropy);
  if (!node) return Fail(node.error());
  const BlobStore blobs(data.blobs());
  CapturedOutput captured;
  std::optional<PassThrough> streams;
  if (!request.flags.node.json) streams.emplace();
  OutputSink& sink = streams ? static_cast<OutputSink&>(*streams) : captured;
  const auto outcome =
      RunJob(request.flags.job, request.words,
             input->fd < 0 ? worker::StdinFeed() : worker::StdinFeed(input->fd), sink, data, clock,
             {.manifest = ManifestUse::kForReceipt,
              .keep = &blobs,
              .requester = request.order.requester,
              .nonce = request.order.nonce ? *request.order.nonce : client::NewNonce(entropy),
              .not_after = request.order.not_after});
  if (const auto* error = std::get_if<JobError>(&outcome)) {
    PrintError(error->message);
    return error->status;
  }
  const auto& job = std::get<FinishedJob>(outcome);
  if (job.ending.status == worker::JobStatus::kFailed) {
    return Fail({ErrorCode::kInternal, job.ending.message});
  }
  const std::string job_id = receipt::RandomJobId(entropy);
  const auto issued = IssueReceipt(*node, job_id, job, request.flags.job.Target(), &blobs);
  if (!issued) return Fail(issued.error());
  const auto judged = Judge(*issued, job_id, *node, data, clock);
  if (!judged) return Fail(judged.error());
  if (streams) {
    ShowReceipt(AsBytes(judged->receipt), judged->file, judged->verification);
  } else {
    JsonWriter json(JsonStyle::kPretty);
    json.BeginObject().Field("job_id", job_id).Field("node", client::kLocalName);
    WriteStreamField("stdout", captured.out, json);
    WriteStreamField("stderr", captured.err, json);
    WriteEnding(judged->verification, judged->file, json);
    json.EndObject();
    std::printf("%s\n", std::move(json).Take().c_str());
  }
  if (const auto valid = client::ExpectValid(judged->verification); !valid) {
    return Fail(valid.error());
  }
  if (streams && streams->failed()) {
    return Fail({ErrorCode::kUnavailable, "the guest's output could not be written"});
  }
  const std::string why = WhyEnded(job.run.outcome);
  if (!why.empty() && !request.flags.quiet) PrintError(why);
  const bool cancelled = job.ending.status == worker::JobStatus::kCancelled;
  const int status = cancelled ? kExitSignalled + job.signal : ExitStatusOf(job.run.outcome);
  if (const std::string missing = MissingOutputs(job); !missing.empty()) {
    PrintError(missing);
    return status == kExitOk ? static_cast<int>(kExitNodeFailed) : status;
  }
  return status;
}

}  // namespace plasm::app
