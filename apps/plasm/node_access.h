// From a node's name on the command line to a connection.
#pragma once

#include <CLI/App.hpp>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "cli/data_folder.h"
#include "client/node_access.h"
#include "client/node_list.h"

namespace plasm::app {

using client::NodeAccess;

struct NodeFlags {
  std::string data_dir;
  std::string node;
  bool json = false;
};

// --node, --json, --data-dir.
void AddNodeFlags(CLI::App& verb, NodeFlags& flags);

// As client::ChooseNode, with $PLASM_NODE.
Result<std::optional<client::KnownNode>> ChosenNode(const DataFolder& data,
                                                    const std::string& flag);

// To the node that has a job: that of the flag, else the one that it was submitted to from here,
// else as ChosenNode. kInvalid when that is this machine, where jobs end with their command. The
// rest as NodeAccess::Open.
Result<std::unique_ptr<NodeAccess>> AccessToJob(const DataFolder& data, const std::string& flag,
                                                const std::string& job_id, Clock& clock,
                                                Entropy& entropy, int interrupt_fd = -1);

}  // namespace plasm::app
