// For tests: what a strict reader must notice, at every place of a document.
#pragma once

#include <cctype>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json_reader.h"
#include "base/json_writer.h"

namespace plasm::receipt::testing {

struct Mutation {
  std::string place;  // path of the member, as in "predicate.job.id"
  std::string json;
};

// `text` with its one occurrence of `from` replaced.
inline std::string With(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::invalid_argument("not there: " + std::string(from));
  return text.replace(at, from.size(), to);
}

inline void WriteValue(const JsonValue& value, JsonWriter& json) {
  if (const auto* object = std::get_if<JsonObject>(&value.v)) {
    json.BeginObject();
    for (const JsonMember& member : *object) WriteValue(member.value, json.Key(member.key));
    json.EndObject();
  } else if (const auto* array = std::get_if<JsonArray>(&value.v)) {
    json.BeginArray();
    for (const JsonValue& element : *array) WriteValue(element, json);
    json.EndArray();
  } else if (const auto* text = std::get_if<std::string>(&value.v)) {
    json.String(*text);
  } else if (const auto* number = std::get_if<std::uint64_t>(&value.v)) {
    json.Uint(*number);
  } else if (const auto* negative = std::get_if<std::int64_t>(&value.v)) {
    json.Int(*negative);
  } else if (const auto* boolean = std::get_if<bool>(&value.v)) {
    json.Bool(*boolean);
  } else {
    json.Null();
  }
}

// Makes one document for each change of one object of `json`.
class JsonMutations {
 public:
  explicit JsonMutations(std::string_view json)
      : root_(ParseJson(AsBytes(json), "example").value().value()) {}

  std::vector<Mutation> DropEachMember() {
    return ForEachMember([](JsonObject& object, std::size_t i) {
      object.erase(object.begin() + static_cast<std::ptrdiff_t>(i));
    });
  }
  std::vector<Mutation> DoubleEachMember() {
    return ForEachMember([](JsonObject& object, std::size_t i) {
      const JsonMember copy = object[i];
      object.push_back(copy);
    });
  }
  // "args" becomes "Args".
  std::vector<Mutation> ChangeTheCaseOfEachName() {
    return ForEachMember([](JsonObject& object, std::size_t i) {
      for (char& c : object[i].key) {
        if (std::isalpha(static_cast<unsigned char>(c)) == 0) continue;
        c = static_cast<char>(c ^ 0x20);
        break;
      }
    });
  }
  std::vector<Mutation> ReplaceEachValue(const JsonValue& value) {
    return ForEachMember([&value](JsonObject& object, std::size_t i) { object[i].value = value; });
  }
  // Behind the last member of each object that has one.
  std::vector<Mutation> AddToEachObject(const JsonMember& member) {
    return ForEachMember([&member](JsonObject& object, std::size_t i) {
      if (i + 1 == object.size()) object.push_back(member);
    });
  }

 private:
  template <class Change>
  std::vector<Mutation> ForEachMember(Change change) {
    std::vector<Mutation> mutations;
    Walk(root_, "", change, mutations);
    return mutations;
  }

  template <class Change>
  void Walk(JsonValue& value, const std::string& path, Change& change,
            std::vector<Mutation>& mutations) {
    if (auto* array = std::get_if<JsonArray>(&value.v)) {
      for (JsonValue& element : *array) Walk(element, path + "[]", change, mutations);
    }
    auto* object = std::get_if<JsonObject>(&value.v);
    if (object == nullptr) return;
    const std::string unchanged = Written();
    for (std::size_t i = 0; i < object->size(); ++i) {
      const std::string place = path + (path.empty() ? "" : ".") + (*object)[i].key;
      const JsonObject saved = *object;
      change(*object, i);
      std::string json = Written();
      *object = saved;
      if (json != unchanged) mutations.push_back({place, std::move(json)});
      Walk((*object)[i].value, place, change, mutations);
    }
  }

  std::string Written() const {
    JsonWriter json(JsonStyle::kCompact);
    WriteValue(root_, json);
    return std::move(json).Take();
  }

  JsonValue root_;
};

}  // namespace plasm::receipt::testing
