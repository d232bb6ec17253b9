// plasm run and submit with a node.
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "base/json_writer.h"
#include "base/quote.h"
#include "blobs/blob_store.h"
#include "cli/terminal.h"
#include "client/digested_output.h"
#include "client/job_request.h"
#include "client/kept_outputs.h"
#include "detach_signal.h"
#include "ending_report.h"
#include "job/exit_status.h"
#include "job/job_runner.h"
#include "job_streams.h"
#include "judged_job.h"
#include "receipt/job_id.h"
#include "run_request.h"
#include "verbs.h"

namespace plasm::app {
namespace {

int Fail(const Error& error) {
  PrintError(error.message);
  return kExitNodeFailed;
}

Result<client::JobPlan> Plan(const RunRequest& request, const DataFolder& data,
                             const std::string& node, ByteView module, Clock& clock,
                             Entropy& entropy) {
  PLASM_TRY(const InputFile input, OpenStandardInput(request.flags.standard_input));
  return client::PlanRequest(data, node, request.flags.idempotency_key, request.order, module,
                             input.fd, clock, entropy);
}

Result<client::SubmittedJob> Submit(const RunRequest& request, NodeAccess& access,
                                    const DataFolder& data, const client::JobPlan& plan,
                                    const std::string& new_id) {
  client::JobNames names;
  if (request.flags.idempotency_key.empty()) {
    names.job_id = new_id;
  } else {
    names.idempotency_key = request.flags.idempotency_key;
  }
  ProgressLine progress("uploading KiB");
  return client::SubmitRequest(
      data, access, plan, names,
      [&](std::uint64_t done, std::uint64_t all) { progress.Show(done >> 10, all >> 10); });
}

int Detached(const client::JobDocument& job, bool as_json) {
  if (as_json) {
    JsonWriter json(JsonStyle::kPretty);
    client::WriteJob(job, json);
    std::printf("%s\n", std::move(json).Take().c_str());
  } else {
    std::printf("%s\n", job.id.c_str());
  }
  return kExitOk;
}

int LetGo(const std::string& job_id, const std::string& node) {
  std::fprintf(stderr,
               "plasm: let go of %s, which goes on on %s\n"
               "  plasm wait %s    waits for its end and verifies its receipt\n"
               "  plasm cancel %s  ends it\n",
               job_id.c_str(), node.c_str(), job_id.c_str(), job_id.c_str());
  return kExitSignalled + DetachSignal::Number();
}

int NotYetSubmitted(const std::string& job_id) {
  std::fprintf(stderr,
               "plasm: stopped before the node had answered for the job\n"
               "  plasm show %s  says whether it has it\n",
               job_id.c_str());
  return kExitSignalled + DetachSignal::Number();
}

// After a valid verdict: the files, and the exit status.
Result<int> Deliver(const RunRequest& request, NodeAccess& access, const JudgedJob& judged,
                    const BlobStore& blobs) {
  const receipt::Statement& statement = *judged.verification.statement;
  int status = ExitStatusOf(statement.result);
  const std::string why = WhyEnded(statement.result);
  if (!why.empty() && !request.flags.quiet) PrintError(why);
  std::vector<client::WantedOutput> wanted;
  for (std::size_t i = 0; i < request.destinations.size(); ++i) {
    wanted.push_back({request.order.outputs[i], request.destinations[i]});
  }
  if (wanted.empty()) return status;
  ProgressLine progress("downloading KiB");
  PLASM_TRY(const std::vector<std::string> missing,
            client::FetchOutputs(access.session(), judged.job, statement, wanted, blobs,
                                 [&](std::uint64_t done, std::uint64_t all) {
                                   progress.Show(done >> 10, all >> 10);
                                 }));
  progress.Clear();
  if (missing.empty()) return status;
  std::string names;
  for (const std::string& name : missing) names += (names.empty() ? "" : ", ") + Quote(name);
  PrintError("the guest did not make what --output names: " + names);
  return status == kExitOk ? static_cast<int>(kExitNodeFailed) : status;
}

void PrintJson(const JudgedJob& judged, const std::string& node, const JobStreams& streams) {
  JsonWriter json(JsonStyle::kPretty);
  json.BeginObject().Field("job_id", judged.job.id).Field("node", node);
  WriteStreamField("stdout", streams.kept(worker::Stream::kStdout), json);
  WriteStreamField("stderr", streams.kept(worker::Stream::kStderr), json);
  WriteEnding(judged.verification, judged.receipt, json);
  json.EndObject();
  std::printf("%s\n", std::move(json).Take().c_str());
}

}  // namespace

int RunThere(const RunRequest& request, const DataFolder& data, const client::KnownNode& node,
             Clock& clock, Entropy& entropy) {
  const auto read = ReadModule(request.words.front());
  if (const auto* error = std::get_if<JobError>(&read)) {
    PrintError(error->message);
    return error->status;
  }
  const auto plan = Plan(request, data, node.name, std::get<Bytes>(read), clock, entropy);
  if (!plan) return Fail(plan.error());
  if (request.flags.dry_run) {
    std::printf("%s\n", plan->text.c_str());
    return kExitOk;
  }

  const auto signal = DetachSignal::Create();
  if (!signal) return Fail(signal.error());
  auto opened = NodeAccess::Open(data, node, clock, entropy, signal->fd());
  if (!opened) return Fail(opened.error());
  NodeAccess& access = **opened;
  const std::string new_id = receipt::RandomJobId(entropy);
  const auto submitted = Submit(request, access, data, *plan, new_id);
  if (!submitted) {
    return DetachSignal::Number() != 0 ? NotYetSubmitted(new_id) : Fail(submitted.error());
  }
  const std::string& id = submitted->job.id;
  if (request.flags.detach) return Detached(submitted->job, request.flags.node.json);

  JobStreams streams(request.flags.node.json ? StreamsTo::kMemory : StreamsTo::kStandardStreams);
  client::DigestedOutput output(streams);
  auto ended = output.Watch(access.session(), id);
  if (!ended) return DetachSignal::Number() != 0 ? LetGo(id, node.name) : Fail(ended.error());
  const auto judged = JudgeHere(access, data, *std::move(ended), &output, clock);
  if (!judged) return DetachSignal::Number() != 0 ? LetGo(id, node.name) : Fail(judged.error());
  if (request.flags.node.json) {
    PrintJson(*judged, node.name, streams);
  } else {
    ShowReceipt(judged->bundle.receipt, judged->receipt, judged->verification);
  }
  if (const auto valid = client::ExpectValid(judged->verification); !valid) {
    return Fail(valid.error());
  }
  const auto status = Deliver(request, access, *judged, BlobStore(data.blobs()));
  if (!status) return DetachSignal::Number() != 0 ? LetGo(id, node.name) : Fail(status.error());
  return *status;
}

}  // namespace plasm::app
