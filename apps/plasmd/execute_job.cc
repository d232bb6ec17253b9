// plasmd execute-job: runs a module, captures what it writes, and prints one JSON object
// with a signed receipt.
#include <unistd.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <memory>

#include "base/base64.h"
#include "base/entropy.h"
#include "base/hex.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "crypto/key_file.h"
#include "job_runner.h"
#include "receipt/receipt_v1.h"
#include "verbs.h"

namespace plasm::app {
namespace {

// What receipt v0.1 says of a guest that did not exit by itself, as the first system did.
constexpr std::uint8_t kExitCodeWithoutExit = 1;

class Capture final : public OutputSink {
 public:
  void OnOutput(worker::Stream stream, ByteView bytes) override {
    Bytes& target = stream == worker::Stream::kStdout ? out : err;
    target.insert(target.end(), bytes.begin(), bytes.end());
  }
  Bytes out;
  Bytes err;
};

// JSON carries text: other bytes are replaced there, and stand whole under <name>_base64.
void WriteStream(JsonWriter& json, const std::string& name, const Bytes& bytes) {
  json.Field(name, ToUtf8Lossy(bytes));
  if (!IsValidUtf8(bytes)) json.Field(name + "_base64", EncodeBase64(bytes));
}

std::uint8_t ReceiptExitCode(const worker::JobEnding& ending) {
  if (ending.status != worker::JobStatus::kExited) return kExitCodeWithoutExit;
  return static_cast<std::uint8_t>(ExitCode(ending));
}

receipt::ReceiptV1 Sign(const FinishedJob& job, const crypto::SigningKey& key, Clock& clock) {
  return receipt::SignReceiptV1({.module_hash = job.module_digest,
                                 .exit_code = ReceiptExitCode(job.ending),
                                 .wall_time_ms = job.ending.wall_time_ns / 1'000'000,
                                 .timestamp = clock.RealtimeNs() / 1'000'000'000},
                                key);
}

std::string Report(const JobFlags& flags, const FinishedJob& job, const Capture& output,
                   const receipt::ReceiptV1& signed_receipt, Entropy& entropy) {
  const worker::JobEnding& ending = job.ending;
  JsonWriter json(JsonStyle::kPretty);
  json.BeginObject();
  json.Field("job_id", "job-" + RandomUuid(entropy));
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
  json.Field("profile", flags.profile);
  json.Field("start_time", job.start_time_seconds);
  json.Field("seed", EncodeHex(job.seed));
  json.Field("tier", job.tier == worker::Tier::kQuick ? "quick" : "full");
  json.Field("engine", flags.engine);
  json.Key("receipt");
  receipt::WriteReceiptV1(signed_receipt, json);
  json.EndObject();
  return std::move(json).Take() + "\n";
}

int ExecuteJob(const JobFlags& flags, const CLI::App& verb) {
  const auto words = ModuleAndArguments(verb);
  if (!words) {
    PrintError(words.error().message);
    return kExitUsage;
  }
  const auto data = DataFolder::Locate(flags.data_dir);
  if (!data) {
    PrintError(data.error().message);
    return kExitNodeFailed;
  }
  // Before the job: a result that can't be signed is not worth waiting for.
  SystemEntropy entropy;
  const auto key = crypto::LoadOrCreateSigningKey(data->receipt_key(), entropy);
  if (!key) {
    PrintError(key.error().message);
    return kExitNodeFailed;
  }
  SystemClock clock;
  Capture output;
  // Somebody at a terminal who named no input means none.
  worker::StdinFeed input =
      isatty(STDIN_FILENO) != 0 ? worker::StdinFeed() : worker::StdinFeed(STDIN_FILENO);
  const auto outcome = RunJob(flags, *words, std::move(input), output, *data, clock);
  if (const auto* error = std::get_if<JobError>(&outcome)) {
    PrintError(error->message);
    return error->status;
  }
  const auto& job = std::get<FinishedJob>(outcome);
  // No receipt for a run that this node, not the guest, is to blame for.
  if (job.ending.status == worker::JobStatus::kFailed) {
    PrintError(job.ending.message);
    return kExitNodeFailed;
  }
  if (job.ending.status == worker::JobStatus::kRefused) {
    PrintError("module does not fit its limits (--memory): " + job.ending.message);
    return kExitModuleBad;
  }
  const std::string report = Report(flags, job, output, Sign(job, *key, clock), entropy);
  if (std::fwrite(report.data(), 1, report.size(), stdout) != report.size() ||
      std::fflush(stdout) != 0) {
    PrintError("the result could not be written");
    return kExitNodeFailed;
  }
  if (job.ending.status == worker::JobStatus::kCancelled) return kExitSignalled + job.signal;
  if (const std::string missing = MissingOutputs(job); !missing.empty()) {
    PrintError(missing);
    return kExitNodeFailed;
  }
  return kExitOk;
}

}  // namespace

void AddExecuteJobVerb(CLI::App& app, int& exit_status) {
  CLI::App* verb = app.add_subcommand(
      "execute-job", "Run a module and print its output and a signed receipt as JSON");
  auto flags = std::make_shared<JobFlags>();
  AddJobFlags(*verb, *flags);
  TakeModuleAndArguments(*verb);
  verb->footer(
      "Exit status: 0 when there is a receipt, also for a guest that trapped; 130 and 143 for a "
      "job that a signal cancelled, whose receipt is printed too; otherwise as run has it.");
  verb->callback([flags, verb, &exit_status] { exit_status = ExecuteJob(*flags, *verb); });
}

}  // namespace plasm::app
