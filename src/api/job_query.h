// What requests about jobs say in their query and their headers: parsed once, strictly. Pure.
// Errors are kInvalid and name the parameter or header.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "receipt/job_id.h"
#include "store/job_list.h"
#include "store/job_state.h"

namespace plasm::api {

// Decoded, no name twice: as net::RequestHead has it.
using QueryParameters = std::vector<std::pair<std::string, std::string>>;

// For routes that take no parameters at all.
Result<void> ExpectNoParameters(const QueryParameters& query);

// What an answer about an ended job has besides.
struct Include {
  bool output = false;   // stdout and stderr, where they are short
  bool receipt = false;  // receipt and proof
};

struct JobQuery {
  std::chrono::seconds wait{0};  // at most 60
  Include include;

  static Result<JobQuery> Parse(const QueryParameters& query);
};

struct JobListQuery {
  std::vector<store::JobState> states;  // each once; any when empty
  std::size_t limit = 50;               // 1 to store::kMaxListed
  std::optional<store::JobCursor> cursor;
  bool all = false;  // also those of others

  static Result<JobListQuery> Parse(const QueryParameters& query);
};

using receipt::IsJobId;

Result<std::string> ParseJobId(std::string_view text);           // the header Plasm-Job-Id
Result<std::string> ParseIdempotencyKey(std::string_view text);  // the header Idempotency-Key

// How far the reader of a job's events has come: "<attempt>-<stdout bytes>-<stderr bytes>".
struct EventPosition {
  std::uint32_t attempt = 0;
  std::uint64_t stdout_bytes = 0;
  std::uint64_t stderr_bytes = 0;

  friend bool operator==(const EventPosition&, const EventPosition&) = default;

  std::string ToText() const;
  // Accepts exactly what ToText gives.
  static Result<EventPosition> Parse(std::string_view text);
};

}  // namespace plasm::api
