// What the node says about itself: card, state, health, figures, and what its API is.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "api/call.h"
#include "api/disk_probe.h"
#include "api/job_json.h"
#include "api/request_counters.h"
#include "base/clock.h"
#include "jobs/job_service.h"
#include "net/server.h"
#include "node/serving_node.h"
#include "store/job_store.h"

namespace plasm::api {

// What does not change while a node runs.
struct NodeFacts {
  std::string version;         // of the program
  std::string engine;          // "wasmtime-48.0.8-…"
  std::string engine_version;  // "48.0.8"
  std::string arch;
  std::vector<std::string> profiles;
  unsigned cores = 1;
  std::string identity;  // the fingerprint
};

// The references outlive it. Belongs to the server's thread.
class NodeRoutes {
 public:
  using ServerFigures = std::function<net::ServerCounters()>;

  NodeRoutes(const NodeFacts& facts, const node::ServingNode& node, const jobs::JobService& service,
             const store::JobStore& store, const RequestCounters& counters, ServerFigures server,
             std::filesystem::path data_folder, Clock& clock)
      : facts_(facts),
        node_(node),
        service_(service),
        store_(store),
        counters_(counters),
        server_(std::move(server)),
        disk_(std::move(data_folder), clock) {}

  void Card(Call& call);
  void Status(Call& call);
  void Description(Call& call);
  void Health(Call& call);
  void Readiness(Call& call);
  void Metrics(Call& call);

 private:
  const NodeFacts& facts_;
  const node::ServingNode& node_;
  const jobs::JobService& service_;
  const store::JobStore& store_;
  const RequestCounters& counters_;
  ServerFigures server_;
  DiskProbe disk_;
};

}  // namespace plasm::api
