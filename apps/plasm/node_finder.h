// Looking for nodes, as flags say where and which.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
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
  std::string select;
  std::string trust = "any";  // or "pinned"
  std::string list;           // file
  bool lan = false;
  bool dht = false;
  std::vector<std::string> bootstrap;  // of the DHT, "host:port"; implies `dht`
  std::uint64_t timeout_s = 3;
};

// --select, --trust, --list, --lan, --dht, --bootstrap, --timeout.
void AddFinderFlags(CLI::App& verb, FinderFlags& flags);

struct Findings {
  std::vector<NodeRow> nodes;  // that match, and are not blocked; sorted
  std::size_t others = 0;      // that were found and do not
  discovery::SearchReport report;
};

// What is known stays known between looks. One thread at a time; the clock outlives it.
class NodeFinder {
 public:
  // kInvalid for flags that make no sense; errors of the data folder's files. Makes the client's
  // key on first use. The nodes that are known here are always looked at.
  static Result<std::unique_ptr<NodeFinder>> Open(const DataFolder& data, const FinderFlags& flags,
                                                  Clock& clock, Entropy& entropy);

  // `enough`: so many nodes that match end it early.
  Result<Findings> Look(std::size_t enough = SIZE_MAX);

 private:
  NodeFinder(discovery::Selection selection, bool pinned_only, std::uint64_t timeout_s,
             trust::TrustState trusted, net::TlsIdentity identity, const DataFolder& data,
             Clock& clock);
  Result<void> AddSources(const FinderFlags& flags);
  void AddDht(const FinderFlags& flags, std::filesystem::path program);
  void AddTrusted();

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
