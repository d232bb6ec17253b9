// Whether a node takes a job with these requirements, and the answer in the first system's words.
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "api/compat_messages.h"

namespace plasm::api {

// What a node has to offer, however busy it is.
struct NodeOffer {
  std::string arch;          // "x86_64"
  std::string wasm_runtime;  // "wasmtime-48"
  std::uint64_t cores = 1;
  std::uint64_t memory_bytes = 0;  // the most of one job
  std::uint64_t wall_time_ms = 0;  // the same
};

struct InsufficientResources {
  std::string missing;
};
struct ArchMismatch {
  std::string required;
  std::string available;
};
struct RuntimeNotSupported {
  std::string required;
};
struct QueueFull {};  // or the client's share of it
struct InvalidRequest {
  std::string details;
};
using Rejection = std::variant<InsufficientResources, ArchMismatch, RuntimeNotSupported, QueueFull,
                               InvalidRequest>;

// The first reason there is: what can't be asked at all, architecture, runtime, resources. Whether
// the queue has a place is for the queue to say.
std::optional<Rejection> Judge(const Requirements& asked, const NodeOffer& node);

// How busy a node is.
struct Business {
  std::uint64_t queued = 0;
  std::uint64_t running = 0;
  std::uint64_t workers = 1;
  std::uint64_t mean_run_us = 0;  // of the jobs that it has run
};

// Microseconds until a job that comes now may begin, if those before it take as long as the others
// did and nobody's turn comes first.
std::uint64_t EstimatedWaitUs(const Business& node);

// For people, as an error has it.
std::string RejectionText(const Rejection& rejection);

// JobResponse: {"Accepted": …}. `estimated_start` in seconds since the Unix epoch.
std::string AcceptedJson(std::string_view job_id, std::uint64_t estimated_start,
                         std::string_view node_peer_id);
// {"Rejected": …}.
std::string RejectedJson(std::string_view job_id, const Rejection& rejection);

// JobResult. Output that is no UTF-8 has U+FFFD in it.
std::string JobResultJson(std::string_view job_id, std::string_view standard_output,
                          std::string_view standard_error, std::int64_t exit_code,
                          std::string_view receipt_json);

}  // namespace plasm::api
