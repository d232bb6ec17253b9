#include "receipt/statement.h"

#include <array>
#include <utility>

#include "base/hex.h"
#include "base/json_writer.h"
#include "receipt/job_fields.h"

namespace plasm::receipt {
namespace {

// Room for a statement's fixed part, with every optional member, and for what one file or
// tree adds beside its path: a guess that spares growing, no limit.
constexpr std::size_t kUsualBytes = 3072;
constexpr std::size_t kBytesPerFile = 128;

std::size_t EstimatedBytes(const Statement& statement) {
  std::size_t bytes = kUsualBytes;
  for (const FileSubject& file : statement.files) bytes += kBytesPerFile + file.path.size();
  return bytes + statement.input.trees.size() * 2 * kBytesPerFile;
}

void WriteSubject(JsonWriter& json, std::string_view name, const Sha256Digest& digest) {
  json.BeginObject().Field("name", name);
  WriteDigestObject(json, "digest", digest);
  json.EndObject();
}

void WriteSubjects(JsonWriter& json, const Statement& statement) {
  json.Key("subject").BeginArray();
  WriteSubject(json, "stdout", statement.stdout_subject.digest);
  WriteSubject(json, "stderr", statement.stderr_subject.digest);
  std::string name;
  for (const FileSubject& file : statement.files) {
    name.assign("file:").append(file.path);
    WriteSubject(json, name, file.digest);
  }
  json.EndArray();
}

void WriteJob(JsonWriter& json, const AnsweredJob& job) {
  json.Key("job").BeginObject();
  WriteDigestObject(json, "manifest", job.manifest);
  json.Field("id", job.id);
  if (job.requester) json.Field("requester", *job.requester);
  if (job.nonce) json.Field("nonce", *job.nonce);
  if (job.not_after) json.Field("notAfter", job.not_after->ToString());
  json.EndObject();
}

void WriteInput(JsonWriter& json, const InputNames& input) {
  json.Key("input").BeginObject();
  WriteDigest(json, "args", input.args);
  WriteDigest(json, "env", input.env);
  WriteDigest(json, "stdin", input.stdin_digest);
  WriteInputTrees(json, "trees", input.trees);
  json.EndObject();
}

void WriteRuntime(JsonWriter& json, const Runtime& runtime) {
  json.Key("runtime")
      .BeginObject()
      .Field("engine", runtime.engine)
      .Field("version", runtime.version)
      .Field("target", runtime.target);
  WriteDigest(json, "configuration", runtime.configuration);
  json.Field("profile", ProfileName(runtime.profile)).EndObject();
}

void WriteResult(JsonWriter& json, const Statement& statement) {
  const Outcome& result = statement.result;
  json.Key("result").BeginObject().Field("status", StatusName(result.status));
  if (result.exit_code) json.Field("exitCode", *result.exit_code);
  if (result.trap) json.Field("trap", *result.trap);
  if (result.reason) json.Field("reason", *result.reason);
  if (result.fuel_used) WriteDecimal(json, "fuelUsed", *result.fuel_used);
  WriteDecimal(json, "stdoutBytes", statement.stdout_subject.bytes);
  WriteDecimal(json, "stderrBytes", statement.stderr_subject.bytes);
  json.Field("truncated", result.truncated).EndObject();
}

void WriteObserved(JsonWriter& json, const Observed& observed) {
  json.Key("observed")
      .BeginObject()
      .Field("start", observed.start.ToString())
      .Field("end", observed.end.ToString());
  WriteDecimal(json, "wallTimeNs", observed.wall_time_ns);
  json.Field("attempts", observed.attempts).EndObject();
}

void WriteNode(JsonWriter& json, const Answerer& node) {
  json.Key("node")
      .BeginObject()
      .Field("identity", node.identity)
      .Field("key", node.key)
      .Field("signing", node.signing == Signing::kEach ? "each" : "batch");
  if (node.log) json.Field("log", *node.log);
  json.Field("boot", node.boot);
  WriteDecimal(json, "sequence", node.sequence);
  json.EndObject();
}

}  // namespace

std::string_view StatusName(Status status) {
  constexpr std::array<std::string_view, 7> kNames = {
      "exited", "trapped", "out_of_fuel", "output_limit", "timed_out", "cancelled", "rejected"};
  return kNames[static_cast<std::size_t>(status)];
}

std::string SerializeStatement(const Statement& statement, std::string written_over) {
  written_over.reserve(EstimatedBytes(statement));
  JsonWriter json(JsonStyle::kCompact, std::move(written_over));
  json.BeginObject().Field("_type", kStatementType);
  WriteSubjects(json, statement);
  json.Field("predicateType", kPredicateType).Key("predicate").BeginObject();
  WriteJob(json, statement.job);
  WriteModule(json, "module", statement.module);
  WriteInput(json, statement.input);
  WriteLimits(json, "limits", statement.limits);
  WriteRuntime(json, statement.runtime);
  WriteResult(json, statement);
  if (statement.result_digest) WriteDigestObject(json, "resultDigest", *statement.result_digest);
  WriteObserved(json, statement.observed);
  WriteNode(json, statement.node);
  json.EndObject().EndObject();
  return std::move(json).Take();
}

Sha256Digest ListDigest(const std::vector<std::string>& list) {
  Sha256 hash;
  // With the NUL byte that stands behind each string's text.
  for (const std::string& element : list) {
    hash.Update(AsBytes(std::string_view(element.c_str(), element.size() + 1)));
  }
  return hash.Finish();
}

Sha256Digest LeafReceiptDigest(ByteView payload) {
  return PreAuthDigest(kReceiptPayloadType, payload);
}

std::string LogEntry(const Sha256Digest& pae_digest) {
  constexpr std::string_view kBegin = "urn:plasm:leaf:v1\nreceipt ";
  std::string entry;
  entry.reserve(kBegin.size() + 2 * Sha256Digest::kSize + 1);
  entry = kBegin;
  AppendHex(entry, pae_digest.bytes);
  return entry += '\n';
}

}  // namespace plasm::receipt
