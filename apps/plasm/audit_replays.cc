#include "audit_replays.h"

#include <CLI/Validators.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "client/client_identity.h"
#include "client/remote_replay.h"
#include "crypto/public_key_text.h"
#include "selected_nodes.h"
#include "verbs.h"

namespace plasm::app {
namespace {

Result<std::vector<client::KnownNode>> NodesOf(const AuditReplayFlags& flags,
                                               const DataFolder& data, Clock& clock,
                                               Entropy& entropy) {
  if (!flags.finder.select) {
    PLASM_TRY(const client::NodeList list, client::NodeListFile(data.root()).Load());
    PLASM_TRY(auto node, client::ChooseNode(list, flags.node, ""));
    if (node) return std::vector{*std::move(node)};
    return std::vector<client::KnownNode>();  // "local"
  }
  if (flags.finder.trust != "pinned") {
    return Error{ErrorCode::kInvalid,
                 "--trust any: an audit rests on trusted nodes alone, --trust pinned"};
  }
  return SelectNodes(data, flags.finder, {}, clock, entropy);
}

Result<ReplayOne> ReplaysHere(const ReplayFlags& flags, const DataFolder& data, Clock& clock) {
  PLASM_TRY(std::shared_ptr<ReplaySetup> setup, MakeReplaySetup(data, flags, clock));
  return ReplayOne(
      [setup](const receipt::Statement& recorded, const std::filesystem::path& folder) {
        return setup->Replay(recorded, std::nullopt, {folder});
      });
}

}  // namespace

void AddAuditReplayFlags(CLI::App& verb, AuditReplayFlags& flags) {
  CLI::Option* const engine =
      verb.add_option("--engine", flags.here.engine, "jit, or pulley, an interpreter [jit]")
          ->type_name("ENGINE")
          ->check(CLI::IsMember({"jit", "pulley"}));
  CLI::Option* const timeout =
      verb.add_option("--timeout", flags.here.timeout_seconds,
                      "Most wall time of one replay in seconds; 0: none [300]")
          ->type_name("SECONDS")
          ->check(CLI::Range(0.0, 31'536'000.0));
  CLI::Option* const node =
      verb.add_option("--node", flags.node,
                      "Run the jobs again on this node, instead of on this machine")
          ->type_name("NAME")
          ->excludes(engine)
          ->excludes(timeout);
  AddFinderFlags(verb, flags.finder, FinderUse::kWithSelectOnly, "--find-timeout");
  verb.get_option("--select")->excludes(node)->excludes(engine)->excludes(timeout);
}

Result<ReplayOne> MakeReplays(const AuditReplayFlags& flags, const DataFolder& data, Clock& clock,
                              Entropy& entropy) {
  if (flags.node.empty() && !flags.finder.select) return ReplaysHere(flags.here, data, clock);
  PLASM_TRY(const std::vector<client::KnownNode> nodes, NodesOf(flags, data, clock, entropy));
  if (nodes.empty()) return ReplaysHere(flags.here, data, clock);
  PLASM_TRY(const crypto::SigningKey key, client::LoadOrCreateClientKey(data.root(), entropy));
  client::RemoteReplaySettings settings{.requester = crypto::Fingerprint(key.public_key()),
                                        .say = PrintError};
  return ReplayOne(
      [&data, &clock, &entropy, nodes, settings = std::move(settings)](
          const receipt::Statement& recorded, const std::filesystem::path& folder) mutable {
        settings.folders = {folder};
        return client::ReplayOnNodes(data, nodes, recorded, settings, clock, entropy);
      });
}

void StatedRuntime::Take(execution::ReplayReport& report) {
  if (report.runtime.engine.empty()) return;  // nothing ran
  if (!has_run_) {
    has_run_ = true;
    runtime_ = report.runtime;
  } else if (report.runtime != runtime_) {
    report.verdict = receipt::Verdict::kReplayInconclusive;
    report.reason = "it was run again on another engine than the others, " + report.runtime.engine +
                    " " + report.runtime.version + " for " + report.runtime.target;
  }
}

}  // namespace plasm::app
