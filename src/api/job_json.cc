#include "api/job_json.h"

#include <utility>

#include "base/base64.h"
#include "base/utc_time.h"
#include "receipt/byte_string.h"

namespace plasm::api {
namespace {

// What a job takes in JSON without the parts that vary much.
constexpr std::size_t kUsualJobBytes = 1024;

std::string TimeText(std::uint64_t ns) { return UtcTime::FromNanoseconds(ns).ToString(); }

void WriteContents(std::string_view key, const store::StreamRecord& stream, JsonWriter& json) {
  json.Key(key)
      .BeginObject()
      .Field("sha256", stream.digest.ToHex())
      .Field("size", std::to_string(stream.bytes))
      .EndObject();
}

void WriteStreamBytes(std::string_view key, const store::StreamRecord& stream, JsonWriter& json) {
  if (!stream.contents && stream.bytes > 0) return;
  json.Key(key);
  receipt::WriteByteString(stream.contents ? AsText(*stream.contents) : std::string_view(), json);
}

void WriteEnd(const store::JobEnd& end, JsonWriter& json) {
  json.Field("ended", TimeText(end.ended_ns));
  if (end.exit_code) json.Field("exitCode", *end.exit_code);
  if (end.trap) json.Field("trap", *end.trap);
  if (end.message) json.Field("message", *end.message);
  if (end.fuel_used) json.Field("fuelUsed", std::to_string(*end.fuel_used));
  if (end.result_digest) json.Field("resultDigest", end.result_digest->ToHex());
}

void WriteResults(const JobDetails& details, JsonWriter& json) {
  const store::JobResults& results = *details.results;
  WriteContents("stdout", results.standard_output, json);
  WriteContents("stderr", results.standard_error, json);
  json.Key("outputs").BeginArray();
  for (const store::KeptFileRecord& file : results.kept_files) {
    json.BeginObject().Key("path");
    receipt::WriteByteString(file.guest_path, json);
    json.Field("sha256", file.digest.ToHex()).Field("size", std::to_string(file.bytes)).EndObject();
  }
  json.EndArray();
  if (details.output) {
    WriteStreamBytes("stdoutBytes", results.standard_output, json);
    WriteStreamBytes("stderrBytes", results.standard_error, json);
  }
  if (!details.receipt.empty()) json.Key("receipt").Json(details.receipt);
  if (!details.proof.empty()) json.Field("proof", details.proof);
}

void WriteJob(const store::JobSummary& job, const JobDetails& details, JsonWriter& json) {
  json.BeginObject()
      .Field("id", job.id)
      .Field("state", store::JobStateName(job.state))
      .Field("client", job.client)
      .Field("manifest", job.manifest_digest.ToHex());
  if (job.idempotency_key) json.Field("idempotencyKey", *job.idempotency_key);
  json.Field("submitted", TimeText(job.submitted_ns));
  if (job.started_ns) json.Field("started", TimeText(*job.started_ns));
  json.Field("attempts", job.attempts);
  if (job.cancel_requested) json.Field("cancelRequested", true);
  if (job.end) WriteEnd(*job.end, json);
  if (job.end && details.results != nullptr) WriteResults(details, json);
  json.EndObject();
}

std::size_t ExpectedBytes(const JobDetails& details) {
  std::size_t bytes = kUsualJobBytes + details.receipt.size() + details.proof.size() * 5 / 4;
  if (details.results != nullptr && details.output) {
    for (const auto* stream :
         {&details.results->standard_output, &details.results->standard_error}) {
      if (stream->contents) bytes += stream->contents->size() * 5 / 4;
    }
  }
  return bytes;
}

}  // namespace

std::string JobJson(const store::JobSummary& job, const JobDetails& details) {
  JsonWriter json(JsonStyle::kCompact, ExpectedBytes(details));
  WriteJob(job, details, json);
  return std::move(json).Take();
}

std::string JobPageJson(const store::JobPage& page) {
  JsonWriter json(JsonStyle::kCompact, 64 + page.jobs.size() * kUsualJobBytes / 2);
  json.BeginObject().Key("jobs").BeginArray();
  for (const store::JobSummary& job : page.jobs) WriteJob(job, {}, json);
  json.EndArray();
  if (page.next) json.Field("next", page.next->ToText());
  json.EndObject();
  return std::move(json).Take();
}

std::string NodeStatusJson(const NodeStatus& status) {
  JsonWriter json(JsonStyle::kCompact, kUsualJobBytes);
  json.BeginObject()
      .Field("version", status.version)
      .Field("engine", status.engine)
      .Field("arch", status.arch)
      .Key("profiles")
      .BeginArray();
  for (const std::string& profile : status.profiles) json.String(profile);
  json.EndArray()
      .Field("cores", status.cores)
      .Field("queued", status.queued)
      .Field("running", status.running)
      .Field("draining", status.draining)
      .Key("limits")
      .BeginObject()
      .Field("memoryBytes", std::to_string(status.most.memory_bytes))
      .Field("fuel", std::to_string(status.most.fuel))
      .Field("outputBytes", std::to_string(status.most.output_bytes))
      .Field("fileBytes", std::to_string(status.most.file_bytes))
      .Field("fileNodes", std::to_string(status.most.file_nodes))
      .Field("wallTimeMs", std::to_string(status.most.wall_time_ms))
      .EndObject()
      .EndObject();
  return std::move(json).Take();
}

std::string StateEventJson(store::JobState state) {
  JsonWriter json(JsonStyle::kCompact);
  json.BeginObject().Field("state", store::JobStateName(state)).EndObject();
  return std::move(json).Take();
}

std::string OutputEventJson(std::uint64_t offset, ByteView bytes) {
  JsonWriter json(JsonStyle::kCompact, 64 + bytes.size() * 4 / 3);
  json.BeginObject()
      .Field("offset", std::to_string(offset))
      .Field("base64", EncodeBase64(bytes))
      .EndObject();
  return std::move(json).Take();
}

std::string MissingBlobsJson(std::span<const Sha256Digest> digests) {
  JsonWriter json(JsonStyle::kCompact, 256 + digests.size() * 68);
  json.BeginObject()
      .Field("type", "about:blank")
      .Field("title", "Conflict")
      .Field("status", 409)
      .Field("detail", "the job needs blobs that are not here: upload them with PUT /v1/blobs/")
      .Field("code", ErrorCodeName(ErrorCode::kConflict))
      .Key("missing")
      .BeginArray();
  for (const Sha256Digest& digest : digests) json.String(digest.ToHex());
  json.EndArray().EndObject();
  return std::move(json).Take();
}

}  // namespace plasm::api
