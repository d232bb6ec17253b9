// ParseJson: nlohmann/json reads the text, and a handler of its events builds the values and
// refuses what json_reader.h does not allow.
#include <algorithm>
#include <optional>

// Streams would be set up at the start of every process.
#define JSON_NO_IO
#include <nlohmann/json.hpp>

#include "base/json_reader.h"
#include "base/quote.h"
#include "base/utf8.h"

namespace plasm {
namespace {

using Library = nlohmann::json;

constexpr std::string_view kMalformed = "not JSON: malformed, or bytes after the value";
constexpr std::string_view kMalformedString = "not JSON: a malformed string";
constexpr std::string_view kMalformedNumber =
    "not JSON: a number that is malformed or beyond 64 bits";
constexpr std::string_view kNotAnInteger =
    "found a number with a fraction or an exponent, expected an integer";

constexpr std::size_t kUsualMembers = 4;  // spares growing, no limit

// The names of the methods are the library's. Each returns whether to read on; after one that
// did not, error() says why. Errors name the document only.
class ValueBuilder final : public nlohmann::json_sax<Library> {
 public:
  ValueBuilder(std::string_view name, const JsonLimits& limits) : name_(name), limits_(limits) {}

  // When the whole text was read.
  JsonValue TakeValue() && { return std::move(root_); }
  // When it was not.
  Error TakeError() && {
    return error_ ? *std::move(error_) : Error{ErrorCode::kInvalid, Named(kMalformed)};
  }

  bool null() override { return Add({}) != nullptr; }
  bool boolean(bool value) override { return Add({value}) != nullptr; }
  bool number_unsigned(std::uint64_t value) override { return Add({value}) != nullptr; }
  bool string(std::string& value) override { return Add({std::move(value)}) != nullptr; }
  // Of a number with a minus sign.
  bool number_integer(std::int64_t value) override {
    // A signed text has to have one spelling for each value.
    if (value == 0) return Invalid("found the number -0, expected 0");
    return Add({value}) != nullptr;
  }
  // Also of an integer that 64 bits can't hold.
  bool number_float(double, const std::string& digits) override { return BadNumber(digits); }
  bool binary(Library::binary_t&) override { return Invalid(kMalformed); }  // not in a text

  bool start_array(std::size_t) override { return Open({JsonArray()}); }
  bool start_object(std::size_t) override {
    if (!Open({JsonObject()})) return false;
    std::get<JsonObject>(open_.back()->v).reserve(kUsualMembers);
    return true;
  }
  bool key(std::string& name) override {
    std::get<JsonObject>(open_.back()->v).push_back({std::move(name), {}});
    return true;
  }
  bool end_array() override { return Close(); }
  bool end_object() override {
    const auto& object = std::get<JsonObject>(open_.back()->v);
    std::vector<std::string_view> keys;
    keys.reserve(object.size());
    for (const JsonMember& member : object) keys.push_back(member.key);
    std::sort(keys.begin(), keys.end());
    if (const auto twice = std::adjacent_find(keys.begin(), keys.end()); twice != keys.end()) {
      return Invalid("duplicate key " + Quote(*twice));
    }
    return Close();
  }

  // The library's own message would quote the text at any length.
  bool parse_error(std::size_t, const std::string& token, const Library::exception& why) override {
    const char first = token.empty() || complete_ ? '\0' : token.front();
    // Only its words tell a string that can't be read from one that may not stand there.
    const bool unreadable =
        std::string_view(why.what()).find("invalid string") != std::string::npos;
    if (first == '"' && unreadable) return Invalid(kMalformedString);
    if (first == '-' || (first >= '0' && first <= '9')) return BadNumber(token);
    return Invalid(kMalformed);
  }

 private:
  std::string Named(std::string_view message) const {
    return std::string(name_) + ": " + std::string(message);
  }
  bool Fail(ErrorCode code, std::string_view message) {
    error_ = Error{code, Named(message)};
    return false;
  }
  bool Invalid(std::string_view message) { return Fail(ErrorCode::kInvalid, message); }
  bool BadNumber(std::string_view token) {
    return Invalid(token.find_first_of(".eE") == token.npos ? kMalformedNumber : kNotAnInteger);
  }

  // Where the value stands now; stays valid while it is open. Null when there are too many.
  JsonValue* Add(JsonValue value) {
    if (++values_ > limits_.max_values) {
      Fail(ErrorCode::kLimitExceeded, "too many values");
      return nullptr;
    }
    JsonValue* place = &root_;
    if (open_.empty()) {
      complete_ = true;
    } else if (auto* array = std::get_if<JsonArray>(&open_.back()->v)) {
      place = &array->emplace_back();
    } else {
      place = &std::get<JsonObject>(open_.back()->v).back().value;
    }
    *place = std::move(value);
    return place;
  }

  bool Open(JsonValue container) {
    JsonValue* place = Add(std::move(container));
    if (place == nullptr) return false;
    if (open_.size() == limits_.max_depth) {
      return Fail(ErrorCode::kLimitExceeded,
                  "nested deeper than " + std::to_string(limits_.max_depth));
    }
    open_.push_back(place);
    complete_ = false;
    return true;
  }
  bool Close() {
    open_.pop_back();
    complete_ = open_.empty();
    return true;
  }

  std::string_view name_;
  const JsonLimits& limits_;
  JsonValue root_;
  std::vector<JsonValue*> open_;  // the objects and arrays around the next value, outermost first
  std::size_t values_ = 0;
  bool complete_ = false;  // whether the document's value has been read
  std::optional<Error> error_;
};

}  // namespace

Result<JsonNode> ParseJson(ByteView bytes, std::string_view name, const JsonLimits& limits) {
  const auto refused = [&name](std::string_view message) {
    return Error{ErrorCode::kInvalid, std::string(name) + ": " + std::string(message)};
  };
  if (bytes.size() > limits.max_bytes) {
    return Error{ErrorCode::kLimitExceeded, std::string(name) + ": larger than " +
                                                std::to_string(limits.max_bytes) + " bytes"};
  }
  if (!IsValidUtf8(bytes)) return refused("not JSON: ill-formed UTF-8");
  const std::string_view text = AsText(bytes);
  if (text.find_first_not_of(" \t\r\n") == text.npos) return refused("not JSON: empty");
  // The library skips a byte order mark, and ends at a NUL.
  if (text.starts_with("\xef\xbb\xbf") || text.find('\0') != text.npos) {
    return refused(kMalformed);
  }
  ValueBuilder builder(name, limits);
  if (!Library::sax_parse(text, &builder)) return std::move(builder).TakeError();
  return JsonNode(std::move(builder).TakeValue(), std::string(name));
}

}  // namespace plasm
