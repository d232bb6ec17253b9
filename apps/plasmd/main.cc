// plasmd: the node. Runs jobs on this machine and signs receipts for them.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <string>

#include "base/json_writer.h"
#include "base/quote.h"
#include "job/background_compile.h"
#include "job/exit_status.h"
#include "job/job_flags.h"
#include "log.h"
#include "verbs.h"

namespace plasm::app {
namespace {

constexpr const char* kFooter =
    "Exit status of run: the guest's own, or 124 timed out, 125 plasmd failed, 126 module\n"
    "cannot be run, 127 module not found, 130 and 143 cancelled by SIGINT and SIGTERM, 134 "
    "trapped, 152 out of\n"
    "fuel, 153 output limit.";

void AddVersionVerb(CLI::App& app) {
  CLI::App* verb =
      app.add_subcommand("version", "Print the version; with --json, the engine's too");
  auto json = std::make_shared<bool>(false);
  verb->add_flag("--json", *json, "As JSON");
  auto data_dir = std::make_shared<std::string>();  // so that every verb takes it
  AddDataDirFlag(*verb, *data_dir);
  verb->callback([json, data_dir] {
    if (*json) {
      JsonWriter out(JsonStyle::kPretty);
      out.BeginObject()
          .Field("version", PLASM_VERSION)
          .Field("engine", PLASM_ENGINE_ID)
          .EndObject();
      std::printf("%s\n", std::move(out).Take().c_str());
    } else {
      std::printf("plasmd %s\n", PLASM_VERSION);
    }
  });
}

// A standard stream that was closed would give its number to the next descriptor that is
// opened, and the guest's output would end up there. What is put in its place fails like it.
void ReserveStandardStreams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) >= 0) continue;
    (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);  // takes the lowest number
  }
}

int Main(int argc, char** argv) {
  ReserveStandardStreams();
  CLI::App app("plasmd runs WebAssembly (WASI) programs in a sandbox and signs receipts.");
  app.name("plasmd");
  app.footer(kFooter);
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("plasmd ") + PLASM_VERSION);
  std::string log_level = "warn";
  app.add_option("--log-level", log_level, "trace, debug, info, warn, error or off [warn]")
      ->type_name("LEVEL");
  int exit_status = kExitOk;
  app.parse_complete_callback([&log_level] {
    if (auto started = StartLog(log_level); !started) {
      throw CLI::ValidationError("--log-level", started.error().message);
    }
  });
  AddRunVerb(app, exit_status);
  AddExecuteJobVerb(app, exit_status);
  AddCardVerb(app, exit_status);
  AddKeyVerb(app, exit_status);
  AddVerifyReceiptVerb(app, exit_status);
  AddStartVerb(app, exit_status);
  AddClientVerb(app, exit_status);
  AddTokenVerb(app, exit_status);
  AddVersionVerb(app);
  AddBackgroundCompileVerb(app, exit_status);
  try {
    app.parse(MarkSeparator(argc, argv));
  } catch (const CLI::RequiredError& error) {
    const auto unknown = app.remaining();  // the library only says that a verb is missing
    if (unknown.empty() || unknown.front().empty()) return app.exit(error), kExitUsage;
    PrintError("unknown verb " + Quote(unknown.front()) + " (see --help)");
    return kExitUsage;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  return exit_status;
}

}  // namespace

void AddDataDirFlag(CLI::App& verb, std::string& data_dir) {
  verb.add_option("--data-dir", data_dir,
                  "Folder of the node's key and compiled modules "
                  "[$XDG_DATA_HOME/plasm or ~/.local/share/plasm]")
      ->type_name("DIR");
}

void PrintError(const std::string& message) {
  std::fprintf(stderr, "plasmd: %s\n", message.c_str());
}

}  // namespace plasm::app

int main(int argc, char** argv) { return plasm::app::Main(argc, argv); }
