// plasm logs, output and receipt: what a job on a node gave.
#include <unistd.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "base/quote.h"
#include "blobs/blob_store.h"
#include "cli/terminal.h"
#include "client/digested_output.h"
#include "client/kept_outputs.h"
#include "detach_signal.h"
#include "ending_report.h"
#include "home/receipt_files.h"
#include "job/exit_status.h"
#include "job_streams.h"
#include "judged_job.h"
#include "node_access.h"
#include "verbs.h"
#include "verdict_report.h"

namespace plasm::app {
namespace {

struct Flags {
  NodeFlags node;
  std::string job;
  bool follow = false;
  bool standard_error = false;
  std::vector<std::string> outputs;  // GUEST=HOST
  std::string file;
};

Result<client::JobDocument> Ended(NodeAccess& access, const std::string& id, const char* else_do) {
  PLASM_TRY(client::JobDocument job, access.node().Show(id));
  if (client::IsEnded(job.state)) return job;
  return Error{ErrorCode::kConflict, "the job has not ended: it is " +
                                         std::string(client::JobStateName(job.state)) + " (" +
                                         else_do + ")"};
}

void PrintStreams(const JobStreams& streams, const client::JobDocument& job) {
  JsonWriter json(JsonStyle::kPretty);
  json.BeginObject().Field("job_id", job.id).Field("state", client::JobStateName(job.state));
  WriteStreamField("stdout", streams.kept(worker::Stream::kStdout), json);
  WriteStreamField("stderr", streams.kept(worker::Stream::kStderr), json);
  json.EndObject();
  std::printf("%s\n", std::move(json).Take().c_str());
}

Result<int> Logs(const Flags& flags, const DataFolder& data) {
  SystemClock clock;
  SystemEntropy entropy;
  PLASM_TRY(const DetachSignal signal, DetachSignal::Create());
  PLASM_TRY(const auto access,
            AccessToJob(data, flags.node.node, flags.job, clock, entropy, signal.fd()));
  JobStreams streams(flags.node.json ? StreamsTo::kMemory : StreamsTo::kStandardStreams);
  if (flags.follow) {
    client::DigestedOutput output(streams);
    auto ended = output.Watch(access->session(), flags.job);
    if (!ended && DetachSignal::Number() != 0) return kExitSignalled + DetachSignal::Number();
    if (!ended) return std::move(ended).error();
    for (const auto stream : {worker::Stream::kStdout, worker::Stream::kStderr}) {
      const bool out = stream == worker::Stream::kStdout;
      const auto& contents = out ? ended->stdout_contents : ended->stderr_contents;
      if (!contents) continue;
      PLASM_TRY_VOID(output.Complete(access->node(), flags.job, stream, contents->bytes));
    }
    if (flags.node.json) PrintStreams(streams, *ended);
    return kPlasmOk;
  }
  PLASM_TRY(const client::JobDocument job, Ended(*access, flags.job, "plasm logs -f follows it"));
  PLASM_TRY(const Bytes out, access->node().Fetch(flags.job, client::JobPart::kStdout));
  PLASM_TRY_VOID(streams.OnOutput(worker::Stream::kStdout, out));
  PLASM_TRY(const Bytes err, access->node().Fetch(flags.job, client::JobPart::kStderr));
  PLASM_TRY_VOID(streams.OnOutput(worker::Stream::kStderr, err));
  if (flags.node.json) PrintStreams(streams, job);
  return kPlasmOk;
}

Result<std::vector<client::WantedOutput>> Wanted(const std::vector<std::string>& arguments) {
  std::vector<client::WantedOutput> wanted;
  for (const std::string& argument : arguments) {
    const auto mark = argument.find('=');
    if (mark == std::string::npos || mark == 0 || mark + 1 == argument.size()) {
      return Error{ErrorCode::kInvalid, "--output " + argument + ": GUEST=HOST is expected"};
    }
    wanted.push_back({argument.substr(0, mark), argument.substr(mark + 1)});
  }
  return wanted;
}

// Nothing is handed out before the receipt has been verified and is about it.
Result<int> Output(const Flags& flags, const DataFolder& data) {
  SystemClock clock;
  SystemEntropy entropy;
  PLASM_TRY(const auto wanted, Wanted(flags.outputs));
  PLASM_TRY(const DetachSignal signal, DetachSignal::Create());
  PLASM_TRY(const auto access,
            AccessToJob(data, flags.node.node, flags.job, clock, entropy, signal.fd()));
  PLASM_TRY(client::JobDocument job, Ended(*access, flags.job, "plasm wait waits for it"));
  JobStreams streams(StreamsTo::kMemory);
  client::DigestedOutput output(streams);
  PLASM_TRY(const JudgedJob judged, JudgeHere(*access, data, std::move(job), &output, clock));
  PLASM_TRY_VOID(client::ExpectValid(judged.verification));
  if (flags.node.json) {
    PrintStreams(streams, judged.job);
  } else if (wanted.empty() || flags.standard_error) {
    const auto stream = flags.standard_error ? worker::Stream::kStderr : worker::Stream::kStdout;
    PLASM_TRY_VOID(WriteAll(STDOUT_FILENO, streams.kept(stream), "standard output"));
  }
  if (wanted.empty()) return kPlasmOk;
  ProgressLine line("downloading KiB");
  PLASM_TRY(const std::vector<std::string> missing,
            client::FetchOutputs(
                access->session(), judged.job, *judged.verification.statement, wanted,
                BlobStore(data.blobs()),
                [&](std::uint64_t done, std::uint64_t all) { line.Show(done >> 10, all >> 10); }));
  line.Clear();
  for (const std::string& name : missing) {
    PrintError("the job kept nothing under " + Quote(name));
  }
  return missing.empty() ? kPlasmOk : kPlasmFailed;
}

Result<int> Receipt(const Flags& flags, const DataFolder& data) {
  SystemClock clock;
  SystemEntropy entropy;
  PLASM_TRY(const DetachSignal signal, DetachSignal::Create());
  PLASM_TRY(const auto access,
            AccessToJob(data, flags.node.node, flags.job, clock, entropy, signal.fd()));
  PLASM_TRY(client::JobDocument job, Ended(*access, flags.job, "plasm wait waits for it"));
  PLASM_TRY(JudgedJob judged, JudgeHere(*access, data, std::move(job), nullptr, clock));
  std::string file = judged.receipt.string();
  if (!flags.file.empty()) {
    std::optional<ByteView> proof;
    if (judged.bundle.proof) proof = *judged.bundle.proof;
    PLASM_TRY_VOID(home::WriteReceiptFiles(
        {.receipt = judged.bundle.receipt, .proof = proof, .manifest = judged.bundle.manifest},
        flags.file));
    file = flags.file;
  }
  const receipt::Verdict verdict = judged.verification.verdict;
  const VerdictReport report{file, std::move(judged.verification), {}};
  std::fputs((flags.node.json ? ReportJson(report) : ReportText(report)).c_str(), stdout);
  return receipt::VerdictExitCode(verdict);
}

using Action = Result<int> (*)(const Flags&, const DataFolder&);

CLI::App* AddVerb(CLI::App& app, const char* name, const char* what, Action action,
                  const std::shared_ptr<Flags>& flags, int& exit_status) {
  CLI::App* verb = app.add_subcommand(name, what);
  verb->add_option("JOB", flags->job, "The job's id")->required();
  AddNodeFlags(*verb, flags->node);
  verb->callback([flags, action, &exit_status] {
    const auto data = DataFolder::Locate(flags->node.data_dir);
    const auto done = data ? action(*flags, *data) : Result<int>(data.error());
    if (!done && DetachSignal::Number() != 0) {
      exit_status = kExitSignalled + DetachSignal::Number();
    } else {
      exit_status = done ? *done : Failed(done.error());
    }
  });
  return verb;
}

}  // namespace

void AddResultsVerbs(CLI::App& app, int& exit_status) {
  auto flags = std::make_shared<Flags>();
  CLI::App* logs = AddVerb(app, "logs", "What a job writes to its standard streams, unverified",
                           Logs, flags, exit_status);
  logs->add_flag("-f,--follow", flags->follow, "On the way, until the job has ended");

  flags = std::make_shared<Flags>();
  CLI::App* output = AddVerb(app, "output", "What a job gave, once its receipt is verified", Output,
                             flags, exit_status);
  output->add_flag("--stderr", flags->standard_error,
                   "Print its standard error instead of its standard output");
  output->add_option("--output", flags->outputs, "Copy a file or folder that it kept; repeatable")
      ->type_name("GUEST=HOST")
      ->allow_extra_args(false);

  flags = std::make_shared<Flags>();
  CLI::App* receipt =
      AddVerb(app, "receipt", "Get, verify and save a job's receipt", Receipt, flags, exit_status);
  receipt
      ->add_option("-o,--receipt-file", flags->file,
                   "Also write it to FILE, with its proof and manifest beside it")
      ->type_name("FILE");
  receipt->footer("Exit status: as verify has it.");
}

}  // namespace plasm::app
