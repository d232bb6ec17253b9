// plasm: for whoever wants something run. Sends jobs to nodes or runs them here, verifies receipts,
// runs jobs again, keeps the list of trusted nodes, checks and witnesses logs.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "base/quote.h"
#include "job/background_compile.h"
#include "job/job_flags.h"
#include "verbs.h"

namespace plasm::app {
namespace {

void AddVersionVerb(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("version", "Print the version");
  auto json = std::make_shared<bool>(false);
  verb->add_flag("--json", *json, "As JSON, with the engine's version");
  verb->callback([json] {
    if (!*json) {
      std::printf("plasm %s\n", PLASM_VERSION);
      return;
    }
    JsonWriter out(JsonStyle::kPretty);
    out.BeginObject()
        .Field("version", PLASM_VERSION)
        .Field("engine", "wasmtime-" PLASM_ENGINE_VERSION)
        .EndObject();
    std::printf("%s\n", std::move(out).Take().c_str());
  });
}

// Whether a "--" is for the verb to see.
bool TakesGuestWords(int argc, char** argv) {
  const std::string_view verb = argc > 1 ? argv[1] : "";
  return verb == "run" || verb == "submit";
}

int Main(int argc, char** argv) {
  CLI::App app(
      "plasm runs WebAssembly (WASI) programs here or on machines of others, and verifies the "
      "receipts.");
  app.name("plasm");
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("plasm ") + PLASM_VERSION);
  int exit_status = kPlasmOk;
  AddRunVerb(app, exit_status);
  AddSubmitVerb(app, exit_status);
  AddJobsVerbs(app, exit_status);
  AddResultsVerbs(app, exit_status);
  AddNodeVerb(app, exit_status);
  AddNodesVerb(app, exit_status);
  AddKeyVerb(app, exit_status);
  AddVerifyVerb(app, exit_status);
  AddAuditVerb(app, exit_status);
  AddTrustVerb(app, exit_status);
  AddLogVerb(app, exit_status);
  AddVersionVerb(app);
  AddCompletionVerb(app);
  AddCompleteVerb(app);
  AddBackgroundCompileVerb(app, exit_status);
  try {
    if (TakesGuestWords(argc, argv)) {
      app.parse(MarkSeparator(argc, argv));
    } else {
      app.parse(argc, argv);
    }
  } catch (const CLI::RequiredError& error) {
    const auto unknown = app.remaining();  // the library only says that a verb is missing
    if (unknown.empty() || unknown.front().empty()) return app.exit(error), kPlasmUsage;
    PrintError("unknown verb " + Quote(unknown.front()) + " (see --help)");
    return kPlasmUsage;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kPlasmOk : kPlasmUsage;
  }
  return exit_status;
}

}  // namespace

void AddDataDirFlag(CLI::App& verb, std::string& data_dir) {
  verb.add_option("--data-dir", data_dir,
                  "Folder of trusted nodes, keys and kept contents "
                  "[$XDG_DATA_HOME/plasm or ~/.local/share/plasm]")
      ->type_name("DIR");
}

void PrintError(const std::string& message) {
  std::fprintf(stderr, "plasm: %s\n", message.c_str());
}

int Failed(const Error& error) {
  PrintError(error.message);
  return kPlasmFailed;
}

}  // namespace plasm::app

int main(int argc, char** argv) { return plasm::app::Main(argc, argv); }
