// A node that serves others, put together: keys, log, store, jobs, API, server.
#pragma once

#include <filesystem>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "cli/data_folder.h"
#include "node_config.h"
#include "service_signals.h"

namespace plasm::app {

// Where local users find the node.
std::filesystem::path SocketPath(const NodeConfig& config, const DataFolder& data);

// Serves until a signal says to stop: then running jobs have the configured time to end, others
// stay queued on disk. A second signal ends the process at once.
Result<void> Serve(const NodeConfig& config, const DataFolder& data, const ServiceSignals& signals,
                   Clock& clock, Entropy& entropy);

}  // namespace plasm::app
