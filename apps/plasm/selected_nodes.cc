#include "selected_nodes.h"

#include <optional>
#include <string>
#include <utility>

#include "client/quorum_run.h"
#include "trust/trust_store.h"
#include "verbs.h"

namespace plasm::app {
namespace {

// Where the card that is kept here is an older one, that which was found takes its place: the
// connection goes by it.
Result<void> AcceptCard(const DataFolder& data, const trust::TrustState& trusted,
                        const discovery::FoundNode& found) {
  const trust::OpenedCard* kept = trusted.CardOf(found.card.card.identity);
  if (kept != nullptr && kept->payload_digest == found.card.payload_digest) return {};
  PLASM_TRY_VOID(trust::TrustStore(data.root()).AcceptCard(found.envelope));
  return {};
}

client::KnownNode KnownNodeOf(const NodeRow& row) {
  const net::Endpoint& nearest = row.found->endpoints.front();
  if (row.trust) return {.name = row.name, .endpoint = nearest};
  return {.name = row.fingerprint, .endpoint = nearest, .shown = row.found->card};
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

}  // namespace

Result<std::vector<client::KnownNode>> SelectNodes(const DataFolder& data, const FinderFlags& flags,
                                                   const WantedNodes& wanted, Clock& clock,
                                                   Entropy& entropy) {
  PLASM_TRY(const auto finder, NodeFinder::Open(data, flags, clock, entropy));
  const trust::TrustState& trusted = finder->trusted();
  PLASM_TRY(const Findings findings, finder->Look([&](const auto& nodes) {
    if (wanted.replicas == 0) return nodes.size() >= wanted.several;
    std::vector<client::KnownNode> known;
    for (const discovery::FoundNode* node : nodes) {
      known.push_back(KnownNodeOf(RowOf(*node, trusted)));
    }
    return client::ChooseReplicas(known, trusted.file(), wanted.replicas).has_value();
  }));
  for (const std::string& source : findings.report.sources) PrintError(source);
  std::vector<client::KnownNode> nodes;
  for (const NodeRow& row : findings.nodes) {
    if (row.trust) {
      if (const auto accepted = AcceptCard(data, trusted, *row.found); !accepted) {
        PrintError(row.name + ": " + accepted.error().message);
        continue;
      }
    }
    nodes.push_back(KnownNodeOf(row));
  }
  if (!nodes.empty()) return nodes;
  return Error{ErrorCode::kUnavailable, Joined(WhyNothing(findings))};
}

}  // namespace plasm::app
