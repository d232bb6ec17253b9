#include "api/compat_messages.h"

#include <algorithm>
#include <utility>

#include "base/base64.h"
#include "base/quote.h"
#include "base/text_form.h"
#include "receipt/v01_fields.h"

namespace plasm::api {
namespace {

constexpr std::size_t kMaxId = 128;
constexpr std::size_t kMaxNonce = 64;
constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxArgs = 4096;
constexpr std::size_t kMaxArgBytes = std::size_t{1} << 20;  // of all of them

Error Mismatch(const Sha256Digest& expected, const Sha256Digest& found) {
  return {ErrorCode::kInvalid,
          "Module hash mismatch: expected " + expected.ToString() + ", found " + found.ToString()};
}

// Of well-formed UTF-8, as JSON Schema counts them.
std::size_t CharactersOf(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

// `max` in characters.
Result<std::string> TakeText(JsonFields& fields, std::string_view key, std::size_t max) {
  PLASM_TRY(const JsonNode node, fields.Take(key));
  PLASM_TRY(std::string text, JsonNode(node).AsString());
  if (!text.empty() && CharactersOf(text) <= max && IsPlainText(text)) return text;
  return node.Invalid("found " + Quote(text) + ", expected 1 to " + std::to_string(max) +
                      " characters without control characters");
}

Result<Requirements> TakeRequirements(JsonFields& fields) {
  PLASM_TRY(JsonFields members, fields.TakeObject("requirements"));
  Requirements asked;
  PLASM_TRY(asked.cpu_cores, members.TakeUint("cpu_cores"));
  PLASM_TRY(asked.memory_mb, members.TakeUint("memory_mb"));
  PLASM_TRY(asked.timeout_seconds, members.TakeUint("timeout_seconds"));
  PLASM_TRY(asked.arch, TakeText(members, "arch", kMaxName));
  PLASM_TRY(asked.wasm_runtime, TakeText(members, "wasm_runtime", kMaxName));
  PLASM_TRY_VOID(members.ExpectNoMore());
  return asked;
}

Result<std::vector<std::string>> TakeArgs(JsonFields& fields) {
  PLASM_TRY(const JsonNode node, fields.Take("args"));
  PLASM_TRY(std::vector<JsonNode> values, JsonNode(node).AsArray());
  std::vector<std::string> args;
  std::size_t bytes = 0;
  for (JsonNode& value : values) {
    const JsonNode place({}, value.path());
    PLASM_TRY(std::string arg, std::move(value).AsString());
    if (arg.find('\0') != std::string::npos) return place.Invalid("found NUL, expected none");
    bytes += arg.size() + 1;
    args.push_back(std::move(arg));
  }
  if (args.size() <= kMaxArgs && bytes <= kMaxArgBytes) return args;
  return node.Invalid("found more than " + std::to_string(kMaxArgs) + " arguments or " +
                      std::to_string(kMaxArgBytes) + " bytes of them");
}

Result<Bytes> TakeModule(JsonFields& fields) {
  PLASM_TRY(const JsonNode node, fields.Take("wasm_bytes"));
  const auto* const text = std::get_if<std::string>(&node.value().v);
  if (text == nullptr) return node.Invalid("expected the module in base64");
  if (text->empty()) return node.Invalid("found nothing, expected the module in base64");
  auto bytes = DecodeBase64(*text);
  if (!bytes) return node.Invalid(bytes.error().message);
  return bytes;
}

}  // namespace

Result<JobOffer> JobOffer::Parse(ByteView json) {
  PLASM_TRY(JsonNode root, ParseJson(json, "offer", {.max_bytes = kMaxOfferBytes, .max_depth = 4}));
  PLASM_TRY(JsonFields fields, std::move(root).AsObject());
  JobOffer offer;
  PLASM_TRY(offer.job_id, TakeText(fields, "job_id", kMaxId));
  PLASM_TRY(offer.nonce, TakeText(fields, "nonce", kMaxNonce));
  PLASM_TRY(offer.module_hash, receipt::TakeModuleHash(fields));
  PLASM_TRY(offer.requirements, TakeRequirements(fields));
  PLASM_TRY_VOID(fields.ExpectNoMore());
  return offer;
}

Result<JobRequest> JobRequest::Parse(ByteView json) {
  PLASM_TRY(JsonNode root,
            ParseJson(json, "request", {.max_bytes = kMaxJobRequestBytes, .max_depth = 4}));
  PLASM_TRY(JsonFields fields, std::move(root).AsObject());
  JobRequest request;
  PLASM_TRY(request.job_id, TakeText(fields, "job_id", kMaxId));
  PLASM_TRY(request.module_hash, receipt::TakeModuleHash(fields));
  PLASM_TRY(request.wasm, TakeModule(fields));
  PLASM_TRY(request.args, TakeArgs(fields));
  PLASM_TRY(request.requirements, TakeRequirements(fields));
  PLASM_TRY_VOID(fields.ExpectNoMore());
  if (request.requirements.cpu_cores < 1) {
    return Error{ErrorCode::kInvalid,
                 "request.requirements.cpu_cores: found 0, expected at least 1"};
  }
  const Sha256Digest found = Sha256Of(request.wasm);
  if (found != request.module_hash) return Mismatch(request.module_hash, found);
  return request;
}

}  // namespace plasm::api
