// Looking for nodes, as flags say where and which.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "cli/data_folder.h"
#include "discovery/dht_source.h"
#include "discovery/lan_source.h"
#include "discovery/list_source.h"
#include "discovery/search.h"
#include "discovery/selection.h"
#include "net/tls_identity.h"
#include "node_table.h"
#include "trust/trust_state.h"

namespace plasm::app {

struct FinderFlags {
  std::optional<std::string> select{};
  std::string trust = "any";  // or "pinned"
  std::string list{};         // file
  bool lan = false;
  bool dht = false;
  std::vector<std::string> bootstrap{};  // of the DHT, "host:port"; implies `dht`
  std::uint64_t timeout_s = 3;
};

// --select; --trust, --list, --lan, --dht, --bootstrap, which need --select where looking is not
// all that the verb does; and `timeout`, the name of the last flag.
enum class FinderUse { kTheVerbItself, kWithSelectOnly };
void AddFinderFlags(CLI::App& verb, FinderFlags& flags, FinderUse use, const std::string& timeout);

struct Findings {
  // That match, and are not blocked; sorted. Their `found` is good until the finder's next look.
  std::vector<NodeRow> nodes;
  std::size_t others = 0;  // that were found and do not
  discovery::SearchReport report;
};

// Of a look without success why, a line each.
std::vector<std::string> WhyNothing(const Findings& findings);

// What is known stays known between looks. One thread at a time; the clock outlives it.
class NodeFinder {
 public:
  // kInvalid for flags that make no sense; errors of the data folder's files. Makes the client's
  // key on first use. The nodes that are known here are always looked at.
  static Result<std::unique_ptr<NodeFinder>> Open(const DataFolder& data, const FinderFlags& flags,
                                                  Clock& clock, Entropy& entropy);

  // Ends early once `are_enough` says so of the nodes that would be in Findings; empty: it never
  // does.
  using AreEnough = std::function<bool(const std::vector<const discovery::FoundNode*>&)>;
  Result<Findings> Look(const AreEnough& are_enough = {});

  const trust::TrustState& trusted() const { return trusted_; }

 private:
  NodeFinder(discovery::Selection selection, bool pinned_only, std::uint64_t timeout_s,
             trust::TrustState trusted, net::TlsIdentity identity, const DataFolder& data,
             Clock& clock);
  Result<void> AddSources(const FinderFlags& flags);
  void AddDht(const FinderFlags& flags, std::filesystem::path program);
  void AddTrusted();
  // Not blocked, and trusted where only such are wanted.
  bool MayBeUsed(const discovery::FoundNode& node) const;

  discovery::Query query_;
  bool pinned_only_;
  std::uint64_t timeout_s_;
  trust::TrustState trusted_;
  net::TlsIdentity identity_;
  discovery::StatusAccess status_;
  DataFolder data_;
  Clock& clock_;
  discovery::HintPool pool_;
  discovery::FoundNodes found_;
  std::optional<discovery::ListSource> list_;
  std::optional<discovery::LanSource> lan_;
  std::optional<discovery::DhtSource> dht_;
};

}  // namespace plasm::app
