#include "node_table.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "base/json_writer.h"
#include "client/node_status.h"
#include "crypto/public_key_text.h"

namespace plasm::app {
namespace {

constexpr std::size_t kColumns = 7;
using Cells = std::array<std::string, kColumns>;

std::string TrustText(const NodeRow& row) {
  return row.trust ? std::string(trust::TrustLevelName(*row.trust)) : "-";
}

std::string CoresText(const NodeRow& row) {
  if (row.draining) return "draining";
  if (!row.cores) return "?";
  return (row.free_cores ? std::to_string(*row.free_cores) : "?") + "/" +
         std::to_string(*row.cores);
}

// As in "0.4 ms".
std::string TimeText(std::uint64_t ns) {
  constexpr std::uint64_t kTenthOfMs = 100'000;
  const std::uint64_t tenths = (ns + kTenthOfMs / 2) / kTenthOfMs;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " ms";
}

// Characters, for columns; names are UTF-8.
std::size_t WidthOf(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

void WriteTexts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.Key(key).BeginArray();
  for (const std::string& text : texts) json.String(text);
  json.EndArray();
}

void WriteAmount(JsonWriter& json, std::string_view key, std::optional<std::uint64_t> amount) {
  if (amount) {
    json.Field(key, *amount);
  } else {
    json.Key(key).Null();
  }
}

void WriteRow(JsonWriter& json, const NodeRow& row) {
  const trust::Capabilities& can = row.card.capabilities;
  json.BeginObject().Field("name", row.name).Field("fingerprint", row.fingerprint);
  json.Field("trust", row.trust ? trust::TrustLevelName(*row.trust) : "none");
  WriteTexts(json, "endpoints", row.endpoints);
  json.Field("roundTripUs", row.round_trip_ns / 1000);
  json.Field("arch", can.arch).Field("engine", can.engine);
  WriteTexts(json, "profiles", can.profiles);
  WriteAmount(json, "cores", row.cores);
  WriteAmount(json, "freeCores", row.free_cores);
  WriteAmount(json, "memoryMib",
              can.memory_mib ? std::optional<std::uint64_t>(*can.memory_mib) : std::nullopt);
  WriteTexts(json, "cpu", can.cpu);
  json.Key("labels").BeginObject();
  for (const auto& [key, value] : can.labels) json.Field(key, value);
  json.EndObject();
  if (can.policy) {
    json.Field("policy", trust::SubmitPolicyName(*can.policy));
  } else {
    json.Key("policy").Null();
  }
  json.Field("draining", row.draining);
  json.Key("card").BeginObject().Field("version", row.card.version);
  json.Field("expires", row.card.expires.ToString()).EndObject().EndObject();
}

}  // namespace

NodeRow RowOf(const discovery::FoundNode& node, const trust::TrustState& trusted) {
  const trust::NodeCard& card = node.card.card;
  NodeRow row{.found = &node,
              .name = card.name,
              .fingerprint = crypto::Fingerprint(card.identity),
              .trust = {},
              .card = card,
              .endpoints = {},
              .round_trip_ns = node.round_trip_ns,
              .cores = {},
              .free_cores = {}};
  if (const trust::TrustedNode* known = trusted.file().FindByIdentity(card.identity)) {
    row.name = known->name;
    row.trust = known->level;
  }
  for (const net::Endpoint& endpoint : node.endpoints) row.endpoints.push_back(endpoint.ToString());
  if (card.capabilities.cores) row.cores = *card.capabilities.cores;
  if (!node.status) return row;
  const auto status = client::ParseNodeStatus(*node.status);
  if (!status) return row;
  row.cores = status->cores;
  row.free_cores = status->cores - std::min(status->cores, status->running);
  row.draining = status->draining;
  return row;
}

void SortRows(std::vector<NodeRow>& rows) {
  std::ranges::sort(rows, {}, [](const NodeRow& row) {
    const bool trusted = row.trust && *row.trust != trust::TrustLevel::kBlocked;
    return std::tuple(!trusted, row.round_trip_ns, row.fingerprint);
  });
}

std::string TableOf(const std::vector<NodeRow>& rows) {
  std::vector<Cells> lines{
      {"NAME", "FINGERPRINT", "TRUST", "ARCH", "ENGINE", "FREE CORES", "ROUND TRIP"}};
  for (const NodeRow& row : rows) {
    lines.push_back({row.name, row.fingerprint, TrustText(row), row.card.capabilities.arch,
                     row.card.capabilities.engine, CoresText(row), TimeText(row.round_trip_ns)});
  }
  std::array<std::size_t, kColumns> widths{};
  for (const Cells& cells : lines) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], WidthOf(cells[i]));
  }
  std::string text;
  for (const Cells& cells : lines) {
    for (std::size_t i = 0; i < kColumns; ++i) {
      text += cells[i];
      if (i + 1 < kColumns) text.append(widths[i] - WidthOf(cells[i]) + 2, ' ');
    }
    text += '\n';
  }
  return text;
}

std::string JsonOf(const std::vector<NodeRow>& rows, JsonForm form) {
  JsonWriter json(form == JsonForm::kPretty ? JsonStyle::kPretty : JsonStyle::kCompact);
  json.BeginArray();
  for (const NodeRow& row : rows) WriteRow(json, row);
  json.EndArray();
  return std::move(json).Take() + "\n";
}

}  // namespace plasm::app
