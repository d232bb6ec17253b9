// plasm nodes: which nodes there are.
#include <unistd.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/entropy.h"
#include "node_finder.h"
#include "node_table.h"
#include "verbs.h"

namespace plasm::app {
namespace {

constexpr std::uint64_t kNs = 1'000'000'000;
constexpr std::uint64_t kWatchEveryNs = 2 * kNs;

struct Flags {
  std::string data_dir;
  FinderFlags finder;
  bool watch = false;
  bool json = false;
};

// What could not be asked, and of a look without success why.
void Explain(const Findings& findings) {
  for (const std::string& source : findings.report.sources) PrintError(source);
  if (!findings.nodes.empty()) return;
  for (const std::string& line : WhyNothing(findings)) PrintError(line);
}

bool Print(const Findings& findings, const Flags& flags) {
  std::string text;
  if (flags.json) {
    text = JsonOf(findings.nodes, flags.watch ? JsonForm::kLine : JsonForm::kPretty);
  } else if (!findings.nodes.empty() || flags.watch) {
    if (flags.watch && isatty(STDOUT_FILENO) != 0) text = "\033[H\033[2J";
    text += TableOf(findings.nodes);
  }
  return std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
}

Result<int> Run(const Flags& flags) {
  SystemClock clock;
  SystemEntropy entropy;
  PLASM_TRY(const DataFolder data, DataFolder::Locate(flags.data_dir));
  PLASM_TRY(const auto finder, NodeFinder::Open(data, flags.finder, clock, entropy));
  while (true) {
    PLASM_TRY(const Findings findings, finder->Look());
    if (!Print(findings, flags)) {
      return Error{ErrorCode::kUnavailable, "the nodes could not be written to standard output"};
    }
    if (!flags.watch) {
      Explain(findings);
      return findings.nodes.empty() ? kPlasmFailed : kPlasmOk;
    }
    clock.SleepNs(kWatchEveryNs);  // until the user has seen enough, and ends it
  }
}

}  // namespace

void AddNodesVerb(CLI::App& app, int& exit_status) {
  CLI::App* verb = app.add_subcommand("nodes", "Which nodes there are, and what they can do");
  auto flags = std::make_shared<Flags>();
  AddDataDirFlag(*verb, flags->data_dir);
  AddFinderFlags(*verb, flags->finder, FinderUse::kTheVerbItself, "--timeout");
  verb->add_flag("--watch", flags->watch, "Look again and again");
  verb->add_flag("--json", flags->json, "As JSON");
  verb->footer(
      "Whoever answers is asked for a signed card, and shown only if that is valid. Whether a node "
      "is to be trusted is for you to say: plasm node add URL.");
  verb->callback([flags, &exit_status] {
    const auto done = Run(*flags);
    if (done) {
      exit_status = *done;
    } else {
      exit_status = Failed(done.error());
      if (done.error().code == ErrorCode::kInvalid) exit_status = kPlasmUsage;
    }
  });
}

}  // namespace plasm::app
