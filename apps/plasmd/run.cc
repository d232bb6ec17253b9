// plasmd run: the guest's standard streams are ours, and so is its exit status.
#include <unistd.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <memory>

#include "job/job_runner.h"
#include "job/pass_through.h"
#include "verbs.h"

namespace plasm::app {
namespace {

struct Flags {
  std::string data_dir;
  JobFlags job;
  bool quiet = false;
};

int StatusOf(const FinishedJob& job, bool quiet) {
  const worker::JobEnding& ending = job.ending;
  const auto say = [quiet](const std::string& message) {
    if (!quiet) PrintError(message);
  };
  switch (ending.status) {
    case worker::JobStatus::kExited:
      return ExitCode(ending);
    case worker::JobStatus::kTrapped:
      say("guest trapped: " + ending.trap + (ending.message.empty() ? "" : ": " + ending.message));
      return kExitTrapped;
    case worker::JobStatus::kOutOfFuel:
      say("guest ran out of fuel after " + std::to_string(ending.fuel_used) + " units (--fuel)");
      return kExitOutOfFuel;
    case worker::JobStatus::kTimedOut:
      say("guest ran longer than it may (--timeout)");
      return kExitTimedOut;
    case worker::JobStatus::kOutputLimit:
      say(ending.message.empty() ? "guest wrote more than it may (--output-limit)"
                                 : ending.message);
      return kExitOutputLimit;
    case worker::JobStatus::kRefused:
      say(job.rejection);
      return kExitModuleBad;
    case worker::JobStatus::kCancelled:
      say("cancelled by signal " + std::to_string(job.signal));
      return kExitSignalled + job.signal;
    case worker::JobStatus::kFailed:
      break;
  }
  PrintError(ending.message);
  return kExitNodeFailed;
}

int Run(const Flags& flags, const CLI::App& verb) {
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
  SystemClock clock;
  PassThrough sink;
  const auto outcome =
      RunJob(flags.job, *words, worker::StdinFeed(STDIN_FILENO), sink, *data, clock);
  if (const auto* error = std::get_if<JobError>(&outcome)) {
    PrintError(error->message);
    return error->status;
  }
  if (sink.failed()) {
    PrintError("the guest's output could not be written");
    return kExitNodeFailed;
  }
  const auto& job = std::get<FinishedJob>(outcome);
  const int status = StatusOf(job, flags.quiet);
  if (const std::string missing = MissingOutputs(job); !missing.empty()) {
    PrintError(missing);
    return status == kExitOk ? static_cast<int>(kExitNodeFailed) : status;
  }
  return status;
}

}  // namespace

void AddRunVerb(CLI::App& app, int& exit_status) {
  CLI::App* verb = app.add_subcommand("run", "Run a module with this terminal's streams");
  auto flags = std::make_shared<Flags>();
  verb->add_flag("-q,--quiet", flags->quiet, "Do not say why a guest was ended");
  AddDataDirFlag(*verb, flags->data_dir);
  AddJobFlags(*verb, flags->job, FolderFlag::kDir);
  AddEngineFlags(*verb, flags->job);
  TakeModuleAndArguments(*verb);
  verb->callback([flags, verb, &exit_status] { exit_status = Run(*flags, *verb); });
}

}  // namespace plasm::app
