#include "base/json_reader.h"

#include <algorithm>

#include "base/quote.h"

namespace plasm {
namespace {

Error Invalid(std::string_view path, std::string_view message) {
  return {ErrorCode::kInvalid, std::string(path) + ": " + std::string(message)};
}

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

std::size_t JsonFields::Find(std::string_view key) const {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (!taken_[i] && members_[i].key == key) return i;
  }
  return kNowhere;
}

JsonValue* JsonFields::Claim(std::string_view key) {
  const std::size_t place = Find(key);
  if (place == kNowhere) return nullptr;
  taken_[place] = true;
  return &members_[place].value;
}

Error JsonFields::Missing(std::string_view key) const {
  return Invalid(path_, "missing key " + Quote(key));
}

JsonNode JsonFields::Named(std::string_view key, JsonValue value) const {
  std::string path;
  path.reserve(path_.size() + 1 + key.size());
  path.append(path_).append(1, '.').append(key);
  return {std::move(value), std::move(path)};
}

bool JsonFields::Has(std::string_view key) const { return Find(key) != kNowhere; }

Result<JsonNode> JsonFields::Take(std::string_view key) {
  JsonValue* value = Claim(key);
  if (value == nullptr) return Missing(key);
  return Named(key, std::move(*value));
}

// The most frequent kind of member: its place is named only when it is wrong.
Result<std::string> JsonFields::TakeString(std::string_view key) {
  JsonValue* value = Claim(key);
  if (value == nullptr) return Missing(key);
  if (auto* text = std::get_if<std::string>(&value->v)) return std::move(*text);
  return Named(key, std::move(*value)).AsString();
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
  const auto left = std::find(taken_.begin(), taken_.end(), false);
  if (left == taken_.end()) return {};
  return Invalid(path_, "unknown key " + Quote(members_[left - taken_.begin()].key));
}

}  // namespace plasm
