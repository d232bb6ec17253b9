#include "api/job_query.h"

#include <algorithm>
#include <limits>

#include "base/decimal.h"
#include "base/quote.h"
#include "jobs/admission.h"

namespace plasm::api {
namespace {

constexpr std::uint64_t kMaxWaitSeconds = 60;

Error Invalid(std::string_view where, std::string_view found, std::string_view expected) {
  return {ErrorCode::kInvalid,
          std::string(where) + ": found " + Quote(found) + ", expected " + std::string(expected)};
}

Error UnknownParameter(std::string_view name) {
  return {ErrorCode::kInvalid, "query: unknown parameter " + Quote(name)};
}

Result<std::uint64_t> ParseNumber(std::string_view where, std::string_view text, std::uint64_t min,
                                  std::uint64_t max) {
  const auto number = ParseDecimal(text);
  if (number && *number >= min && *number <= max) return *number;
  return Invalid(where, text, std::to_string(min) + " to " + std::to_string(max));
}

std::vector<std::string_view> SplitBy(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Result<Include> ParseInclude(std::string_view text) {
  Include include;
  for (const std::string_view part : SplitBy(text, ',')) {
    bool* const wanted = part == "output"    ? &include.output
                         : part == "receipt" ? &include.receipt
                                             : nullptr;
    if (wanted == nullptr || *wanted) {
      return Invalid("include", text, "output, receipt or output,receipt");
    }
    *wanted = true;
  }
  return include;
}

Result<std::vector<store::JobState>> ParseStates(std::string_view text) {
  std::vector<store::JobState> states;
  for (const std::string_view part : SplitBy(text, ',')) {
    const auto state = store::JobStateOf(part);
    if (!state) return Invalid("state", part, "a state of jobs, as in queued or exited");
    if (std::ranges::find(states, *state) != states.end()) {
      return Invalid("state", part, "each state once");
    }
    states.push_back(*state);
  }
  return states;
}

}  // namespace

Result<void> ExpectNoParameters(const QueryParameters& query) {
  if (query.empty()) return {};
  return UnknownParameter(query.front().first);
}

Result<JobQuery> JobQuery::Parse(const QueryParameters& query) {
  JobQuery parsed;
  for (const auto& [name, value] : query) {
    if (name == "wait") {
      PLASM_TRY(const std::uint64_t seconds, ParseNumber("wait", value, 0, kMaxWaitSeconds));
      parsed.wait = std::chrono::seconds(seconds);
    } else if (name == "include") {
      PLASM_TRY(parsed.include, ParseInclude(value));
    } else {
      return UnknownParameter(name);
    }
  }
  return parsed;
}

Result<JobListQuery> JobListQuery::Parse(const QueryParameters& query) {
  JobListQuery parsed;
  for (const auto& [name, value] : query) {
    if (name == "state") {
      PLASM_TRY(parsed.states, ParseStates(value));
    } else if (name == "limit") {
      PLASM_TRY(const std::uint64_t limit, ParseNumber("limit", value, 1, store::kMaxListed));
      parsed.limit = static_cast<std::size_t>(limit);
    } else if (name == "cursor") {
      PLASM_TRY(const store::JobCursor cursor, store::JobCursor::Parse(value));
      parsed.cursor = cursor;
    } else if (name == "all") {
      if (value != "true" && value != "false") return Invalid("all", value, "true or false");
      parsed.all = value == "true";
    } else {
      return UnknownParameter(name);
    }
  }
  return parsed;
}

Result<std::string> ParseJobId(std::string_view text) {
  if (IsJobId(text)) return std::string(text);
  return Invalid("Plasm-Job-Id", text, "job- and a UUID in lower case");
}

Result<std::string> ParseIdempotencyKey(std::string_view text) {
  if (jobs::IsIdempotencyKey(text)) return std::string(text);
  return Invalid("Idempotency-Key", text, "1 to 128 visible characters of ASCII");
}

std::string EventPosition::ToText() const {
  return std::to_string(attempt) + "-" + std::to_string(stdout_bytes) + "-" +
         std::to_string(stderr_bytes);
}

Result<EventPosition> EventPosition::Parse(std::string_view text) {
  const std::vector<std::string_view> parts = SplitBy(text, '-');
  if (parts.size() == 3) {
    const auto attempt = ParseDecimal(parts[0]);
    const auto out = ParseDecimal(parts[1]);
    const auto err = ParseDecimal(parts[2]);
    if (attempt && out && err && *attempt <= std::numeric_limits<std::uint32_t>::max()) {
      return EventPosition{static_cast<std::uint32_t>(*attempt), *out, *err};
    }
  }
  return Invalid("Last-Event-ID", text, "the id of an event, as in 1-0-0");
}

}  // namespace plasm::api
