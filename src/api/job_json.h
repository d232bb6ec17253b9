// Jobs and the node's state as spec/openapi.yaml describes them. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "base/result.h"
#include "base/sha256.h"
#include "jobs/job_limits.h"
#include "store/job_list.h"
#include "store/job_record.h"

namespace plasm::api {

// What is written of an ended job beside its summary.
struct JobDetails {
  const store::JobResults* results = nullptr;
  bool output = false;         // the bytes of both streams, where the store has them
  std::string_view receipt{};  // the envelope's JSON, written as it is
  std::string_view proof{};
};

// Schema Job. Without results: as a list has it.
std::string JobJson(const store::JobSummary& job, const JobDetails& details = {});

// Schema JobPage.
std::string JobPageJson(const store::JobPage& page);

struct NodeStatus {
  std::string version;
  std::string engine;
  std::string arch;
  std::vector<std::string> profiles;
  std::uint64_t cores = 1;
  std::uint64_t queued = 0;
  std::uint64_t running = 0;
  bool draining = false;
  jobs::MostLimits most{};
};

// Schema NodeStatus.
std::string NodeStatusJson(const NodeStatus& status);

// The data of an event `state`: {"state":"running"}.
std::string StateEventJson(store::JobState state);
// The data of an event `stdout` or `stderr`: {"offset":"0","base64":"…"}.
std::string OutputEventJson(std::uint64_t offset, ByteView bytes);

// A problem with `missing`: blobs that a job needs and that are not here. With status 409.
std::string MissingBlobsJson(std::span<const Sha256Digest> digests);

}  // namespace plasm::api
