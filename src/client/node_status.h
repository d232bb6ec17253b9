// What a node says of itself (spec/openapi.yaml, NodeStatus). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "receipt/job_parts.h"

namespace plasm::client {

inline constexpr std::size_t kMaxStatusBytes = 64 << 10;

struct NodeStatus {
  std::string version;
  std::string engine;
  std::string arch;
  std::vector<std::string> profiles;
  std::uint64_t cores = 0;
  std::uint64_t queued = 0;
  std::uint64_t running = 0;
  bool draining = false;
  receipt::Limits most{};  // what a job may ask for
};

// kInvalid, naming the member. Texts are one line each. Unknown members are passed over.
Result<NodeStatus> ParseNodeStatus(ByteView json);
void WriteNodeStatus(const NodeStatus& status, JsonWriter& json);

}  // namespace plasm::client
