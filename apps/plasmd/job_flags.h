// The flags that `run` and `execute-job` share.
#pragma once

#include <CLI/App.hpp>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "worker/protocol/job.h"
#include "worker/supervisor/local_run.h"

namespace plasm::app {

struct JobFlags {
  std::string data_dir;
  std::vector<std::string> env;
  std::vector<std::string> dirs;     // HOST::GUEST
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

void AddDataDirFlag(CLI::App& verb, std::string& data_dir);
void AddJobFlags(CLI::App& verb, JobFlags& flags);

// Declares that the verb's own flags come first and everything from MODULE on belongs to
// the guest, flags included.
void TakeModuleAndArguments(CLI::App& verb);
// main()'s arguments for CLI::App::parse, so that a "--" reaches the verb.
std::vector<std::string> MarkSeparator(int argc, char** argv);
// The words from MODULE on; kInvalid when there are none.
Result<std::vector<std::string>> ModuleAndArguments(const CLI::App& verb);

struct FolderMapping {
  std::string host;
  std::string guest;
};

// The flags whose values have a form of their own, read once.
struct ParsedFlags {
  std::vector<FolderMapping> dirs;
  std::vector<FolderMapping> outputs;
  std::optional<std::uint64_t> start_time_seconds;
  std::optional<std::array<std::byte, 32>> seed;
};
// kInvalid names the flag, what was given and what is expected.
Result<ParsedFlags> ParseFlags(const JobFlags& flags);

}  // namespace plasm::app
