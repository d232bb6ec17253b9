// A JSON value in memory. No floats: no format of this project has any.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace plasm {

struct JsonValue;
struct JsonMember;

using JsonNull = std::monostate;
using JsonArray = std::vector<JsonValue>;
using JsonObject = std::vector<JsonMember>;  // in the order of the text; no key twice

struct JsonValue {
  // Integers: int64_t when negative, uint64_t otherwise.
  std::variant<JsonNull, bool, std::int64_t, std::uint64_t, std::string, JsonArray, JsonObject> v;
};

struct JsonMember {
  std::string key;
  JsonValue value;
};

}  // namespace plasm
