#include "client/job_document.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/decimal.h"
#include "base/one_line.h"
#include "base/quote.h"
#include "receipt/byte_string.h"

namespace plasm::client {
namespace {

constexpr JsonLimits kLimits{.max_bytes = kMaxJobBytes, .max_depth = 8, .max_values = 1'000'000};
constexpr std::size_t kMaxCursorBytes = 64;

Result<Sha256Digest> TakeDigest(JsonFields& fields, std::string_view key) {
  PLASM_TRY(JsonNode node, fields.Take(key));
  const std::string path = node.path();
  PLASM_TRY(const std::string hex, std::move(node).AsString());
  const auto digest = Sha256Digest::FromHex(hex);
  if (!digest) return Error{ErrorCode::kInvalid, path + ": " + digest.error().message};
  return *digest;
}

Result<std::uint64_t> TakeDecimal(JsonFields& fields, std::string_view key) {
  PLASM_TRY(JsonNode node, fields.Take(key));
  const std::string path = node.path();
  PLASM_TRY(const std::string text, std::move(node).AsString());
  const auto value = ParseDecimal(text);
  if (!value) return Error{ErrorCode::kInvalid, path + ": " + value.error().message};
  return *value;
}

Result<UtcTime> TakeTime(JsonFields& fields, std::string_view key) {
  PLASM_TRY(JsonNode node, fields.Take(key));
  const std::string path = node.path();
  PLASM_TRY(const std::string text, std::move(node).AsString());
  const auto time = UtcTime::Parse(text);
  if (!time) return Error{ErrorCode::kInvalid, path + ": " + time.error().message};
  return *time;
}

Result<std::string> TakeLine(JsonFields& fields, std::string_view key) {
  PLASM_TRY(const std::string text, fields.TakeString(key));
  return OneLine(text);
}

// The value of a member that may be left out.
template <class Take>
auto Optional(JsonFields& fields, std::string_view key, Take take)
    -> Result<std::optional<typename decltype(take(fields, key))::value_type>> {
  using Value = typename decltype(take(fields, key))::value_type;
  if (!fields.Has(key)) return std::optional<Value>();
  PLASM_TRY(Value value, take(fields, key));
  return std::optional<Value>(std::move(value));
}

Result<NamedContents> ContentsIn(JsonFields& fields) {
  NamedContents contents;
  PLASM_TRY(contents.digest, TakeDigest(fields, "sha256"));
  PLASM_TRY(contents.bytes, TakeDecimal(fields, "size"));
  return contents;
}

Result<NamedContents> TakeContents(JsonFields& fields, std::string_view key) {
  PLASM_TRY(JsonFields inner, fields.TakeObject(key));
  return ContentsIn(inner);
}

Result<std::vector<NamedOutput>> TakeOutputs(JsonFields& fields) {
  std::vector<NamedOutput> outputs;
  if (!fields.Has("outputs")) return outputs;
  PLASM_TRY(std::vector<JsonNode> nodes, fields.TakeArray("outputs"));
  for (JsonNode& node : nodes) {
    PLASM_TRY(JsonFields inner, std::move(node).AsObject());
    PLASM_TRY(const JsonNode path, inner.Take("path"));
    NamedOutput output;
    PLASM_TRY(output.path, receipt::ReadByteString(path));
    PLASM_TRY(output.contents, ContentsIn(inner));
    outputs.push_back(std::move(output));
  }
  return outputs;
}

void WriteContents(std::string_view key, const std::optional<NamedContents>& contents,
                   JsonWriter& json) {
  if (!contents) return;
  json.Key(key).BeginObject();
  json.Field("sha256", contents->digest.ToHex());
  json.Field("size", std::to_string(contents->bytes)).EndObject();
}

}  // namespace

Result<JobState> ParseJobState(std::string_view name) {
  if (const auto state = receipt::JobStateOf(name)) return *state;
  return Error{ErrorCode::kInvalid, "state: found " + Quote(name) +
                                        ", expected one as in \"queued\" or \"out_of_fuel\""};
}

Result<JobDocument> ReadJob(JsonNode node) {
  PLASM_TRY(JsonFields fields, std::move(node).AsObject());
  JobDocument job;
  PLASM_TRY(job.id, fields.TakeString("id"));
  if (!IsJobId(job.id)) {
    return Error{ErrorCode::kInvalid,
                 fields.path() + ".id: found " + Quote(job.id) + ", expected job-<uuid>"};
  }
  PLASM_TRY(const std::string state, fields.TakeString("state"));
  PLASM_TRY(job.state, ParseJobState(state));
  PLASM_TRY(job.client, TakeLine(fields, "client"));
  PLASM_TRY(job.manifest, TakeDigest(fields, "manifest"));
  PLASM_TRY(job.idempotency_key, Optional(fields, "idempotencyKey", TakeLine));
  PLASM_TRY(job.submitted, TakeTime(fields, "submitted"));
  PLASM_TRY(job.started, Optional(fields, "started", TakeTime));
  PLASM_TRY(job.ended, Optional(fields, "ended", TakeTime));
  PLASM_TRY(job.attempts, fields.TakeUint("attempts"));
  if (fields.Has("cancelRequested")) {
    PLASM_TRY(job.cancel_requested, fields.TakeBool("cancelRequested"));
  }
  if (fields.Has("exitCode")) {
    PLASM_TRY(job.exit_code, fields.TakeUint("exitCode", UINT32_MAX));
  }
  PLASM_TRY(job.trap, Optional(fields, "trap", TakeLine));
  PLASM_TRY(job.message, Optional(fields, "message", TakeLine));
  PLASM_TRY(job.fuel_used, Optional(fields, "fuelUsed", TakeDecimal));
  PLASM_TRY(job.result_digest, Optional(fields, "resultDigest", TakeDigest));
  PLASM_TRY(job.stdout_contents, Optional(fields, "stdout", TakeContents));
  PLASM_TRY(job.stderr_contents, Optional(fields, "stderr", TakeContents));
  PLASM_TRY(job.outputs, TakeOutputs(fields));
  return job;
}

Result<JobDocument> ParseJob(ByteView json) {
  PLASM_TRY(JsonNode root, ParseJson(json, "job", kLimits));
  return ReadJob(std::move(root));
}

void WriteJob(const JobDocument& job, JsonWriter& json) {
  json.BeginObject();
  json.Field("id", job.id).Field("state", JobStateName(job.state)).Field("client", job.client);
  json.Field("manifest", job.manifest.ToHex());
  if (job.idempotency_key) json.Field("idempotencyKey", *job.idempotency_key);
  json.Field("submitted", job.submitted.ToString());
  if (job.started) json.Field("started", job.started->ToString());
  if (job.ended) json.Field("ended", job.ended->ToString());
  json.Field("attempts", job.attempts);
  if (job.cancel_requested) json.Field("cancelRequested", true);
  if (job.exit_code) json.Field("exitCode", *job.exit_code);
  if (job.trap) json.Field("trap", *job.trap);
  if (job.message) json.Field("message", *job.message);
  if (job.fuel_used) json.Field("fuelUsed", std::to_string(*job.fuel_used));
  if (job.result_digest) json.Field("resultDigest", job.result_digest->ToHex());
  WriteContents("stdout", job.stdout_contents, json);
  WriteContents("stderr", job.stderr_contents, json);
  if (!job.outputs.empty()) {
    json.Key("outputs").BeginArray();
    for (const NamedOutput& output : job.outputs) {
      json.BeginObject().Key("path");
      receipt::WriteByteString(output.path, json);
      json.Field("sha256", output.contents.digest.ToHex());
      json.Field("size", std::to_string(output.contents.bytes)).EndObject();
    }
    json.EndArray();
  }
  json.EndObject();
}

Result<JobPage> ParseJobPage(ByteView json) {
  PLASM_TRY(JsonNode root, ParseJson(json, "jobs", kLimits));
  PLASM_TRY(JsonFields fields, std::move(root).AsObject());
  PLASM_TRY(std::vector<JsonNode> nodes, fields.TakeArray("jobs"));
  JobPage page;
  for (JsonNode& node : nodes) {
    PLASM_TRY(JobDocument job, ReadJob(std::move(node)));
    page.jobs.push_back(std::move(job));
  }
  if (!fields.Has("next")) return page;
  PLASM_TRY(page.next, fields.TakeString("next"));
  const auto is_cursor = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           c == '-';
  };
  if (page.next->empty() || page.next->size() > kMaxCursorBytes ||
      !std::ranges::all_of(*page.next, is_cursor)) {
    return Error{ErrorCode::kInvalid, "jobs.next: found " + Quote(*page.next) +
                                          ", expected 1 to 64 letters, digits, '_' and '-'"};
  }
  return page;
}

}  // namespace plasm::client
