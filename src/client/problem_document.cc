#include "client/problem_document.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/json_reader.h"
#include "base/one_line.h"
#include "net/problem.h"

namespace plasm::client {
namespace {

constexpr JsonLimits kLimits{.max_bytes = kMaxProblemBytes, .max_depth = 4, .max_values = 131'072};
constexpr std::size_t kMaxDetailBytes = 2048;

std::optional<ErrorCode> CodeNamed(std::string_view name) {
  for (const ErrorCode code :
       {ErrorCode::kInvalid, ErrorCode::kDenied, ErrorCode::kNotFound, ErrorCode::kConflict,
        ErrorCode::kLimitExceeded, ErrorCode::kOverloaded, ErrorCode::kUnavailable,
        ErrorCode::kCorrupt, ErrorCode::kInternal}) {
    if (name == ErrorCodeName(code)) return code;
  }
  return std::nullopt;
}

Result<Problem> Parse(ByteView body) {
  PLASM_TRY(JsonNode root, ParseJson(body, "problem", kLimits));
  PLASM_TRY(JsonFields fields, std::move(root).AsObject());
  PLASM_TRY(const std::string name, fields.TakeString("code"));
  PLASM_TRY(std::string detail, fields.TakeString("detail"));
  const auto code = CodeNamed(name);
  if (!code) return Error{ErrorCode::kInvalid, "problem.code: unknown"};
  if (detail.size() > kMaxDetailBytes) detail.resize(kMaxDetailBytes);
  Problem problem{{*code, OneLine(detail)}, {}};
  if (fields.Has("missing")) {
    PLASM_TRY(std::vector<JsonNode> missing, fields.TakeArray("missing"));
    for (JsonNode& node : missing) {
      PLASM_TRY(const std::string hex, std::move(node).AsString());
      PLASM_TRY(const Sha256Digest digest, Sha256Digest::FromHex(hex));
      problem.missing.push_back(digest);
    }
  }
  return problem;
}

}  // namespace

Problem ReadProblem(int status, ByteView body) {
  if (auto problem = Parse(body)) return *std::move(problem);
  return {{net::CodeOfStatus(status), "the node answered " + std::to_string(status) + " " +
                                          std::string(net::ReasonOf(status))},
          {}};
}

}  // namespace plasm::client
