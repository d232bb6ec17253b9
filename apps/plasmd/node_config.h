// The configuration of a node that serves others: TOML, the environment, flags. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "api/access.h"
#include "base/result.h"
#include "jobs/job_limits.h"

namespace plasm::app {

inline constexpr std::size_t kMaxConfigBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxWarmModules = 64;

struct NodeConfig {
  std::string data_dir;                               // empty: the usual one
  std::vector<std::string> listen{"127.0.0.1:7420"};  // addresses for TLS
  std::string socket;                                 // empty: plasmd.sock in the data folder
  std::uint64_t workers = 0;                          // 0: one a core
  std::uint64_t queue = 100'000;                      // unfinished jobs, of all clients
  std::uint64_t attempts = 3;                         // after failures of the node's own
  std::string signing = "batch";                      // or "each"
  std::uint64_t drain_seconds = 30;                   // for running jobs, at a stop

  std::string policy = "invitation";  // who may submit jobs; or "open": also strangers, as guests
  api::Guests guests;

  // For the card.
  std::string name;                    // empty: made of the identity
  std::vector<std::string> endpoints;  // "https://host:7420"
  std::map<std::string, std::string> labels;

  // How others find the node: "static", "dht", "lan"; nothing is said to anybody without it.
  std::vector<std::string> discovery;
  std::vector<std::string> dht_listen{"0.0.0.0:7421"};  // addresses for UDP
  std::vector<std::string> dht_bootstrap;               // "host:port" of nodes of the DHT
  std::string port_mapping = "off";                     // or "on": asks the router

  std::string log_level = "info";
  std::string log_format = "text";  // or "json"

  // What a start makes ready before anybody asks: the modules named, which then stay so, and the
  // most used ones of the last jobs.
  struct WarmUp {
    std::vector<std::string> modules;  // "sha256:<hex>"
    std::uint64_t recent = 16;
  };
  WarmUp warm_up;

  jobs::MostLimits limits;
  jobs::Retention retention;
};

// kInvalid naming file, line and key, for ill-formed TOML, a key that there is not, and a value of
// another type or out of its range. What the file leaves out stays as it is.
Result<void> ReadConfig(std::string_view toml, std::string_view file, NodeConfig& config);

// The variable that stands for a key: "PLASM_LIMITS_WALL_TIME_MS".
std::string VariableOf(std::string_view key);

// Takes from the environment what is there: `value_of` gives a variable's value or null. Lists
// have commas between their members. Labels are not taken.
using Environment = const char* (*)(const char* name);
Result<void> ReadEnvironment(Environment value_of, NodeConfig& config);

// Whether the values make sense together: addresses, endpoints, names.
Result<void> CheckConfig(const NodeConfig& config);

// As TOML that ReadConfig takes and that gives the same.
std::string PrintConfig(const NodeConfig& config);

}  // namespace plasm::app
