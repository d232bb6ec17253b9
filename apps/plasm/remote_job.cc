#include "remote_job.h"

#include <cstdio>
#include <utility>

#include "base/json_writer.h"
#include "base/quote.h"
#include "blobs/blob_store.h"
#include "cli/terminal.h"
#include "client/job_request.h"
#include "client/kept_outputs.h"
#include "ending_report.h"
#include "job/exit_status.h"
#include "job/job_runner.h"
#include "verbs.h"

namespace plasm::app {

int NodeFailed(const Error& error) {
  PrintError(error.message);
  return kExitNodeFailed;
}

PlannedRun PlanRun(const RunRequest& request, const DataFolder& data, const std::string& node,
                   Clock& clock, Entropy& entropy) {
  const auto read = ReadModule(request.words.front());
  if (const auto* error = std::get_if<JobError>(&read)) {
    PrintError(error->message);
    return {{}, error->status};
  }
  const auto input = OpenStandardInput(request.flags.standard_input);
  if (!input) return {{}, NodeFailed(input.error())};
  auto plan = client::PlanRequest(data, node, request.flags.idempotency_key, request.order,
                                  std::get<Bytes>(read), input->fd, clock, entropy);
  if (!plan) return {{}, NodeFailed(plan.error())};
  if (request.flags.dry_run) {
    std::printf("%s\n", plan->text.c_str());
    return {{}, kExitOk};
  }
  return {*std::move(plan)};
}

Result<client::SubmittedJob> SubmitPlanned(const DataFolder& data, client::NodeAccess& access,
                                           const client::JobPlan& plan,
                                           const client::JobNames& names) {
  ProgressLine progress("uploading KiB");
  return client::SubmitRequest(
      data, access, plan, names,
      [&](std::uint64_t done, std::uint64_t all) { progress.Show(done >> 10, all >> 10); });
}

Result<int> Deliver(const RunRequest& request, const DataFolder& data, client::NodeAccess& access,
                    const client::JobDocument& job, const receipt::Statement& statement) {
  const int status = ExitStatusOf(statement.result);
  const std::string why = WhyEnded(statement.result);
  if (!why.empty() && !request.flags.quiet) PrintError(why);
  std::vector<client::WantedOutput> wanted;
  for (std::size_t i = 0; i < request.destinations.size(); ++i) {
    wanted.push_back({request.order.outputs[i], request.destinations[i]});
  }
  if (wanted.empty()) return status;
  ProgressLine progress("downloading KiB");
  PLASM_TRY(const std::vector<std::string> missing,
            client::FetchOutputs(access.session(), job, statement, wanted, BlobStore(data.blobs()),
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

void PrintJson(const client::JudgedJob& judged, const std::string& node,
               const Bytes& standard_output, const Bytes& standard_error) {
  JsonWriter json(JsonStyle::kPretty);
  json.BeginObject().Field("job_id", judged.job.id).Field("node", node);
  WriteStreamField("stdout", standard_output, json);
  WriteStreamField("stderr", standard_error, json);
  WriteEnding(judged.verification, judged.receipt, json);
  json.EndObject();
  std::printf("%s\n", std::move(json).Take().c_str());
}

}  // namespace plasm::app
