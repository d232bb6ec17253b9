#include "node_finder.h"

#include <CLI/Validators.hpp>
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/child.h"
#include "base/file.h"
#include "client/client_identity.h"
#include "client/node_list.h"
#include "discovery/child_process.h"
#include "discovery/dht_nodes_file.h"
#include "discovery/probe.h"
#include "verifier_setup.h"

namespace plasm::app {
namespace {

constexpr std::uint64_t kNs = 1'000'000'000;
constexpr const char* kBootstrapVariable = "PLASM_DHT_BOOTSTRAP";
constexpr std::string_view kNodesFile = "dht-nodes";

std::vector<std::string> SplitAtCommas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (comma > 0) parts.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

// A socket on every address but loopback ones, or on loopback for a DHT that is there: the library
// has no address that means both.
std::vector<std::string> ListenFor(const std::vector<std::string>& bootstrap) {
  bool loopback = !bootstrap.empty();
  bool v6 = false;
  for (const std::string& node : bootstrap) {
    loopback = loopback && (node.starts_with("127.") || node.starts_with("localhost:"));
    v6 = v6 || node.starts_with("[");
  }
  if (loopback) return {"127.0.0.1:0"};
  std::vector<std::string> listen{"0.0.0.0:0"};
  if (v6) listen.emplace_back("[::]:0");
  return listen;
}

}  // namespace

void AddFinderFlags(CLI::App& verb, FinderFlags& flags, FinderUse use, const std::string& timeout) {
  const bool alone = use == FinderUse::kTheVerbItself;
  const std::string which =
      alone ? "What a node must be" : "On nodes that are found now and are so";
  CLI::Option* const select = verb.add_option("--select", flags.select,
                                              which + ", as in arch=x86_64,label.gpu=yes,cores>=4")
                                  ->type_name("TERMS");
  const std::vector<CLI::Option*> others{
      verb.add_option("--trust", flags.trust,
                      "Any node, or those alone that are trusted here [" + flags.trust + "]")
          ->type_name("any|pinned")
          ->check(CLI::IsMember({"any", "pinned"})),
      verb.add_option("--list", flags.list, "Also ask the nodes of this file, an https://… a line")
          ->type_name("FILE"),
      verb.add_flag("--lan", flags.lan, "Also ask the local network (Avahi)"),
      verb.add_flag("--dht", flags.dht,
                    "Also ask the DHT, beginning with nodes known from last time"),
      verb.add_option("--bootstrap", flags.bootstrap,
                      "A node of the DHT to begin with; may be repeated [$PLASM_DHT_BOOTSTRAP]")
          ->type_name("HOST:PORT"),
      verb.add_option(timeout, flags.timeout_s, "Seconds that a look may take [3]")
          ->type_name("SECONDS")
          ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{3600}))};
  if (alone) return;
  for (CLI::Option* const other : others) other->needs(select);
}

std::vector<std::string> WhyNothing(const Findings& findings) {
  const auto& report = findings.report;
  std::vector<std::string> lines{"no such node was found: " + std::to_string(report.hints) +
                                 " hints, " + std::to_string(report.probes) + " asked, " +
                                 std::to_string(report.unanswered) + " silent, " +
                                 std::to_string(report.refused) + " refused, " +
                                 std::to_string(findings.others) + " of another kind"};
  for (const std::string& reason : report.reasons) lines.push_back("  " + reason);
  return lines;
}

NodeFinder::NodeFinder(discovery::Selection selection, bool pinned_only, std::uint64_t timeout_s,
                       trust::TrustState trusted, net::TlsIdentity identity, const DataFolder& data,
                       Clock& clock)
    : query_{.selection = std::move(selection), .identities = {}},
      pinned_only_(pinned_only),
      timeout_s_(timeout_s),
      trusted_(std::move(trusted)),
      identity_(std::move(identity)),
      status_{.identity = identity_,
              .is_trusted =
                  [this](const crypto::PublicKey& key) {
                    const trust::TrustedNode* node = trusted_.file().FindByIdentity(key);
                    return node != nullptr && node->level != trust::TrustLevel::kBlocked;
                  }},
      data_(data),
      clock_(clock) {}

Result<std::unique_ptr<NodeFinder>> NodeFinder::Open(const DataFolder& data,
                                                     const FinderFlags& flags, Clock& clock,
                                                     Entropy& entropy) {
  PLASM_TRY(discovery::Selection selection, discovery::Selection::Parse(flags.select.value_or("")));
  PLASM_TRY(trust::TrustState trusted, LoadTrust(data));
  PLASM_TRY(const crypto::SigningKey key, client::LoadOrCreateClientKey(data.root(), entropy));
  PLASM_TRY(net::TlsIdentity identity, client::IdentityOf(key));
  std::unique_ptr<NodeFinder> finder(new NodeFinder(std::move(selection), flags.trust == "pinned",
                                                    flags.timeout_s, std::move(trusted),
                                                    std::move(identity), data, clock));
  finder->AddTrusted();
  PLASM_TRY_VOID(finder->AddSources(flags));
  return finder;
}

void NodeFinder::AddTrusted() {
  for (const trust::TrustedNode* node : trusted_.file().Nodes()) {
    if (node->level == trust::TrustLevel::kBlocked) continue;
    query_.identities.push_back(node->identity);
    if (node->card_version) found_.Require(node->identity, *node->card_version);
  }
}

Result<void> NodeFinder::AddSources(const FinderFlags& flags) {
  PLASM_TRY(const client::NodeList known, client::NodeListFile(data_.root()).Load());
  std::vector<net::Endpoint> endpoints;
  for (const client::KnownNode& node : known.Nodes()) {
    if (node.endpoint.kind == net::Endpoint::Kind::kTls) endpoints.push_back(node.endpoint);
  }
  if (!flags.list.empty()) {
    PLASM_TRY(const Bytes text, ReadFile(flags.list, discovery::kMaxEndpointListBytes));
    auto listed = discovery::ParseEndpointList(text);
    if (!listed) return Error{listed.error().code, flags.list + ", " + listed.error().message};
    endpoints.insert(endpoints.end(), listed->begin(), listed->end());
  }
  list_.emplace(std::move(endpoints));
  if (flags.lan) lan_.emplace();
  if (flags.dht || !flags.bootstrap.empty()) {
    PLASM_TRY(std::filesystem::path program, FindOwnProgram("plasm-dht"));
    AddDht(flags, std::move(program));
  }
  return {};
}

void NodeFinder::AddDht(const FinderFlags& flags, std::filesystem::path program) {
  std::vector<std::string> bootstrap = flags.bootstrap;
  const char* const variable = std::getenv(kBootstrapVariable);
  if (bootstrap.empty() && variable != nullptr) bootstrap = SplitAtCommas(variable);
  for (const auto& node : discovery::DhtNodesFile(data_.root() / kNodesFile).Load()) {
    bootstrap.push_back(node.ToString());
  }
  std::vector<std::string> listen = ListenFor(bootstrap);
  dht_.emplace(discovery::DhtSettings{.program = std::move(program),
                                      .listen = std::move(listen),
                                      .bootstrap = std::move(bootstrap),
                                      .read_only = true},
               clock_);
}

bool NodeFinder::MayBeUsed(const discovery::FoundNode& node) const {
  const trust::TrustedNode* known = trusted_.file().FindByIdentity(node.card.card.identity);
  if (known == nullptr) return !pinned_only_;
  return known->level != trust::TrustLevel::kBlocked;
}

Result<Findings> NodeFinder::Look(const AreEnough& are_enough) {
  std::vector<discovery::HintSource*> sources{&*list_};
  if (lan_) sources.push_back(&*lan_);
  if (dht_) sources.push_back(&*dht_);
  const discovery::Probe probe = [this](const net::Endpoint& endpoint, int stop_fd) {
    return discovery::ProbeNode(endpoint, {}, &status_, clock_, stop_fd);
  };
  discovery::Search search({.sources = std::move(sources),
                            .probe = probe,
                            .pool = pool_,
                            .found = found_,
                            .clock = clock_});
  discovery::SearchSettings settings{.timeout_ns = timeout_s_ * kNs};
  if (are_enough) {
    settings.are_enough = [&](std::vector<const discovery::FoundNode*> nodes) {
      std::erase_if(nodes, [this](const auto* node) { return !MayBeUsed(*node); });
      return are_enough(nodes);
    };
  }
  Findings findings;
  PLASM_TRY(findings.report, search.Run(query_, settings, -1));
  for (const discovery::FoundNode* node : found_.Nodes()) {
    if (MayBeUsed(*node) && Matches(query_.selection, node->card.card.capabilities)) {
      findings.nodes.push_back(RowOf(*node, trusted_));
    } else {
      ++findings.others;
    }
  }
  SortRows(findings.nodes);
  // A convenience for the next time: that it can't be kept is no reason to fail.
  if (dht_) (void)discovery::DhtNodesFile(data_.root() / kNodesFile).Save(dht_->nodes());
  return findings;
}

}  // namespace plasm::app
