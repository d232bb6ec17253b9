// The flags of a job, which the verbs that run one share.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "execution/job_order.h"
#include "worker/protocol/job.h"
#include "worker/supervisor/local_run.h"

namespace plasm::app {

struct JobFlags {
  std::vector<std::string> env;
  std::vector<std::string> dirs;     // HOST::GUEST
  std::vector<std::string> inputs;   // GUEST=HOST
  std::vector<std::string> outputs;  // GUEST=HOST
  worker::JobLimits limits;
  double timeout_seconds = 300;
  std::string profile = "plasm-det-1";
  std::string seed;        // empty: derived from the job
  std::string start_time;  // empty: now
  std::string tier = "auto";
  std::string engine = "native";

  worker::TierChoice TierChoice() const;
  worker::Target Target() const;
};

// How a verb is given folders: --dir HOST::GUEST or --input GUEST=HOST.
enum class FolderFlag { kDir, kInput };

void AddJobFlags(CLI::App& verb, JobFlags& flags, FolderFlag folders);
// How this machine runs it: --tier, --engine.
void AddEngineFlags(CLI::App& verb, JobFlags& flags);

// Declares that the verb's own flags come first and everything from MODULE on belongs to
// the guest, flags included.
void TakeModuleAndArguments(CLI::App& verb);
// main()'s arguments for CLI::App::parse, so that a "--" reaches the verb.
std::vector<std::string> MarkSeparator(int argc, char** argv);
// The words from MODULE on; kInvalid when there are none.
Result<std::vector<std::string>> ModuleAndArguments(const CLI::App& verb);

struct OrderedJob {
  execution::JobOrder order;
  // On the host, of each of order.outputs.
  std::vector<std::filesystem::path> destinations;
};
// What the flags and the words from MODULE on ask for. The guest learns the module's name, never
// where it is on this host. kInvalid names the flag, what was given and what is expected.
Result<OrderedJob> OrderOf(const JobFlags& flags, const std::vector<std::string>& words);

// "32 to 128 hex digits", as a manifest has it; `flag` stands in the error.
Result<std::string> ParseNonce(const std::string& flag, const std::string& text);

}  // namespace plasm::app
