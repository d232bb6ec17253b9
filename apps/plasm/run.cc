// plasm run and plasm submit.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/quote.h"
#include "base/system_error.h"
#include "client/client_identity.h"
#include "client/job_request.h"
#include "client/node_list.h"
#include "client/quorum_run.h"
#include "crypto/public_key_text.h"
#include "hedge_flag.h"
#include "job/exit_status.h"
#include "receipt/quorum_bundle.h"
#include "run_request.h"
#include "selected_nodes.h"
#include "verbs.h"
#include "verifier_setup.h"

namespace plasm::app {
namespace {

constexpr const char* kFooter =
    "Exit status: the guest's own, or 124 timed out, 125 plasm or the node failed, or the receipt "
    "does\nnot verify, 126 module cannot be run, 127 module not found, 130 cancelled or let go of, "
    "134 trapped,\n152 out of fuel, 153 output limit.";

int Usage(const Error& error) {
  PrintError(error.message);
  return kExitUsage;
}

Result<RunRequest> RequestOf(const RunFlags& flags, const CLI::App& verb) {
  PLASM_TRY(std::vector<std::string> words, ModuleAndArguments(verb));
  PLASM_TRY(OrderedJob ordered, OrderOf(flags.job, words));
  if (!flags.nonce.empty()) {
    PLASM_TRY(ordered.order.nonce, ParseNonce("--nonce", flags.nonce));
  }
  if (!flags.not_after.empty()) {
    auto not_after = UtcTime::Parse(flags.not_after);
    if (!not_after) return Error{ErrorCode::kInvalid, "--not-after: " + not_after.error().message};
    ordered.order.not_after = *not_after;
  }
  if (!flags.idempotency_key.empty()) {
    PLASM_TRY_VOID(client::CheckIdempotencyKey(flags.idempotency_key));
  }
  return RunRequest{flags, std::move(words), std::move(ordered.order),
                    std::move(ordered.destinations)};
}

// Those of --nodes; all that are known when it does not say.
Result<std::vector<client::KnownNode>> NodesNamed(const DataFolder& data,
                                                  const std::string& names) {
  PLASM_TRY(const client::NodeList list, client::NodeListFile(data.root()).Load());
  if (names.empty() || names == "all") return list.Nodes();
  std::vector<client::KnownNode> nodes;
  for (std::size_t begin = 0; begin <= names.size();) {
    const std::size_t end = std::min(names.find(',', begin), names.size());
    const std::string name = names.substr(begin, end - begin);
    const std::optional<client::KnownNode> node = list.Find(name);
    if (!node) {
      return Error{ErrorCode::kNotFound,
                   "--nodes: found " + Quote(name) + ", expected names of plasm node list"};
    }
    nodes.push_back(*node);
    begin = end + 1;
  }
  return nodes;
}

// Where the job goes.
struct Destination {
  std::optional<client::KnownNode> node{};   // one; nothing: this machine, unless
  std::vector<client::KnownNode> several{};  // there are several
  std::uint32_t agree = 0;                   // that all are asked, and so many must agree
};

// What the flags say against each other is kInvalid.
Result<void> CheckSeveral(const RunFlags& flags, const execution::JobOrder& order) {
  if (!flags.node.node.empty() || flags.detach || !flags.idempotency_key.empty()) {
    return Error{ErrorCode::kInvalid,
                 "--nodes, --select and --replicas go with none of --node, --detach and "
                 "--idempotency-key"};
  }
  if (!flags.nodes.empty() && flags.finder.select) {
    return Error{ErrorCode::kInvalid,
                 "--nodes names nodes and --select looks for some: give one of them"};
  }
  if (flags.replicas == 0) return {};
  if (!flags.hedge.empty()) {
    return Error{ErrorCode::kInvalid, "--hedge: with --replicas all nodes get the job at once"};
  }
  if (order.profile != receipt::Profile::kDet1) {
    return Error{ErrorCode::kInvalid,
                 "--replicas: jobs of the profile live give each their own result"};
  }
  if (flags.finder.select && flags.finder.trust != "pinned") {
    return Error{ErrorCode::kInvalid,
                 "--trust any: with --replicas only the answers of trusted nodes count, since one "
                 "stranger may be many nodes"};
  }
  return {};
}

Result<std::vector<client::KnownNode>> SeveralNodes(const RunFlags& flags, const DataFolder& data,
                                                    Clock& clock, Entropy& entropy) {
  if (!flags.finder.select) return NodesNamed(data, flags.nodes);
  return SelectNodes(data, flags.finder, {.replicas = flags.replicas}, clock, entropy);
}

Result<Destination> DestinationOf(const RunFlags& flags, const execution::JobOrder& order,
                                  const DataFolder& data, Clock& clock, Entropy& entropy) {
  Destination to;
  if (flags.nodes.empty() && !flags.finder.select && flags.replicas == 0) {
    if (flags.agree != 0) return Error{ErrorCode::kInvalid, "--agree needs --replicas"};
    if (!flags.hedge.empty()) {
      return Error{ErrorCode::kInvalid, "--hedge needs several nodes: --nodes or --select"};
    }
    PLASM_TRY(to.node, ChosenNode(data, flags.node.node));
    if (to.node || (!flags.detach && flags.idempotency_key.empty())) return to;
    return Error{ErrorCode::kInvalid,
                 "without a node the job runs here and now: submit, --detach and "
                 "--idempotency-key need one (plasm node add URL)"};
  }
  PLASM_TRY_VOID(CheckSeveral(flags, order));
  if (flags.replicas == 0) {
    PLASM_TRY(to.several, SeveralNodes(flags, data, clock, entropy));
    if (to.several.empty()) {
      return Error{ErrorCode::kInvalid, "--nodes: no node is known here (plasm node add URL)"};
    }
    return to;
  }
  to.agree = flags.agree == 0 ? flags.replicas / 2 + 1 : flags.agree;
  if (const auto sound = receipt::CheckQuorum(flags.replicas, to.agree); !sound) {
    return Error{ErrorCode::kInvalid, "--agree: " + sound.error().message};
  }
  PLASM_TRY(to.several, SeveralNodes(flags, data, clock, entropy));
  PLASM_TRY(const trust::TrustState trusted, LoadTrust(data));
  PLASM_TRY(to.several, client::ChooseReplicas(to.several, trusted.file(), flags.replicas));
  return to;
}

int Run(const RunFlags& flags, const CLI::App& verb) {
  auto request = RequestOf(flags, verb);
  if (!request) return Usage(request.error());
  const auto data = DataFolder::Locate(flags.node.data_dir);
  if (!data) return Usage(data.error());
  SystemClock clock;
  SystemEntropy entropy;
  const auto to = DestinationOf(flags, request->order, *data, clock, entropy);
  if (!to && to.error().code == ErrorCode::kUnavailable) {
    PrintError(to.error().message);
    return kExitNodeFailed;
  }
  if (!to) return Usage(to.error());
  const auto key = client::LoadOrCreateClientKey(data->root(), entropy);
  if (!key) {
    PrintError(key.error().message);
    return kExitNodeFailed;
  }
  request->order.requester = crypto::Fingerprint(key->public_key());
  if (to->agree != 0) {
    return RunOnQuorum(*request, *data, to->several, to->agree, clock, entropy);
  }
  if (!to->several.empty()) return RunOnFirst(*request, *data, to->several, clock, entropy);
  return to->node ? RunThere(*request, *data, *to->node, clock, entropy)
                  : RunHere(*request, *data, clock, entropy);
}

void AddFlags(CLI::App& verb, RunFlags& flags) {
  AddNodeFlags(verb, flags.node);
  AddJobFlags(verb, flags.job, FolderFlag::kInput);
  verb.add_option("--stdin", flags.standard_input,
                  "The guest's standard input; - is this terminal's [what is not a terminal]")
      ->type_name("FILE");
  verb.add_option("--nonce", flags.nonce, "Hex digits that the receipt answers with [at random]")
      ->type_name("HEX");
  verb.add_option("--not-after", flags.not_after, "Do not start the job later than this")
      ->type_name("TIME");
  verb.add_option("--idempotency-key", flags.idempotency_key,
                  "The same request under the same key is one job, however often it is made")
      ->type_name("KEY");
  verb.add_flag("--dry-run", flags.dry_run, "Print the job's manifest, and run nothing");
}

}  // namespace

Result<InputFile> OpenStandardInput(const std::string& flag) {
  if (flag == "-" || (flag.empty() && isatty(STDIN_FILENO) == 0)) {
    // Closed is empty.
    return InputFile{{}, fcntl(STDIN_FILENO, F_GETFD) < 0 ? -1 : STDIN_FILENO};
  }
  if (flag.empty()) return InputFile{};
  UniqueFd fd(open(flag.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return SystemError(errno, flag);
  const int number = fd.get();
  return InputFile{std::move(fd), number};
}

void AddRunVerb(CLI::App& app, int& exit_status) {
  CLI::App* verb = app.add_subcommand("run", "Run a module, on a node or on this machine");
  auto flags = std::make_shared<RunFlags>();
  AddFlags(*verb, *flags);
  verb->add_flag("--detach", flags->detach,
                 "Print the job's id as soon as the node has it, and go");
  verb->add_option("--nodes", flags->nodes,
                   "Names with commas between them, or all: the job goes to the least busy one, "
                   "and to the next when that fails; output comes once its receipt is verified")
      ->type_name("NAMES");
  verb->add_option("--hedge", flags->hedge,
                   "With --nodes or --select: a second node gets the job too when it takes longer "
                   "than 95 of 100 runs of the module seen from here (p95), or than so many "
                   "seconds; the first valid result counts")
      ->type_name("p95|SECONDS")
      ->check(WhyNoHedge);
  AddFinderFlags(*verb, flags->finder, FinderUse::kWithSelectOnly, "--find-timeout");
  verb->add_option("--replicas", flags->replicas,
                   "Run the job on so many nodes (of --nodes, --select, or of all) and compare")
      ->type_name("K")
      ->check(CLI::Range(1, static_cast<int>(receipt::kMaxAnswers)));
  verb->add_option("--agree", flags->agree,
                   "So many of them have to give the same result [more than half]")
      ->type_name("M")
      ->check(CLI::Range(1, static_cast<int>(receipt::kMaxAnswers)));
  verb->add_flag("-q,--quiet", flags->quiet, "Do not say why a guest was ended");
  TakeModuleAndArguments(*verb);
  verb->footer(kFooter);
  verb->callback([flags, verb, &exit_status] { exit_status = Run(*flags, *verb); });
}

void AddSubmitVerb(CLI::App& app, int& exit_status) {
  CLI::App* verb = app.add_subcommand("submit", "As run --detach");
  auto flags = std::make_shared<RunFlags>();
  flags->detach = true;
  AddFlags(*verb, *flags);
  TakeModuleAndArguments(*verb);
  verb->callback([flags, verb, &exit_status] { exit_status = Run(*flags, *verb); });
}

}  // namespace plasm::app
