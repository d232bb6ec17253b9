#include "node_config.h"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <limits>
#include <sstream>
#include <variant>

#include "base/decimal.h"
#include "base/quote.h"
#include "base/sha256.h"
#include "jobs/programs.h"
#include "net/endpoint.h"

namespace plasm::app {
namespace {

struct Number {
  std::variant<std::uint64_t*, std::uint32_t*> target;
  std::uint64_t min = 0;
  std::uint64_t max = INT64_MAX;

  void Set(std::uint64_t value) const {
    std::visit(
        [value](auto* target_of) {
          *target_of = static_cast<std::remove_pointer_t<decltype(target_of)>>(value);
        },
        target);
  }
  std::uint64_t Get() const {
    return std::visit([](const auto* target_of) { return std::uint64_t{*target_of}; }, target);
  }
};
struct OneOf {
  std::string* target;
  std::vector<std::string_view> values;
};
using Target = std::variant<std::string*, std::vector<std::string>*, Number, OneOf>;

// A key and where its value goes; "table.key" in a table.
struct Setting {
  std::string_view key;
  Target target;
};

std::vector<Setting> SettingsOf(NodeConfig& config) {
  constexpr std::uint64_t kMax32 = std::numeric_limits<std::uint32_t>::max();
  constexpr std::uint64_t kMaxSeconds = std::uint64_t{100} * 366 * 86'400;
  return {
      {"data-dir", &config.data_dir},
      {"listen", &config.listen},
      {"socket", &config.socket},
      {"workers", Number{&config.workers, 0, 1024}},
      {"queue", Number{&config.queue, 1, 10'000'000}},
      {"attempts", Number{&config.attempts, 1, 100}},
      {"signing", OneOf{&config.signing, {"batch", "each"}}},
      {"drain-seconds", Number{&config.drain_seconds, 0, 86'400}},
      {"policy", OneOf{&config.policy, {"invitation", "open"}}},
      {"name", &config.name},
      {"endpoints", &config.endpoints},
      {"discovery", &config.discovery},
      {"dht-listen", &config.dht_listen},
      {"dht-bootstrap", &config.dht_bootstrap},
      {"port-mapping", OneOf{&config.port_mapping, {"off", "on"}}},
      {"log-level", OneOf{&config.log_level, {"trace", "debug", "info", "warn", "error", "off"}}},
      {"log-format", OneOf{&config.log_format, {"text", "json"}}},
      {"warm-up.modules", &config.warm_up.modules},
      {"warm-up.recent", Number{&config.warm_up.recent, 0, jobs::Programs::kMost / 2}},
      {"guests.unfinished", Number{&config.guests.may.quota.unfinished, 1, kMax32}},
      {"guests.running", Number{&config.guests.may.quota.running, 1, kMax32}},
      {"guests.submissions", Number{&config.guests.submissions, 1}},
      {"guests.upload-bytes", Number{&config.guests.may.upload_bytes}},
      {"limits.memory-bytes", Number{&config.limits.memory_bytes, 0, std::uint64_t{4} << 30}},
      {"limits.fuel", Number{&config.limits.fuel, 1, INT64_MAX}},
      {"limits.output-bytes", Number{&config.limits.output_bytes}},
      {"limits.file-bytes", Number{&config.limits.file_bytes}},
      {"limits.file-nodes", Number{&config.limits.file_nodes, 0, kMax32}},
      {"limits.wall-time-ms", Number{&config.limits.wall_time_ms, 1, kMaxSeconds * 1000}},
      {"retention.seconds", Number{&config.retention.seconds, 0, kMaxSeconds}},
      {"retention.jobs", Number{&config.retention.jobs}},
      {"retention.upload-seconds", Number{&config.retention.upload_seconds, 60, kMaxSeconds}},
  };
}

Error Invalid(const std::string& message) { return {ErrorCode::kInvalid, message}; }

std::string ListText(const std::vector<std::string_view>& values) {
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) text += i + 1 == values.size() ? " or " : ", ";
    text += values[i];
  }
  return text;
}

Result<void> SetNumber(const Number& number, std::uint64_t value) {
  if (value < number.min || value > number.max) {
    return Invalid("found " + std::to_string(value) + ", expected " + std::to_string(number.min) +
                   " to " + std::to_string(number.max));
  }
  number.Set(value);
  return {};
}

Result<void> SetOneOf(const OneOf& choice, std::string_view value) {
  if (std::ranges::find(choice.values, value) == choice.values.end()) {
    return Invalid("found " + Quote(value) + ", expected " + ListText(choice.values));
  }
  *choice.target = value;
  return {};
}

Result<std::string> TextOf(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  return Invalid("expected a string");
}

Result<void> SetFromToml(const Target& target, const toml::node& node) {
  if (auto* const* text = std::get_if<std::string*>(&target)) {
    PLASM_TRY(**text, TextOf(node));
    return {};
  }
  if (auto* const* list = std::get_if<std::vector<std::string>*>(&target)) {
    const toml::array* array = node.as_array();
    if (array == nullptr) return Invalid("expected an array of strings");
    std::vector<std::string> texts;
    for (const toml::node& member : *array) {
      PLASM_TRY(std::string text, TextOf(member));
      texts.push_back(std::move(text));
    }
    **list = std::move(texts);
    return {};
  }
  if (const auto* choice = std::get_if<OneOf>(&target)) {
    PLASM_TRY(const std::string text, TextOf(node));
    return SetOneOf(*choice, text);
  }
  const auto* integer = node.as_integer();
  if (integer == nullptr || integer->get() < 0) return Invalid("expected a number from 0 on");
  return SetNumber(std::get<Number>(target), static_cast<std::uint64_t>(integer->get()));
}

Result<void> SetFromText(const Target& target, std::string_view text) {
  if (auto* const* one = std::get_if<std::string*>(&target)) {
    **one = text;
    return {};
  }
  if (auto* const* list = std::get_if<std::vector<std::string>*>(&target)) {
    std::vector<std::string> members;
    while (!text.empty()) {
      const std::size_t comma = std::min(text.find(','), text.size());
      members.emplace_back(text.substr(0, comma));
      text.remove_prefix(std::min(comma + 1, text.size()));
    }
    **list = std::move(members);
    return {};
  }
  if (const auto* choice = std::get_if<OneOf>(&target)) return SetOneOf(*choice, text);
  const auto number = ParseDecimal(text);
  if (!number) return Invalid("found " + Quote(text) + ", expected a number");
  return SetNumber(std::get<Number>(target), *number);
}

// One file as it is read.
class Reader {
 public:
  Reader(std::string_view file, NodeConfig& config)
      : file_(file), config_(config), settings_(SettingsOf(config)) {}

  Result<void> ReadTable(const toml::table& table, const std::string& prefix) {
    for (const auto& [key, node] : table) {
      const std::string name = prefix + std::string(key.str());
      if (auto read = ReadMember(name, node); !read) return At(node, name, read.error());
    }
    return {};
  }

 private:
  Result<void> ReadMember(const std::string& name, const toml::node& node) {
    const auto setting = std::ranges::find(settings_, name, &Setting::key);
    if (setting != settings_.end()) return SetFromToml(setting->target, node);
    const toml::table* table = node.as_table();
    if (table != nullptr && name == "labels") return ReadLabels(*table);
    const bool known =
        name == "guests" || name == "limits" || name == "retention" || name == "warm-up";
    if (!known) return Invalid("there is no such key");
    if (table == nullptr) return Invalid("expected a table");
    PLASM_TRY_VOID(ReadTable(*table, name + "."));
    return {};
  }

  Result<void> ReadLabels(const toml::table& table) {
    config_.labels.clear();
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      auto text = TextOf(node);
      if (!text) return At(node, "labels." + name, text.error());
      config_.labels[name] = *std::move(text);
    }
    return {};
  }

  // The innermost place is the one that is told.
  Error At(const toml::node& node, const std::string& name, const Error& error) const {
    if (error.message.starts_with(file_)) return error;
    return {error.code, std::string(file_) + ", line " + std::to_string(node.source().begin.line) +
                            ": " + Quote(name) + ": " + error.message};
  }

  std::string_view file_;
  NodeConfig& config_;
  std::vector<Setting> settings_;
};

void PrintValue(const Target& target, toml::table& table, std::string_view key) {
  if (auto* const* text = std::get_if<std::string*>(&target)) {
    table.insert_or_assign(key, **text);
  } else if (auto* const* list = std::get_if<std::vector<std::string>*>(&target)) {
    toml::array array;
    for (const std::string& member : **list) array.push_back(member);
    table.insert_or_assign(key, std::move(array));
  } else if (const auto* choice = std::get_if<OneOf>(&target)) {
    table.insert_or_assign(key, *choice->target);
  } else {
    table.insert_or_assign(key, static_cast<std::int64_t>(std::get<Number>(target).Get()));
  }
}

}  // namespace

Result<void> ReadConfig(std::string_view text, std::string_view file, NodeConfig& config) {
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    return Invalid(std::string(file) + ", line " +
                   std::to_string(parsed.error().source().begin.line) + ": " +
                   Quote(parsed.error().description()));
  }
  NodeConfig read = config;
  PLASM_TRY_VOID(Reader(file, read).ReadTable(parsed.table(), ""));
  config = std::move(read);
  return {};
}

std::string VariableOf(std::string_view key) {
  std::string name = "PLASM_";
  for (const char c : key) {
    const bool separates = c == '-' || c == '.';
    name += separates ? '_' : static_cast<char>(c - 'a' + 'A');
  }
  return name;
}

Result<void> ReadEnvironment(Environment value_of, NodeConfig& config) {
  for (const Setting& setting : SettingsOf(config)) {
    const std::string name = VariableOf(setting.key);
    const char* const value = value_of(name.c_str());
    if (value == nullptr) continue;
    if (auto set = SetFromText(setting.target, value); !set) {
      return Error{set.error().code, name + ": " + set.error().message};
    }
  }
  return {};
}

namespace {

Result<void> CheckDiscovery(const NodeConfig& config) {
  bool dht = false;
  for (const std::string& source : config.discovery) {
    if (source != "static" && source != "dht" && source != "lan") {
      return Invalid("discovery: found " + Quote(source) + ", expected static, dht or lan");
    }
    dht = dht || source == "dht";
  }
  if (dht && config.dht_listen.empty()) {
    return Invalid("dht-listen: found none, expected an address, as in 0.0.0.0:7421");
  }
  for (const std::string& node : config.dht_bootstrap) {
    const std::size_t colon = node.rfind(':');
    const auto port = colon == std::string::npos ? Result<std::uint64_t>(std::uint64_t{0})
                                                 : ParseDecimal(node.substr(colon + 1));
    if (!port || *port == 0 || *port > UINT16_MAX || colon == 0) {
      return Invalid("dht-bootstrap: found " + Quote(node) + ", expected HOST:PORT");
    }
  }
  return {};
}

}  // namespace

Result<void> CheckConfig(const NodeConfig& config) {
  PLASM_TRY_VOID(CheckDiscovery(config));
  for (const std::string& endpoint : config.endpoints) {
    const auto parsed = net::Endpoint::Parse(endpoint);
    if (!parsed) return Invalid("endpoints: " + parsed.error().message);
    if (parsed->kind != net::Endpoint::Kind::kTls) {
      return Invalid("endpoints: found " + Quote(endpoint) + ", expected https://…");
    }
  }
  if (config.warm_up.modules.size() > kMaxWarmModules) {
    return Invalid("warm-up.modules: found " + std::to_string(config.warm_up.modules.size()) +
                   " modules, expected at most " + std::to_string(kMaxWarmModules));
  }
  for (const std::string& module : config.warm_up.modules) {
    if (Sha256Digest::FromString(module)) continue;
    return Invalid("warm-up.modules: found " + Quote(module) +
                   ", expected sha256: and 64 hex digits of the module's SHA-256");
  }
  return {};
}

std::string PrintConfig(const NodeConfig& config) {
  NodeConfig copy = config;
  toml::table root;
  toml::table labels;
  for (const auto& [key, value] : config.labels) labels.insert_or_assign(key, value);
  root.insert_or_assign("labels", std::move(labels));
  for (const Setting& setting : SettingsOf(copy)) {
    const std::size_t dot = setting.key.find('.');
    if (dot == std::string_view::npos) {
      PrintValue(setting.target, root, setting.key);
      continue;
    }
    const std::string_view name = setting.key.substr(0, dot);
    if (!root.contains(name)) root.insert(name, toml::table());
    PrintValue(setting.target, *root[name].as_table(), setting.key.substr(dot + 1));
  }
  std::ostringstream text;
  text << root << "\n";
  return std::move(text).str();
}

}  // namespace plasm::app
