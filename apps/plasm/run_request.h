// What the verbs run and submit are asked for.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "execution/job_order.h"
#include "job/job_flags.h"
#include "node_access.h"
#include "node_finder.h"

namespace plasm::app {

struct RunFlags {
  NodeFlags node;
  JobFlags job;
  std::string standard_input;  // a file, "-", or empty: what is not a terminal
  std::string nonce;
  std::string not_after;
  std::string idempotency_key;
  std::string nodes;  // names with commas between them, or "all"
  std::string hedge;  // "p95" or seconds
  FinderFlags finder{.trust = "pinned"};
  std::uint32_t replicas = 0;  // zero: one node, and one result
  std::uint32_t agree = 0;     // zero: more than half
  bool detach = false;
  bool dry_run = false;
  bool quiet = false;
};

struct RunRequest {
  const RunFlags& flags;
  std::vector<std::string> words;  // from MODULE on
  execution::JobOrder order;       // with requester, nonce and not-after
  std::vector<std::filesystem::path> destinations;
};

// A descriptor of standard input as the flag has it; empty: none.
struct InputFile {
  UniqueFd own;
  int fd = -1;
};
Result<InputFile> OpenStandardInput(const std::string& flag);

// Each blocks until the job has ended (or, detached, is on the node's disk), says on standard
// error what went wrong, and gives the exit status. In local_run.cc, remote_run.cc,
// failover_run.cc and quorum_run.cc.
int RunHere(const RunRequest& request, const DataFolder& data, Clock& clock, Entropy& entropy);
int RunThere(const RunRequest& request, const DataFolder& data, const client::KnownNode& node,
             Clock& clock, Entropy& entropy);
// On the node that is least busy; when that fails, on the next one.
int RunOnFirst(const RunRequest& request, const DataFolder& data,
               const std::vector<client::KnownNode>& nodes, Clock& clock, Entropy& entropy);
// On all of them.
int RunOnQuorum(const RunRequest& request, const DataFolder& data,
                const std::vector<client::KnownNode>& nodes, std::uint32_t agree, Clock& clock,
                Entropy& entropy);

}  // namespace plasm::app
