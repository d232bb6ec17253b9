#include "receipt/v01_fields.h"

#include <algorithm>
#include <string_view>

#include "base/quote.h"

namespace plasm::receipt {
namespace {

bool IsDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool IsVersion(std::string_view text) {
  const std::size_t point = text.find('.');
  return point != std::string_view::npos && IsDigits(text.substr(0, point)) &&
         IsDigits(text.substr(point + 1));
}

Result<std::string> TakeVersion(JsonFields& fields) {
  PLASM_TRY(const JsonNode node, fields.Take("version"));
  PLASM_TRY(std::string text, JsonNode(node).AsString());
  if (!IsVersion(text)) {
    return node.Invalid("found " + Quote(text) + ", expected two numbers as in \"0.1\"");
  }
  return text;
}

Result<Sha256Digest> TakeModuleHash(JsonFields& fields) {
  PLASM_TRY(const JsonNode node, fields.Take("module_hash"));
  PLASM_TRY(const std::string text, JsonNode(node).AsString());
  auto digest = Sha256Digest::FromString(text);
  if (!digest) return node.Invalid(digest.error().message);
  return digest;
}

}  // namespace plasm::receipt
