// plasm jobs, show, wait and cancel.
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/json_writer.h"
#include "base/quote.h"
#include "client/job_document.h"
#include "detach_signal.h"
#include "ending_report.h"
#include "job/exit_status.h"
#include "judged_job.h"
#include "node_access.h"
#include "verbs.h"

namespace plasm::app {
namespace {

struct Flags {
  NodeFlags node;
  std::string job;
  std::vector<std::string> states;
  std::uint32_t limit = 50;
  bool all = false;
};

std::string HowItIs(const client::JobDocument& job) {
  std::string text(client::JobStateName(job.state));
  if (job.exit_code) text += " " + std::to_string(*job.exit_code);
  if (job.trap) text += ": " + *job.trap;
  return text;
}

void PrintJson(const client::JobDocument& job) {
  JsonWriter json(JsonStyle::kPretty);
  client::WriteJob(job, json);
  std::printf("%s\n", std::move(json).Take().c_str());
}

void Line(const char* label, const std::string& value) {
  std::printf("%-10s %s\n", label, value.c_str());
}

void PrintJob(const client::JobDocument& job, const std::string& node) {
  Line("job", job.id);
  Line("node", node);
  Line("state",
       HowItIs(job) +
           (job.cancel_requested && !client::IsEnded(job.state) ? ", to be cancelled" : ""));
  Line("client", job.client);
  Line("manifest", job.manifest.ToHex());
  Line("submitted", job.submitted.ToString());
  if (job.started) Line("started", job.started->ToString());
  if (job.ended) Line("ended", job.ended->ToString());
  if (job.attempts > 1) Line("attempts", std::to_string(job.attempts));
  if (job.fuel_used) Line("fuel", std::to_string(*job.fuel_used));
  if (job.stdout_contents) Line("stdout", std::to_string(job.stdout_contents->bytes) + " bytes");
  if (job.stderr_contents) Line("stderr", std::to_string(job.stderr_contents->bytes) + " bytes");
  for (const client::NamedOutput& output : job.outputs) {
    Line("output", Quote(output.path) + " " + std::to_string(output.contents.bytes) + " bytes");
  }
  if (job.message) Line("message", *job.message);
}

Result<int> Jobs(const Flags& flags, const DataFolder& data) {
  SystemClock clock;
  SystemEntropy entropy;
  client::JobFilter filter{.states = {}, .limit = flags.limit, .all_clients = flags.all};
  for (const std::string& name : flags.states) {
    PLASM_TRY(const client::JobState state, client::ParseJobState(name));
    filter.states.push_back(state);
  }
  PLASM_TRY(const auto access, AccessToJob(data, flags.node.node, flags.job, clock, entropy));
  PLASM_TRY(const std::vector<client::JobDocument> jobs, access->node().List(filter));
  if (flags.node.json) {
    JsonWriter json(JsonStyle::kPretty);
    json.BeginArray();
    for (const client::JobDocument& job : jobs) client::WriteJob(job, json);
    json.EndArray();
    std::printf("%s\n", std::move(json).Take().c_str());
    return kPlasmOk;
  }
  for (const client::JobDocument& job : jobs) {
    std::printf("%s  %s  %s%s\n", job.id.c_str(), job.submitted.ToString().c_str(),
                HowItIs(job).c_str(), flags.all ? ("  " + job.client).c_str() : "");
  }
  return kPlasmOk;
}

Result<int> Show(const Flags& flags, const DataFolder& data) {
  SystemClock clock;
  SystemEntropy entropy;
  PLASM_TRY(const auto access, AccessToJob(data, flags.node.node, flags.job, clock, entropy));
  PLASM_TRY(const client::JobDocument job, access->node().Show(flags.job));
  if (flags.node.json) {
    PrintJson(job);
  } else {
    PrintJob(job, access->name());
  }
  return kPlasmOk;
}

Result<int> Cancel(const Flags& flags, const DataFolder& data) {
  SystemClock clock;
  SystemEntropy entropy;
  PLASM_TRY(const auto access, AccessToJob(data, flags.node.node, flags.job, clock, entropy));
  PLASM_TRY(const client::JobDocument job, access->node().Cancel(flags.job));
  if (flags.node.json) {
    PrintJson(job);
  } else {
    std::printf("%s  %s%s\n", job.id.c_str(), HowItIs(job).c_str(),
                client::IsEnded(job.state) ? "" : ", to be cancelled");
  }
  return kPlasmOk;
}

Result<int> Wait(const Flags& flags, const DataFolder& data) {
  SystemClock clock;
  SystemEntropy entropy;
  PLASM_TRY(const DetachSignal signal, DetachSignal::Create());
  PLASM_TRY(const auto access,
            AccessToJob(data, flags.node.node, flags.job, clock, entropy, signal.fd()));
  auto ended = access->node().WaitUntilEnd(flags.job);
  if (!ended && DetachSignal::Number() != 0) return kExitSignalled + DetachSignal::Number();
  if (!ended) return std::move(ended).error();
  PLASM_TRY(const JudgedJob judged, JudgeHere(*access, data, *std::move(ended), nullptr, clock));
  if (flags.node.json) {
    JsonWriter json(JsonStyle::kPretty);
    json.BeginObject().Field("job_id", judged.job.id).Field("node", access->name());
    WriteEnding(judged.verification, judged.receipt, json);
    json.EndObject();
    std::printf("%s\n", std::move(json).Take().c_str());
  } else {
    ShowReceipt(judged.bundle.receipt, judged.receipt, judged.verification);
  }
  PLASM_TRY_VOID(client::ExpectValid(judged.verification));
  const receipt::Outcome& outcome = judged.verification.statement->result;
  if (const std::string why = WhyEnded(outcome); !why.empty()) PrintError(why);
  return ExitStatusOf(outcome);
}

using Action = Result<int> (*)(const Flags&, const DataFolder&);

CLI::App* AddVerb(CLI::App& app, const char* name, const char* what, Action action,
                  const std::shared_ptr<Flags>& flags, int failed_status, int& exit_status) {
  CLI::App* verb = app.add_subcommand(name, what);
  AddNodeFlags(*verb, flags->node);
  verb->callback([flags, action, failed_status, &exit_status] {
    const auto data = DataFolder::Locate(flags->node.data_dir);
    const auto done = data ? action(*flags, *data) : Result<int>(data.error());
    exit_status = done ? *done : failed_status;
    if (!done) PrintError(done.error().message);
  });
  return verb;
}

}  // namespace

void AddJobsVerbs(CLI::App& app, int& exit_status) {
  auto flags = std::make_shared<Flags>();
  CLI::App* jobs = AddVerb(app, "jobs", "Jobs on a node, the newest first", Jobs, flags,
                           kPlasmFailed, exit_status);
  jobs->add_option("--state", flags->states, "Only those in this state, as in running; repeatable")
      ->type_name("STATE")
      ->allow_extra_args(false);
  jobs->add_option("--limit", flags->limit, "At most so many [50]")
      ->type_name("N")
      ->check(CLI::Range(1u, 1'000'000u));
  jobs->add_flag("--all", flags->all, "Those of other clients too, where the node allows it");

  const auto add_job = [](CLI::App* verb, const std::shared_ptr<Flags>& of) {
    verb->add_option("JOB", of->job, "The job's id")->required();
  };
  flags = std::make_shared<Flags>();
  add_job(AddVerb(app, "show", "One job, as its node describes it", Show, flags, kPlasmFailed,
                  exit_status),
          flags);
  flags = std::make_shared<Flags>();
  CLI::App* wait = AddVerb(app, "wait", "Wait for a job's end, and verify and save its receipt",
                           Wait, flags, kExitNodeFailed, exit_status);
  add_job(wait, flags);
  wait->footer("Exit status: as run has it.");
  flags = std::make_shared<Flags>();
  add_job(AddVerb(app, "cancel", "End a job that is queued or running", Cancel, flags, kPlasmFailed,
                  exit_status),
          flags);
}

}  // namespace plasm::app
