// plasmd start: serves jobs to others.
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "api/access_files.h"
#include "base/file.h"
#include "cli/data_folder.h"
#include "job/exit_status.h"
#include "job/job_flags.h"
#include "log.h"
#include "node_config.h"
#include "serving.h"
#include "verbs.h"
#include "worker/supervisor/worker_process.h"

namespace plasm::app {
namespace {

struct Flags {
  std::string config;
  std::string data_dir;
  std::vector<std::string> listen;
  std::string socket;
  bool check = false;
  bool print_config = false;
};

// File, environment, flags: the later ones win.
Result<NodeConfig> ConfigOf(const Flags& flags) {
  NodeConfig config;
  if (!flags.config.empty()) {
    PLASM_TRY(const Bytes bytes, ReadFile(flags.config, kMaxConfigBytes));
    PLASM_TRY_VOID(ReadConfig(AsText(bytes), flags.config, config));
  }
  PLASM_TRY_VOID(
      ReadEnvironment([](const char* name) -> const char* { return std::getenv(name); }, config));
  if (!flags.data_dir.empty()) config.data_dir = flags.data_dir;
  if (!flags.listen.empty()) config.listen = flags.listen;
  if (!flags.socket.empty()) config.socket = flags.socket;
  PLASM_TRY_VOID(CheckConfig(config));
  return config;
}

// What would keep the node from starting, as far as it shows without starting it.
Result<void> Check(const DataFolder& data) {
  PLASM_TRY_VOID(worker::FindWorkerProgram());
  const api::AccessFiles files(data.root());
  PLASM_TRY_VOID(files.Clients());
  PLASM_TRY_VOID(files.ReadTokens());
  return {};
}

Result<void> Start(const Flags& flags) {
  PLASM_TRY(const NodeConfig config, ConfigOf(flags));
  if (flags.print_config) {
    std::fputs(PrintConfig(config).c_str(), stdout);
    return {};
  }
  PLASM_TRY(const DataFolder data, DataFolder::Locate(config.data_dir));
  if (flags.check) {
    PLASM_TRY_VOID(Check(data));
    std::puts("ok");
    return {};
  }
  PLASM_TRY_VOID(StartLog(config.log_level,
                          config.log_format == "json" ? LogFormat::kJson : LogFormat::kText));
  // Before any thread is.
  PLASM_TRY(const ServiceSignals signals, ServiceSignals::Hold());
  SystemClock clock;
  SystemEntropy entropy;
  return Serve(config, data, signals, clock, entropy);
}

}  // namespace

void AddStartVerb(CLI::App& app, int& exit_status) {
  CLI::App* verb = app.add_subcommand("start", "Serve jobs to others");
  auto flags = std::make_shared<Flags>();
  verb->add_option("-c,--config", flags->config, "Configuration, as TOML")->type_name("FILE");
  AddDataDirFlag(*verb, flags->data_dir);
  verb->add_option("--listen", flags->listen,
                   "Address for TLS, as in 0.0.0.0:7420; may be repeated [127.0.0.1:7420]")
      ->type_name("ADDRESS");
  verb->add_option("--socket", flags->socket, "Unix socket for local users [plasmd.sock]")
      ->type_name("PATH");
  auto* check = verb->add_flag("--check", flags->check, "Only say whether it could start");
  verb->add_flag("--print-config", flags->print_config, "Only print the configuration")
      ->excludes(check);
  verb->footer(
      "The environment wins over the file (PLASM_LISTEN, PLASM_LIMITS_FUEL, …), flags over both.\n"
      "Clients are let in with plasmd client add, and tokens made with plasmd token create.");
  verb->callback([flags, &exit_status] {
    const auto started = Start(*flags);
    if (started) return;
    PrintError(started.error().message);
    exit_status = started.error().code == ErrorCode::kInvalid ? kExitUsage : kExitNodeFailed;
  });
}

}  // namespace plasm::app
