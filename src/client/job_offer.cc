#include "client/job_offer.h"

#include <algorithm>
#include <utility>

#include "base/decimal.h"
#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/one_line.h"
#include "base/quote.h"
#include "receipt/manifest_v01.h"

namespace plasm::client {
namespace {

constexpr JsonLimits kLimits{.max_bytes = kMaxOfferAnswerBytes, .max_depth = 6, .max_values = 256};
constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
constexpr std::uint64_t kLongestReservation = 3600;

// At least 1, at most `most`.
std::uint64_t InUnits(std::uint64_t amount, std::uint64_t unit, std::uint64_t most) {
  return std::clamp<std::uint64_t>(amount / unit + (amount % unit != 0 ? 1 : 0), 1, most);
}

Result<std::string> TakeLine(JsonFields& fields, std::string_view key) {
  PLASM_TRY(const std::string text, fields.TakeString(key));
  return OneLine(text);
}

Result<std::string> TextOfObject(JsonFields reason) {
  if (reason.Has("InsufficientResources")) {
    PLASM_TRY(JsonFields members, reason.TakeObject("InsufficientResources"));
    PLASM_TRY(const std::string missing, TakeLine(members, "missing"));
    return "it lacks what the job asks for: " + missing;
  }
  if (reason.Has("ArchMismatch")) {
    PLASM_TRY(JsonFields members, reason.TakeObject("ArchMismatch"));
    PLASM_TRY(const std::string required, TakeLine(members, "required"));
    PLASM_TRY(const std::string available, TakeLine(members, "available"));
    return "it is " + available + ", and " + required + " is wanted";
  }
  if (reason.Has("RuntimeNotSupported")) {
    PLASM_TRY(JsonFields members, reason.TakeObject("RuntimeNotSupported"));
    PLASM_TRY(const std::string required, TakeLine(members, "required"));
    return "it does not have the runtime " + required;
  }
  if (reason.Has("InvalidRequest")) {
    PLASM_TRY(JsonFields members, reason.TakeObject("InvalidRequest"));
    PLASM_TRY(const std::string details, TakeLine(members, "details"));
    return "it takes the offer for invalid: " + details;
  }
  return std::string("for a reason that is not known here");
}

Result<std::string> TextOfReason(JsonNode reason) {
  if (!reason.IsString()) {
    PLASM_TRY(JsonFields fields, std::move(reason).AsObject());
    return TextOfObject(std::move(fields));
  }
  PLASM_TRY(const std::string word, std::move(reason).AsString());
  if (word == "QueueFull") return std::string("its queue is full");
  return OneLine(word);
}

Result<void> ExpectId(JsonFields& fields, std::string_view job_id) {
  PLASM_TRY(const std::string found, fields.TakeString("job_id"));
  if (found == job_id) return {};
  return Error{ErrorCode::kInvalid,
               fields.path() + ".job_id: found " + Quote(found) + ", expected " + Quote(job_id)};
}

}  // namespace

JobOffer OfferOf(const receipt::Manifest& manifest, std::string job_id, std::string nonce,
                 std::string arch, std::string wasm_runtime) {
  const receipt::Limits& limits = manifest.limits;
  return {.job_id = std::move(job_id),
          .nonce = std::move(nonce),
          .module_hash = manifest.module.sha256,
          .cpu_cores = 1,
          .memory_mb = InUnits(limits.memory_bytes, kMiB, receipt::kMaxMemoryMb),
          .timeout_seconds = InUnits(limits.wall_time_ms, 1000, receipt::kMaxTimeoutSeconds),
          .arch = std::move(arch),
          .wasm_runtime = std::move(wasm_runtime)};
}

std::string SerializeOffer(const JobOffer& offer) {
  JsonWriter json(JsonStyle::kCompact);
  json.BeginObject().Field("job_id", offer.job_id).Field("nonce", offer.nonce);
  json.Field("module_hash", offer.module_hash.ToString()).Key("requirements").BeginObject();
  json.Field("cpu_cores", offer.cpu_cores).Field("memory_mb", offer.memory_mb);
  json.Field("timeout_seconds", offer.timeout_seconds);
  json.Field("arch", offer.arch).Field("wasm_runtime", offer.wasm_runtime);
  json.EndObject().EndObject();
  return std::move(json).Take();
}

std::string RuntimeOfEngine(std::string_view engine) {
  return std::string(engine.substr(0, engine.find('.')));
}

Result<OfferAnswer> ParseOfferAnswer(ByteView json, std::string_view job_id) {
  PLASM_TRY(JsonNode root, ParseJson(json, "response", kLimits));
  PLASM_TRY(JsonFields fields, std::move(root).AsObject());
  if (fields.Has("Rejected")) {
    PLASM_TRY(JsonFields members, fields.TakeObject("Rejected"));
    PLASM_TRY_VOID(ExpectId(members, job_id));
    PLASM_TRY(JsonNode reason, members.Take("reason"));
    PLASM_TRY(std::string text, TextOfReason(std::move(reason)));
    return OfferAnswer(OfferRejected{std::move(text)});
  }
  PLASM_TRY(JsonFields members, fields.TakeObject("Accepted"));
  PLASM_TRY_VOID(ExpectId(members, job_id));
  return OfferAnswer(OfferAccepted{});
}

std::optional<std::chrono::seconds> ReservedFor(std::optional<std::string_view> header) {
  if (!header) return std::nullopt;
  const auto seconds = ParseDecimal(*header);
  if (!seconds) return std::nullopt;
  return std::chrono::seconds(std::min(*seconds, kLongestReservation));
}

}  // namespace plasm::client
