// The JSON reader and writer: what is read, written, and read again is the same value.
#include <algorithm>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "expect.h"

namespace {

using namespace plasm;

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

void Write(const JsonValue& value, JsonWriter& json) {
  std::visit(Overloaded{[&](JsonNull) { json.Null(); }, [&](bool v) { json.Bool(v); },
                        [&](std::int64_t v) {
                          FUZZ_EXPECT(v < 0);
                          json.Int(v);
                        },
                        [&](std::uint64_t v) { json.Uint(v); },
                        [&](const std::string& v) {
                          FUZZ_EXPECT(IsValidUtf8(AsBytes(v)));
                          json.String(v);
                        },
                        [&](const JsonArray& v) {
                          json.BeginArray();
                          for (const JsonValue& element : v) Write(element, json);
                          json.EndArray();
                        },
                        [&](const JsonObject& v) {
                          json.BeginObject();
                          for (const JsonMember& member : v) {
                            Write(member.value, json.Key(member.key));
                          }
                          json.EndObject();
                        }},
             value.v);
}

std::string Serialized(const JsonValue& value, JsonStyle style) {
  JsonWriter json(style);
  Write(value, json);
  return std::move(json).Take();
}

// Every key of every object, by the way that callers take.
void TakeAll(JsonNode node) {
  if (node.IsArray()) {
    std::vector<JsonNode> elements = *std::move(node).AsArray();
    for (JsonNode& element : elements) TakeAll(std::move(element));
  } else if (node.IsObject()) {
    std::vector<std::string> keys;
    for (const JsonMember& member : std::get<JsonObject>(node.value().v)) {
      keys.push_back(member.key);
    }
    JsonFields fields = *std::move(node).AsObject();
    for (const std::string& key : keys) {
      FUZZ_EXPECT(!fields.ExpectNoMore());
      auto taken = fields.Take(key);
      FUZZ_EXPECT(taken.has_value() && !fields.Has(key));
      TakeAll(*std::move(taken));
    }
    FUZZ_EXPECT(fields.ExpectNoMore().has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const JsonLimits limits{.max_bytes = 1 << 16, .max_depth = 8, .max_values = 1000};
  auto parsed = ParseJson(std::as_bytes(std::span(data, size)), "fuzz", limits);
  if (!parsed) {
    FUZZ_EXPECT(parsed.error().message.starts_with("fuzz"));
    return 0;
  }
  const std::string compact = Serialized(parsed->value(), JsonStyle::kCompact);
  for (const JsonStyle style : {JsonStyle::kCompact, JsonStyle::kPretty}) {
    const JsonLimits roomy{.max_bytes = 1 << 22, .max_depth = 8, .max_values = 1000};
    const auto again = ParseJson(AsBytes(Serialized(parsed->value(), style)), "again", roomy);
    FUZZ_EXPECT(again.has_value());
    FUZZ_EXPECT(Serialized(again->value(), JsonStyle::kCompact) == compact);
  }
  TakeAll(*std::move(parsed));
  return 0;
}
