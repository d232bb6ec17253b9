#include "base/json_reader.h"

#include <simdjson.h>

#include <algorithm>

#include "base/quote.h"

namespace plasm {
namespace {

namespace dom = simdjson::dom;

Error Invalid(std::string_view path, std::string_view message) {
  return {ErrorCode::kInvalid, std::string(path) + ": " + std::string(message)};
}

Error LimitExceeded(std::string_view path, std::string_view message) {
  return {ErrorCode::kLimitExceeded, std::string(path) + ": " + std::string(message)};
}

Error TooDeep(std::string_view path, const JsonLimits& limits) {
  return LimitExceeded(path, "nested deeper than " + std::to_string(limits.max_depth));
}

Error FromParser(simdjson::error_code code, std::string_view name, const JsonLimits& limits) {
  switch (code) {
    case simdjson::DEPTH_ERROR:
      return TooDeep(name, limits);
    case simdjson::CAPACITY:
      return LimitExceeded(name, "too large for the JSON parser");
    case simdjson::MEMALLOC:
      return {ErrorCode::kUnavailable, std::string(name) + ": out of memory"};
    case simdjson::EMPTY:
      return Invalid(name, "not JSON: empty");
    case simdjson::UTF8_ERROR:
      return Invalid(name, "not JSON: ill-formed UTF-8");
    case simdjson::NUMBER_ERROR:
      return Invalid(name, "not JSON: a number that is malformed or beyond 64 bits");
    case simdjson::STRING_ERROR:
    case simdjson::UNCLOSED_STRING:
    case simdjson::UNESCAPED_CHARS:
      return Invalid(name, "not JSON: a malformed string");
    default:
      return Invalid(name, "not JSON: malformed, or bytes after the value");
  }
}

// Whether a number is written "-0". `text` is valid JSON without floats, so a minus outside
// a string starts an integer. The parser below makes 0 of it, but a signed text has to have
// one spelling for each value.
bool HasNegativeZero(std::string_view text) {
  if (text.find("-0") == std::string_view::npos) return false;
  bool in_string = false;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '"') {
      in_string = !in_string;
    } else if (in_string && text[i] == '\\') {
      ++i;
    } else if (!in_string && text[i] == '-' && text[i + 1] == '0') {
      return true;
    }
  }
  return false;
}

// Copies the parser's document into values of ours. Errors name the document only.
class TreeBuilder {
 public:
  TreeBuilder(const JsonLimits& limits, const std::string& path) : limits_(limits), path_(path) {}

  // `depth` is how many objects and arrays the element stands in.
  Result<JsonValue> Build(dom::element element, std::size_t depth) {
    if (++values_ > limits_.max_values) return LimitExceeded(path_, "too many values");
    const bool nests = element.is_array() || element.is_object();
    if (nests && depth == limits_.max_depth) return TooDeep(path_, limits_);
    switch (element.type()) {
      case dom::element_type::NULL_VALUE:
        return JsonValue{};
      case dom::element_type::BOOL:
        return JsonValue{element.get_bool().value_unsafe()};
      case dom::element_type::INT64: {
        const std::int64_t value = element.get_int64().value_unsafe();
        if (value >= 0) return JsonValue{static_cast<std::uint64_t>(value)};
        return JsonValue{value};
      }
      case dom::element_type::UINT64:
        return JsonValue{element.get_uint64().value_unsafe()};
      case dom::element_type::DOUBLE:
        return Invalid(path_, "found a number with a fraction or an exponent, expected an integer");
      case dom::element_type::STRING:
        return JsonValue{std::string(element.get_string().value_unsafe())};
      case dom::element_type::ARRAY:
        return BuildArray(element.get_array().value_unsafe(), depth + 1);
      case dom::element_type::OBJECT:
        return BuildObject(element.get_object().value_unsafe(), depth + 1);
    }
    return Invalid(path_, "found a value of no known kind");
  }

 private:
  Result<JsonValue> BuildArray(dom::array elements, std::size_t depth) {
    JsonArray array;
    for (const dom::element element : elements) {
      PLASM_TRY(JsonValue value, Build(element, depth));
      array.push_back(std::move(value));
    }
    return JsonValue{std::move(array)};
  }

  Result<JsonValue> BuildObject(dom::object members, std::size_t depth) {
    JsonObject object;
    for (const dom::key_value_pair member : members) {
      PLASM_TRY(JsonValue value, Build(member.value, depth));
      object.push_back({std::string(member.key), std::move(value)});
    }
    std::vector<std::string_view> keys;
    keys.reserve(object.size());
    for (const JsonMember& member : object) keys.push_back(member.key);
    std::sort(keys.begin(), keys.end());
    if (const auto twice = std::adjacent_find(keys.begin(), keys.end()); twice != keys.end()) {
      return Invalid(path_, "duplicate key " + Quote(*twice));
    }
    return JsonValue{std::move(object)};
  }

  const JsonLimits& limits_;
  const std::string& path_;
  std::size_t values_ = 0;
};

std::string_view KindOf(const JsonValue& value) {
  constexpr std::string_view kNames[] = {
      "null", "a boolean", "a negative integer", "an integer", "a string", "an array", "an object"};
  return kNames[value.v.index()];
}

}  // namespace

bool JsonNode::IsNull() const { return std::holds_alternative<JsonNull>(value_.v); }
bool JsonNode::IsString() const { return std::holds_alternative<std::string>(value_.v); }
bool JsonNode::IsObject() const { return std::holds_alternative<JsonObject>(value_.v); }
bool JsonNode::IsArray() const { return std::holds_alternative<JsonArray>(value_.v); }

Error JsonNode::Invalid(std::string_view message) const { return plasm::Invalid(path_, message); }

Error JsonNode::Mismatch(std::string_view expected) const {
  return Invalid("found " + std::string(KindOf(value_)) + ", expected " + std::string(expected));
}

Result<std::string> JsonNode::AsString() && {
  if (!IsString()) return Mismatch("a string");
  return std::get<std::string>(std::move(value_.v));
}

Result<std::uint64_t> JsonNode::AsUint(std::uint64_t max) const {
  const auto* value = std::get_if<std::uint64_t>(&value_.v);
  if (value != nullptr && *value <= max) return *value;
  const std::string expected = "expected an integer from 0 to " + std::to_string(max);
  if (value != nullptr) return Invalid("found " + std::to_string(*value) + ", " + expected);
  return Invalid("found " + std::string(KindOf(value_)) + ", " + expected);
}

Result<std::int64_t> JsonNode::AsInt() const {
  if (const auto* negative = std::get_if<std::int64_t>(&value_.v)) return *negative;
  if (const auto* value = std::get_if<std::uint64_t>(&value_.v)) {
    if (std::in_range<std::int64_t>(*value)) return static_cast<std::int64_t>(*value);
  }
  return Mismatch("an integer of 64 bits with sign");
}

Result<bool> JsonNode::AsBool() const {
  if (const auto* value = std::get_if<bool>(&value_.v)) return *value;
  return Mismatch("a boolean");
}

Result<JsonFields> JsonNode::AsObject() && {
  if (!IsObject()) return Mismatch("an object");
  return JsonFields(std::get<JsonObject>(std::move(value_.v)), std::move(path_));
}

Result<std::vector<JsonNode>> JsonNode::AsArray() && {
  if (!IsArray()) return Mismatch("an array");
  std::vector<JsonNode> nodes;
  auto& array = std::get<JsonArray>(value_.v);
  nodes.reserve(array.size());
  for (JsonValue& value : array) {
    nodes.emplace_back(std::move(value), path_ + "[" + std::to_string(nodes.size()) + "]");
  }
  return nodes;
}

bool JsonFields::Has(std::string_view key) const {
  return std::any_of(members_.begin(), members_.end(),
                     [&](const JsonMember& member) { return member.key == key; });
}

Result<JsonNode> JsonFields::Take(std::string_view key) {
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [&](const JsonMember& member) { return member.key == key; });
  if (found == members_.end()) return Invalid(path_, "missing key " + Quote(key));
  JsonNode node(std::move(found->value), path_ + "." + std::string(key));
  members_.erase(found);
  return node;
}

Result<std::string> JsonFields::TakeString(std::string_view key) {
  PLASM_TRY(JsonNode node, Take(key));
  return std::move(node).AsString();
}
Result<std::uint64_t> JsonFields::TakeUint(std::string_view key, std::uint64_t max) {
  PLASM_TRY(const JsonNode node, Take(key));
  return node.AsUint(max);
}
Result<std::int64_t> JsonFields::TakeInt(std::string_view key) {
  PLASM_TRY(const JsonNode node, Take(key));
  return node.AsInt();
}
Result<bool> JsonFields::TakeBool(std::string_view key) {
  PLASM_TRY(const JsonNode node, Take(key));
  return node.AsBool();
}
Result<JsonFields> JsonFields::TakeObject(std::string_view key) {
  PLASM_TRY(JsonNode node, Take(key));
  return std::move(node).AsObject();
}
Result<std::vector<JsonNode>> JsonFields::TakeArray(std::string_view key) {
  PLASM_TRY(JsonNode node, Take(key));
  return std::move(node).AsArray();
}

Result<void> JsonFields::ExpectNoMore() const {
  if (members_.empty()) return {};
  return Invalid(path_, "unknown key " + Quote(members_.front().key));
}

Result<JsonNode> ParseJson(ByteView text, std::string_view name, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return LimitExceeded(name, "larger than " + std::to_string(limits.max_bytes) + " bytes");
  }
  dom::parser parser;
  // The parser counts the document as a level, but not empty objects and arrays: it only
  // bounds the recursion below, which counts exactly.
  if (const auto failed =
          parser.allocate(std::max<std::size_t>(text.size(), 1), limits.max_depth + 1)) {
    return FromParser(failed, name, limits);
  }
  const auto document = parser.parse(reinterpret_cast<const char*>(text.data()), text.size(), true);
  if (const auto failed = document.error()) return FromParser(failed, name, limits);

  std::string path(name);
  PLASM_TRY(JsonValue value, TreeBuilder(limits, path).Build(document.value_unsafe(), 0));
  if (HasNegativeZero(AsText(text))) return Invalid(name, "found the number -0, expected 0");
  return JsonNode(std::move(value), std::move(path));
}

}  // namespace plasm
