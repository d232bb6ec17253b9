// How an audit runs jobs again: on this machine, or on nodes.
#pragma once

#include <CLI/App.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "cli/data_folder.h"
#include "execution/replay_receipt.h"
#include "node_finder.h"
#include "receipt/statement.h"
#include "replay_setup.h"

namespace plasm::app {

struct AuditReplayFlags {
  ReplayFlags here;
  std::string node;
  FinderFlags finder{.trust = "pinned"};
};

// --engine and --timeout for this machine; --node, or --select and what belongs to it, for nodes.
void AddAuditReplayFlags(CLI::App& verb, AuditReplayFlags& flags);

// Runs the job of a receipt again; `folder` is where the receipt is. Blocks until it has ended.
using ReplayOne = std::function<Result<execution::ReplayReport>(
    const receipt::Statement& recorded, const std::filesystem::path& folder)>;

// As the flags want it; nodes are looked for now. kInvalid for flags that make no sense,
// kUnavailable when there is no worker or no such node. Clock, entropy and data folder outlive it.
Result<ReplayOne> MakeReplays(const AuditReplayFlags& flags, const DataFolder& data, Clock& clock,
                              Entropy& entropy);

// What the audit states as having run the jobs again. A replay that ran elsewhere on another
// engine than the first one can't be stated, and becomes inconclusive.
class StatedRuntime {
 public:
  // `otherwise`: when nothing was run.
  explicit StatedRuntime(receipt::Runtime otherwise) : runtime_(std::move(otherwise)) {}
  void Take(execution::ReplayReport& report);
  const receipt::Runtime& runtime() const { return runtime_; }

 private:
  receipt::Runtime runtime_;
  bool has_run_ = false;
};

}  // namespace plasm::app
