#include "receipt/quorum_bundle.h"

#include <utility>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/quote.h"

namespace plasm::receipt {
namespace {

constexpr JsonLimits kJsonLimits = {
    .max_bytes = kMaxBundleBytes, .max_depth = 3, .max_values = 4 * kMaxAnswers};

Result<Answer> ReadAnswer(JsonNode node) {
  PLASM_TRY(JsonFields fields, std::move(node).AsObject());
  Answer answer;
  PLASM_TRY(answer.receipt, fields.TakeString("receipt"));
  if (fields.Has("proof")) {
    PLASM_TRY(answer.proof, fields.TakeString("proof"));
  }
  PLASM_TRY_VOID(fields.ExpectNoMore());
  return answer;
}

Error OutOfRange(const JsonFields& fields, std::string_view key, std::uint64_t found) {
  return {ErrorCode::kInvalid, fields.path() + "." + std::string(key) + ": found " +
                                   std::to_string(found) + ", expected 1 to " +
                                   std::to_string(kMaxAnswers)};
}

}  // namespace

bool IsQuorumBundle(ByteView json) {
  auto root = ParseJson(json, "document", kJsonLimits);
  if (!root) return false;
  auto fields = std::move(*root).AsObject();
  if (!fields) return false;
  const auto type = fields->TakeString("type");
  return type && *type == kQuorumType;
}

Result<QuorumBundle> ParseQuorumBundle(ByteView json) {
  PLASM_TRY(JsonNode root, ParseJson(json, "bundle", kJsonLimits));
  PLASM_TRY(JsonFields fields, std::move(root).AsObject());
  PLASM_TRY(const std::string type, fields.TakeString("type"));
  if (type != kQuorumType) {
    return Error{ErrorCode::kInvalid, "bundle.type: found " + Quote(type) + ", expected " +
                                          Quote(std::string(kQuorumType))};
  }
  QuorumBundle bundle;
  PLASM_TRY(const std::uint64_t agree, fields.TakeUint("agree", kMaxAnswers));
  if (agree == 0) return OutOfRange(fields, "agree", agree);
  bundle.agree = static_cast<std::uint32_t>(agree);
  PLASM_TRY(bundle.manifest, fields.TakeString("manifest"));
  PLASM_TRY(std::vector<JsonNode> answers, fields.TakeArray("answers"));
  if (answers.empty() || answers.size() > kMaxAnswers) {
    return OutOfRange(fields, "answers", answers.size());
  }
  for (JsonNode& node : answers) {
    PLASM_TRY(Answer answer, ReadAnswer(std::move(node)));
    bundle.answers.push_back(std::move(answer));
  }
  PLASM_TRY_VOID(fields.ExpectNoMore());
  return bundle;
}

std::string SerializeQuorumBundle(const QuorumBundle& bundle) {
  JsonWriter json(JsonStyle::kPretty);
  json.BeginObject()
      .Field("type", kQuorumType)
      .Field("agree", bundle.agree)
      .Field("manifest", bundle.manifest)
      .Key("answers")
      .BeginArray();
  for (const Answer& answer : bundle.answers) {
    json.BeginObject().Field("receipt", answer.receipt);
    if (answer.proof) json.Field("proof", *answer.proof);
    json.EndObject();
  }
  json.EndArray().EndObject();
  return std::move(json).Take() + "\n";
}

Result<void> CheckQuorum(std::uint32_t replicas, std::uint32_t agree) {
  if (agree >= 1 && agree <= replicas && replicas <= kMaxAnswers && 2 * agree > replicas) return {};
  return Error{ErrorCode::kInvalid,
               "found " + std::to_string(agree) + " of " + std::to_string(replicas) +
                   ", expected more than half of at most " + std::to_string(kMaxAnswers)};
}

}  // namespace plasm::receipt
