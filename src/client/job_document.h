// A job as a node describes it (spec/openapi.yaml: Job, JobPage). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "base/sha256.h"
#include "base/utc_time.h"
#include "receipt/job_id.h"
#include "receipt/job_state.h"

namespace plasm::client {

inline constexpr std::size_t kMaxJobBytes = std::size_t{16} << 20;

using receipt::IsEnded;
using receipt::IsJobId;
using receipt::JobState;
using receipt::JobStateName;

// As JobStateName has them; kInvalid for others.
Result<JobState> ParseJobState(std::string_view name);

struct NamedContents {
  Sha256Digest digest;
  std::uint64_t bytes = 0;
};

struct NamedOutput {
  std::string path;  // in the guest: bytes
  NamedContents contents;
};

// A node's word, and nothing that has been verified. Members that this version does not know are
// passed over: a newer node may say more.
struct JobDocument {
  std::string id;
  JobState state = JobState::kQueued;
  std::string client;
  Sha256Digest manifest;
  std::optional<std::string> idempotency_key;
  UtcTime submitted;
  std::optional<UtcTime> started;
  std::optional<UtcTime> ended;
  std::uint64_t attempts = 0;
  bool cancel_requested = false;
  std::optional<std::uint32_t> exit_code;
  std::optional<std::string> trap;
  std::optional<std::string> message;  // one line
  std::optional<std::uint64_t> fuel_used;
  std::optional<Sha256Digest> result_digest;
  std::optional<NamedContents> stdout_contents;
  std::optional<NamedContents> stderr_contents;
  std::vector<NamedOutput> outputs;
};

// kInvalid, naming the member.
Result<JobDocument> ReadJob(JsonNode node);
Result<JobDocument> ParseJob(ByteView json);
// In the same form, for programs that ask plasm.
void WriteJob(const JobDocument& job, JsonWriter& json);

struct JobPage {
  std::vector<JobDocument> jobs;  // the newest first
  std::optional<std::string> next;
};
Result<JobPage> ParseJobPage(ByteView json);

}  // namespace plasm::client
