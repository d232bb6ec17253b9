// plasmd execute-job: runs a module, captures what it writes, and prints one JSON object
// with a signed receipt.
#include <unistd.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <memory>
#include <optional>

#include "base/base64.h"
#include "base/entropy.h"
#include "base/hex.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "crypto/key_file.h"
#include "job/job_runner.h"
#include "job/receipt_v2.h"
#include "node/local_node.h"
#include "receipt/job_id.h"
#include "receipt/receipt_v1.h"
#include "verbs.h"

namespace plasm::app {
namespace {

// What receipt v0.1 says of a guest that did not exit by itself, as the first system did.
constexpr std::uint8_t kExitCodeWithoutExit = 1;

// JSON carries text: other bytes are replaced there, and stand whole under <name>_base64.
void WriteStream(JsonWriter& json, const std::string& name, const Bytes& bytes) {
  json.Field(name, ToUtf8Lossy(bytes));
  if (!IsValidUtf8(bytes)) json.Field(name + "_base64", EncodeBase64(bytes));
}

std::uint8_t ReceiptExitCode(const worker::JobEnding& ending) {
  if (ending.status != worker::JobStatus::kExited) return kExitCodeWithoutExit;
  return static_cast<std::uint8_t>(ExitCode(ending));
}

receipt::ReceiptV1 SignV1(const FinishedJob& job, const crypto::SigningKey& key) {
  return receipt::SignReceiptV1({.module_hash = job.manifest.module.sha256,
                                 .exit_code = ReceiptExitCode(job.ending),
                                 .wall_time_ms = job.ending.wall_time_ns / 1'000'000,
                                 .timestamp = job.end.milliseconds / 1000},
                                key);
}

struct Flags {
  std::string data_dir;
  JobFlags job;
  std::string receipt = "v1";
  std::string receipt_file;
  std::string signing = "each";
  std::string nonce;
  std::string not_after;
  bool keep_nothing = false;

  bool WantsV2() const { return receipt == "v2" || !receipt_file.empty(); }
};

Result<RunOptions> OptionsOf(const Flags& flags, const BlobStore& blobs) {
  RunOptions options;
  if (!flags.WantsV2()) {
    if (flags.nonce.empty() && flags.not_after.empty()) return options;
    return Error{ErrorCode::kInvalid,
                 "--nonce and --not-after stand in receipts v2 only: add --receipt v2"};
  }
  options.manifest = ManifestUse::kForReceipt;
  if (!flags.keep_nothing) options.keep = &blobs;
  if (!flags.nonce.empty()) {
    PLASM_TRY(options.nonce, ParseNonce("--nonce", flags.nonce));
  }
  if (!flags.not_after.empty()) {
    const auto not_after = UtcTime::Parse(flags.not_after);
    if (!not_after) return Error{ErrorCode::kInvalid, "--not-after: " + not_after.error().message};
    options.not_after = *not_after;
  }
  return options;
}

std::string Report(const Flags& flags, const FinishedJob& job, const CapturedOutput& output,
                   const std::string& job_id, const crypto::SigningKey& key,
                   const JobReceipt* receipt_v2) {
  const worker::JobEnding& ending = job.ending;
  JsonWriter json(JsonStyle::kPretty);
  json.BeginObject();
  json.Field("job_id", job_id);
  json.Field("exit_code", static_cast<unsigned>(ReceiptExitCode(ending)));
  WriteStream(json, "stdout", output.out);
  WriteStream(json, "stderr", output.err);
  json.Field("status", JobStatusName(ending.status));
  if (ending.trap.empty()) {
    json.Key("trap").Null();
  } else {
    json.Field("trap", ending.trap);
  }
  if (!ending.message.empty()) json.Field("message", ending.message);
  // A number of 64 bits is not safe in every reader's hands.
  json.Field("fuel_used", std::to_string(ending.fuel_used));
  json.Field("profile", flags.job.profile);
  json.Field("start_time", job.manifest.start_time_ns / 1'000'000'000);
  json.Field("seed", EncodeHex(job.manifest.seed));
  json.Field("tier", job.tier == worker::Tier::kQuick ? "quick" : "full");
  json.Field("engine", flags.job.engine);
  json.Key("receipt");
  if (job.rejection.empty()) {
    receipt::WriteReceiptV1(SignV1(job, key), json);
  } else {
    json.Null();  // version 0.1 says that a module ran
  }
  if (receipt_v2 != nullptr) {
    json.Key("receipt_v2");
    receipt::WriteEnvelope(receipt_v2->logged.envelope, json);
    json.Field("tlog_proof", receipt_v2->logged.proof);
    json.Field("manifest", receipt_v2->manifest);
  }
  json.EndObject();
  return std::move(json).Take() + "\n";
}

int Fail(const std::string& message, int status) {
  PrintError(message);
  return status;
}

int ExecuteJob(const Flags& flags, const CLI::App& verb) {
  const auto words = ModuleAndArguments(verb);
  if (!words) return Fail(words.error().message, kExitUsage);
  const auto data = DataFolder::Locate(flags.data_dir);
  if (!data) return Fail(data.error().message, kExitNodeFailed);
  const BlobStore blobs(data->blobs());
  const auto options = OptionsOf(flags, blobs);
  if (!options) return Fail(options.error().message, kExitUsage);

  // Before the job: a result that can't be signed is not worth waiting for.
  SystemEntropy entropy;
  SystemClock clock;
  const auto key = crypto::LoadOrCreateSigningKey(data->receipt_key(), entropy);
  if (!key) return Fail(key.error().message, kExitNodeFailed);
  std::optional<node::LocalNode> node;
  if (flags.WantsV2()) {
    const auto signing =
        flags.signing == "batch" ? receipt::Signing::kBatch : receipt::Signing::kEach;
    auto opened =
        node::LocalNode::Open(data->root(), PLASM_ENGINE_VERSION, signing, clock, entropy);
    if (!opened) return Fail(opened.error().message, kExitNodeFailed);
    node.emplace(*std::move(opened));
  }

  CapturedOutput output;
  // Somebody at a terminal who named no input means none.
  worker::StdinFeed input =
      isatty(STDIN_FILENO) != 0 ? worker::StdinFeed() : worker::StdinFeed(STDIN_FILENO);
  const auto outcome = RunJob(flags.job, *words, std::move(input), output, *data, clock, *options);
  if (const auto* error = std::get_if<JobError>(&outcome)) {
    return Fail(error->message, error->status);
  }
  const auto& job = std::get<FinishedJob>(outcome);
  // No receipt for a run that this node, not the guest, is to blame for.
  if (job.ending.status == worker::JobStatus::kFailed) {
    return Fail(job.ending.message, kExitNodeFailed);
  }
  if (!job.rejection.empty() && !node) return Fail(job.rejection, kExitModuleBad);

  const std::string job_id = receipt::RandomJobId(entropy);
  std::optional<JobReceipt> receipt_v2;
  if (node) {
    auto issued = IssueReceipt(*node, job_id, job, flags.job.Target(), options->keep);
    if (!issued) return Fail(issued.error().message, kExitNodeFailed);
    receipt_v2.emplace(*std::move(issued));
    if (!flags.receipt_file.empty()) {
      const auto written = WriteReceiptFiles(*receipt_v2, flags.receipt_file);
      if (!written) return Fail(written.error().message, kExitNodeFailed);
    }
  }
  const std::string report =
      Report(flags, job, output, job_id, *key, receipt_v2 ? &*receipt_v2 : nullptr);
  if (std::fwrite(report.data(), 1, report.size(), stdout) != report.size() ||
      std::fflush(stdout) != 0) {
    return Fail("the result could not be written", kExitNodeFailed);
  }
  if (job.ending.status == worker::JobStatus::kCancelled) return kExitSignalled + job.signal;
  if (!job.rejection.empty()) return Fail(job.rejection, kExitModuleBad);
  if (const std::string missing = MissingOutputs(job); !missing.empty()) {
    return Fail(missing, kExitNodeFailed);
  }
  return kExitOk;
}

void AddReceiptFlags(CLI::App& verb, Flags& flags) {
  verb.add_option("--receipt", flags.receipt,
                  "v1, or v2: binds input, output and limits, and is logged [v1]")
      ->type_name("VERSION")
      ->check(CLI::IsMember({"v1", "v2"}));
  verb.add_option("-o,--receipt-file", flags.receipt_file,
                  "Write the receipt v2 to FILE, its proof to FILE.tlog-proof and the job's "
                  "manifest to FILE.manifest.json; implies --receipt v2")
      ->type_name("FILE");
  verb.add_option("--signing", flags.signing,
                  "each: the receipt is signed; batch: the log's checkpoint signs it [each]")
      ->type_name("HOW")
      ->check(CLI::IsMember({"each", "batch"}));
  verb.add_option("--nonce", flags.nonce, "Hex digits that the receipt v2 answers with")
      ->type_name("HEX");
  verb.add_option("--not-after", flags.not_after, "Do not start the job later than this")
      ->type_name("TIME");
  verb.add_flag("--no-keep", flags.keep_nothing,
                "Do not keep module, inputs and results for a replay (with --receipt v2 they are "
                "kept in blobs/ of the data folder)");
}

}  // namespace

void AddExecuteJobVerb(CLI::App& app, int& exit_status) {
  CLI::App* verb = app.add_subcommand(
      "execute-job", "Run a module and print its output and a signed receipt as JSON");
  auto flags = std::make_shared<Flags>();
  AddDataDirFlag(*verb, flags->data_dir);
  AddJobFlags(*verb, flags->job, FolderFlag::kDir);
  AddEngineFlags(*verb, flags->job);
  AddReceiptFlags(*verb, *flags);
  TakeModuleAndArguments(*verb);
  verb->footer(
      "Exit status: 0 when there is a receipt, also for a guest that trapped; 130 and 143 for a "
      "job that a signal cancelled, whose receipt is printed too; otherwise as run has it.");
  verb->callback([flags, verb, &exit_status] { exit_status = ExecuteJob(*flags, *verb); });
}

}  // namespace plasm::app
