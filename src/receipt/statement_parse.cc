#include <algorithm>
#include <array>

#include "base/json_reader.h"
#include "base/key_name.h"
#include "base/quote.h"
#include "base/text_form.h"
#include "base/uuid.h"
#include "receipt/job_fields.h"
#include "receipt/job_id.h"
#include "receipt/statement.h"

namespace plasm::receipt {
namespace {

// The shortest subject has more than 100 bytes and four values, the shortest input tree more
// than 70 and three: no statement that fits into its size has more.
constexpr JsonLimits kJsonLimits = {
    .max_bytes = kMaxStatementBytes, .max_depth = 16, .max_values = 400'000};

constexpr std::string_view kFilePrefix = "file:";
constexpr std::size_t kTimeWithMilliseconds = 24;  // characters
constexpr std::size_t kMaxTrapBytes = 64;

// A member is there exactly when it should be, or the receipt says two things at once.
Result<void> ExpectPresence(const JsonFields& fields, std::string_view key, bool expected) {
  if (fields.Has(key) == expected) return {};
  return InvalidField(fields, key, expected ? "missing" : "found, expected none in this case");
}

struct Subject {
  std::string name;
  Sha256Digest digest;
};

Result<Subject> ReadSubject(JsonNode node) {
  PLASM_TRY(JsonFields fields, std::move(node).AsObject());
  Subject subject;
  PLASM_TRY(subject.name, fields.TakeString("name"));
  PLASM_TRY(subject.digest, TakeDigestObject(fields, "digest"));
  PLASM_TRY_VOID(fields.ExpectNoMore());
  return subject;
}

Result<Sha256Digest> ReadStreamSubject(JsonNode node, std::string_view name) {
  const std::string path = node.path();
  PLASM_TRY(const Subject subject, ReadSubject(std::move(node)));
  if (subject.name == name) return subject.digest;
  return Error{ErrorCode::kInvalid,
               path + ".name: found " + Quote(subject.name) + ", expected " + Quote(name)};
}

Result<FileSubject> ReadFileSubject(JsonNode node) {
  const std::string path = node.path();
  PLASM_TRY(Subject subject, ReadSubject(std::move(node)));
  const bool is_file = subject.name.starts_with(kFilePrefix) &&
                       subject.name.size() > kFilePrefix.size() &&
                       subject.name.find('\0') == std::string::npos;
  if (!is_file) {
    return Error{ErrorCode::kInvalid,
                 path + ".name: found " + Quote(subject.name) + ", expected file: and a path"};
  }
  subject.name.erase(0, kFilePrefix.size());
  return FileSubject{std::move(subject.name), subject.digest};
}

Result<void> TakeSubjects(JsonFields& fields, Statement& statement) {
  PLASM_TRY(std::vector<JsonNode> nodes, fields.TakeArray("subject"));
  if (nodes.size() < 2) {
    return InvalidField(fields, "subject", "expected stdout, stderr and the files");
  }
  PLASM_TRY(statement.stdout_subject.digest, ReadStreamSubject(std::move(nodes[0]), "stdout"));
  PLASM_TRY(statement.stderr_subject.digest, ReadStreamSubject(std::move(nodes[1]), "stderr"));
  statement.files.reserve(nodes.size() - 2);
  for (std::size_t i = 2; i < nodes.size(); ++i) {
    const std::string path = nodes[i].path();
    PLASM_TRY(FileSubject file, ReadFileSubject(std::move(nodes[i])));
    if (!statement.files.empty() && statement.files.back().path >= file.path) {
      return Error{ErrorCode::kInvalid, path + ".name: found " + Quote(file.path) + " after " +
                                            Quote(statement.files.back().path) +
                                            ", expected sorted and unique names"};
    }
    statement.files.push_back(std::move(file));
  }
  return {};
}

Result<UtcTime> TakeExactTime(JsonFields& fields, std::string_view key) {
  PLASM_TRY(const std::string text, fields.TakeString(key));
  auto time = UtcTime::Parse(text);
  if (!time) return InvalidField(fields, key, time.error().message);
  if (text.size() != kTimeWithMilliseconds) {
    return InvalidField(fields, key, "found " + Quote(text) + ", expected milliseconds");
  }
  return time;
}

Result<AnsweredJob> TakeJob(JsonFields& predicate) {
  PLASM_TRY(JsonFields fields, predicate.TakeObject("job"));
  AnsweredJob job;
  PLASM_TRY(job.manifest, TakeDigestObject(fields, "manifest"));
  PLASM_TRY(job.id, fields.TakeString("id"));
  if (!IsJobId(job.id)) {
    return InvalidField(fields, "id", "found " + Quote(job.id) + ", expected job- and a UUID");
  }
  if (fields.Has("requester")) {
    PLASM_TRY(job.requester, TakeFingerprint(fields, "requester"));
  }
  if (fields.Has("nonce")) {
    PLASM_TRY(job.nonce, TakeNonce(fields, "nonce"));
  }
  if (fields.Has("notAfter")) {
    PLASM_TRY(job.not_after, TakeTime(fields, "notAfter"));
  }
  PLASM_TRY_VOID(fields.ExpectNoMore());
  return job;
}

Result<InputNames> TakeInput(JsonFields& predicate) {
  PLASM_TRY(JsonFields fields, predicate.TakeObject("input"));
  InputNames input;
  PLASM_TRY(input.args, TakeDigest(fields, "args"));
  PLASM_TRY(input.env, TakeDigest(fields, "env"));
  PLASM_TRY(input.stdin_digest, TakeDigest(fields, "stdin"));
  PLASM_TRY(input.trees, TakeInputTrees(fields, "trees"));
  PLASM_TRY_VOID(fields.ExpectNoMore());
  return input;
}

Result<Runtime> TakeRuntime(JsonFields& predicate) {
  PLASM_TRY(JsonFields fields, predicate.TakeObject("runtime"));
  Runtime runtime;
  PLASM_TRY(runtime.engine, TakeToken(fields, "engine"));
  PLASM_TRY(runtime.version, TakeToken(fields, "version"));
  PLASM_TRY(runtime.target, TakeToken(fields, "target"));
  PLASM_TRY(runtime.configuration, TakeDigest(fields, "configuration"));
  PLASM_TRY(runtime.profile, TakeProfile(fields, "profile"));
  PLASM_TRY_VOID(fields.ExpectNoMore());
  return runtime;
}

constexpr std::array kStatuses = {Status::kExited,      Status::kTrapped,  Status::kOutOfFuel,
                                  Status::kOutputLimit, Status::kTimedOut, Status::kCancelled,
                                  Status::kRejected};

Result<Status> TakeStatus(JsonFields& fields) {
  PLASM_TRY(const std::string text, fields.TakeString("status"));
  const auto found = std::ranges::find(kStatuses, text, StatusName);
  if (found != kStatuses.end()) return *found;
  return InvalidField(fields, "status", "found " + Quote(text) + ", expected a status");
}

// Also fits into one line of the result digest's text: no blank, no line end.
Result<std::string> TakeTrap(JsonFields& fields) {
  PLASM_TRY(std::string text, fields.TakeString("trap"));
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  if (text.empty() || text.size() > kMaxTrapBytes || !std::ranges::all_of(text, fits)) {
    return InvalidField(fields, "trap",
                        "found " + Quote(text) + ", expected a cause as in stack_overflow");
  }
  return text;
}

// Shown to people, so it must not steer their terminal.
Result<std::string> TakeReason(JsonFields& fields) {
  PLASM_TRY(std::string text, fields.TakeString("reason"));
  if (text.empty() || text.size() > Outcome::kMaxReasonBytes || !IsPlainText(text)) {
    return InvalidField(fields, "reason",
                        "found " + Quote(text) + ", expected one sentence of at most 1024 bytes");
  }
  return text;
}

Result<void> TakeResult(JsonFields& predicate, Statement& statement) {
  PLASM_TRY(JsonFields fields, predicate.TakeObject("result"));
  Outcome& result = statement.result;
  PLASM_TRY(result.status, TakeStatus(fields));
  PLASM_TRY_VOID(ExpectPresence(fields, "exitCode", result.status == Status::kExited));
  PLASM_TRY_VOID(ExpectPresence(fields, "trap", result.status == Status::kTrapped));
  PLASM_TRY_VOID(ExpectPresence(fields, "fuelUsed", CountsFuel(result.status)));
  if (result.status != Status::kRejected) {
    PLASM_TRY_VOID(ExpectPresence(fields, "reason", false));
  }
  if (fields.Has("exitCode")) {
    PLASM_TRY(const std::uint64_t code, fields.TakeUint("exitCode", UINT32_MAX));
    result.exit_code = static_cast<std::uint32_t>(code);
  }
  if (fields.Has("trap")) {
    PLASM_TRY(result.trap, TakeTrap(fields));
  }
  if (fields.Has("reason")) {
    PLASM_TRY(result.reason, TakeReason(fields));
  }
  if (fields.Has("fuelUsed")) {
    PLASM_TRY(result.fuel_used, TakeDecimal(fields, "fuelUsed"));
  }
  PLASM_TRY(statement.stdout_subject.bytes, TakeDecimal(fields, "stdoutBytes"));
  PLASM_TRY(statement.stderr_subject.bytes, TakeDecimal(fields, "stderrBytes"));
  PLASM_TRY(result.truncated, fields.TakeBool("truncated"));
  return fields.ExpectNoMore();
}

Result<Observed> TakeObserved(JsonFields& predicate) {
  PLASM_TRY(JsonFields fields, predicate.TakeObject("observed"));
  Observed observed;
  PLASM_TRY(observed.start, TakeExactTime(fields, "start"));
  PLASM_TRY(observed.end, TakeExactTime(fields, "end"));
  PLASM_TRY(observed.wall_time_ns, TakeDecimal(fields, "wallTimeNs"));
  PLASM_TRY(const std::uint64_t attempts, fields.TakeUint("attempts", UINT32_MAX));
  if (attempts == 0) return InvalidField(fields, "attempts", "found 0, expected at least 1");
  observed.attempts = static_cast<std::uint32_t>(attempts);
  PLASM_TRY_VOID(fields.ExpectNoMore());
  return observed;
}

Result<std::string> TakeOrigin(JsonFields& fields) {
  PLASM_TRY(std::string text, fields.TakeString("log"));
  if (!IsLogOrigin(text)) {
    return InvalidField(fields, "log", "found " + Quote(text) + ", expected a log's origin");
  }
  return text;
}

Result<Signing> TakeSigning(JsonFields& fields) {
  PLASM_TRY(const std::string text, fields.TakeString("signing"));
  if (text == "each") return Signing::kEach;
  if (text == "batch") return Signing::kBatch;
  return InvalidField(fields, "signing",
                      "found " + Quote(text) + ", expected \"each\" or \"batch\"");
}

Result<Answerer> TakeNode(JsonFields& predicate) {
  PLASM_TRY(JsonFields fields, predicate.TakeObject("node"));
  Answerer node;
  PLASM_TRY(node.identity, TakeFingerprint(fields, "identity"));
  PLASM_TRY(node.key, TakeFingerprint(fields, "key"));
  PLASM_TRY(node.signing, TakeSigning(fields));
  if (node.signing == Signing::kBatch) {
    PLASM_TRY_VOID(ExpectPresence(fields, "log", true));
  }
  if (fields.Has("log")) {
    PLASM_TRY(node.log, TakeOrigin(fields));
  }
  PLASM_TRY(node.boot, fields.TakeString("boot"));
  if (!IsUuid(node.boot)) {
    return InvalidField(fields, "boot", "found " + Quote(node.boot) + ", expected a UUID");
  }
  PLASM_TRY(node.sequence, TakeDecimal(fields, "sequence"));
  PLASM_TRY_VOID(fields.ExpectNoMore());
  return node;
}

}  // namespace

Result<Statement> ParseStatement(ByteView payload) {
  PLASM_TRY(JsonNode root, ParseJson(payload, "statement", kJsonLimits));
  PLASM_TRY(JsonFields fields, std::move(root).AsObject());
  Statement statement;
  PLASM_TRY_VOID(TakeFixed(fields, "_type", kStatementType));
  PLASM_TRY_VOID(TakeFixed(fields, "predicateType", kPredicateType));
  PLASM_TRY_VOID(TakeSubjects(fields, statement));
  PLASM_TRY(JsonFields predicate, fields.TakeObject("predicate"));
  PLASM_TRY_VOID(fields.ExpectNoMore());

  PLASM_TRY(statement.job, TakeJob(predicate));
  PLASM_TRY(statement.module, TakeModule(predicate, "module"));
  PLASM_TRY(statement.input, TakeInput(predicate));
  PLASM_TRY(statement.limits, TakeLimits(predicate, "limits"));
  PLASM_TRY(statement.runtime, TakeRuntime(predicate));
  PLASM_TRY_VOID(TakeResult(predicate, statement));
  PLASM_TRY_VOID(
      ExpectPresence(predicate, "resultDigest",
                     HasResultDigest(statement.runtime.profile, statement.result.status)));
  if (predicate.Has("resultDigest")) {
    PLASM_TRY(statement.result_digest, TakeDigestObject(predicate, "resultDigest"));
  }
  PLASM_TRY(statement.observed, TakeObserved(predicate));
  PLASM_TRY(statement.node, TakeNode(predicate));
  PLASM_TRY_VOID(predicate.ExpectNoMore());
  return statement;
}

}  // namespace plasm::receipt
