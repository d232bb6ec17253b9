// Nodes that were found, as people and programs see them. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "discovery/found_nodes.h"
#include "trust/trust_state.h"

namespace plasm::app {

struct NodeRow {
  const discovery::FoundNode* found = nullptr;  // what RowOf was given
  std::string name;         // the user's own where there is one, else the card's
  std::string fingerprint;  // of the identity
  std::optional<trust::TrustLevel> trust;
  trust::NodeCard card;
  std::vector<std::string> endpoints;  // that answered, the nearest first
  std::uint64_t round_trip_ns = 0;
  std::optional<std::uint64_t> cores;       // by the node's state, else by its card
  std::optional<std::uint64_t> free_cores;  // only trusted nodes that know this client say it
  bool draining = false;
};

NodeRow RowOf(const discovery::FoundNode& node, const trust::TrustState& trusted);

// Trusted nodes first, then the nearest.
void SortRows(std::vector<NodeRow>& rows);

// With a line of headings. What nodes have written is plain text (trust::NodeCard).
std::string TableOf(const std::vector<NodeRow>& rows);

// An array of objects. One line, unless `pretty`.
enum class JsonForm { kLine, kPretty };
std::string JsonOf(const std::vector<NodeRow>& rows, JsonForm form);

}  // namespace plasm::app
