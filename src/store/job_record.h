// A job as the node remembers it. Times are nanoseconds since the Unix epoch and only for
// people: what orders jobs is `seq`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/sha256.h"
#include "store/job_state.h"

namespace plasm::store {

// What one of the two output streams held.
struct StreamRecord {
  std::uint64_t bytes = 0;
  Sha256Digest digest;
  std::optional<Bytes> contents{};  // kept here when short; otherwise the blob of that digest

  friend bool operator==(const StreamRecord&, const StreamRecord&) = default;
};

// A file that the job asked to keep; its contents are the blob of that digest.
struct KeptFileRecord {
  std::string guest_path;
  Sha256Digest digest;
  std::uint64_t bytes = 0;

  friend bool operator==(const KeptFileRecord&, const KeptFileRecord&) = default;
};

// Where the receipt stands in the node's log.
struct LogPosition {
  std::string origin;
  std::uint64_t index = 0;

  friend bool operator==(const LogPosition&, const LogPosition&) = default;
};

// How a job ended: short, and all that a list shows.
struct JobEnd {
  JobState state = JobState::kFailed;  // one that IsEnded
  std::uint64_t ended_ns = 0;
  std::optional<std::int64_t> exit_code{};
  std::optional<std::string> trap{};
  std::optional<std::uint64_t> fuel_used{};
  std::optional<std::string> message{};  // for people
  std::optional<Sha256Digest> result_digest{};
  std::optional<LogPosition> log{};

  friend bool operator==(const JobEnd&, const JobEnd&) = default;
};

// What an ended job left behind.
struct JobResults {
  StreamRecord standard_output;
  StreamRecord standard_error;
  std::vector<KeptFileRecord> kept_files{};  // sorted by path; no path twice
  std::optional<Bytes> receipt{};            // the envelope's bytes, exactly

  friend bool operator==(const JobResults&, const JobResults&) = default;
};

struct JobSummary {
  std::uint64_t seq = 0;  // in the order of submission, from 1; never used again
  std::string id;         // "job-<uuid>"
  std::string client;     // who submitted it: a key's fingerprint, "uid:1000", "token:<name>"
  std::optional<std::string> idempotency_key;
  Sha256Digest manifest_digest;
  std::uint64_t submitted_ns = 0;
  std::optional<std::uint64_t> started_ns{};  // of the last attempt
  std::uint32_t attempts = 0;
  bool cancel_requested = false;
  JobState state = JobState::kQueued;
  std::optional<JobEnd> end{};  // if and only if IsEnded(state)
};

struct JobRecord {
  JobSummary summary;
  Bytes manifest;  // exactly as submitted
  JobResults results{};
};

}  // namespace plasm::store
