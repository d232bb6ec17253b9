// ParseJson: text to values, in one pass, and nothing beyond what json_reader.h allows.
#include <algorithm>
#include <charconv>
#include <optional>

#include "base/json_reader.h"
#include "base/quote.h"
#include "base/utf8.h"

namespace plasm {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

void AppendUtf8(std::string& out, std::uint32_t code_point) {
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xc0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3f));
  } else if (code_point < 0x10000) {
    put(0xe0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3f));
    put(0x80 | (code_point & 0x3f));
  } else {
    put(0xf0 | (code_point >> 18));
    put(0x80 | ((code_point >> 12) & 0x3f));
    put(0x80 | ((code_point >> 6) & 0x3f));
    put(0x80 | (code_point & 0x3f));
  }
}

// Recursive descent, no deeper than limits.max_depth. Errors name the document only.
class Parser {
 public:
  // `text` is well-formed UTF-8.
  Parser(std::string_view text, std::string_view name, const JsonLimits& limits)
      : text_(text), name_(name), limits_(limits) {}

  Result<JsonValue> ParseDocument() {
    SkipSpace();
    if (AtEnd()) return Invalid("not JSON: empty");
    PLASM_TRY(JsonValue value, ParseValue(0));
    SkipSpace();
    if (!AtEnd()) return Malformed();
    return value;
  }

 private:
  Error Invalid(std::string_view message) const {
    return {ErrorCode::kInvalid, std::string(name_) + ": " + std::string(message)};
  }
  Error LimitExceeded(const std::string& message) const {
    return {ErrorCode::kLimitExceeded, std::string(name_) + ": " + message};
  }
  Error Malformed() const { return Invalid("not JSON: malformed, or bytes after the value"); }
  Error MalformedString() const { return Invalid("not JSON: a malformed string"); }
  Error MalformedNumber() const {
    return Invalid("not JSON: a number that is malformed or beyond 64 bits");
  }

  bool AtEnd() const { return position_ == text_.size(); }
  // The next character; a NUL at the end, where no caller expects one.
  char Peek() const { return AtEnd() ? '\0' : text_[position_]; }
  bool Skip(std::string_view expected) {
    if (!text_.substr(position_).starts_with(expected)) return false;
    position_ += expected.size();
    return true;
  }
  void SkipSpace() {
    while (!AtEnd() && std::string_view(" \t\r\n").find(text_[position_]) != text_.npos) {
      ++position_;
    }
  }

  // At the first character of a value that stands in `depth` objects and arrays.
  Result<JsonValue> ParseValue(std::size_t depth) {
    if (++values_ > limits_.max_values) return LimitExceeded("too many values");
    const char first = Peek();
    if (first == '{' || first == '[') {
      if (depth == limits_.max_depth) {
        return LimitExceeded("nested deeper than " + std::to_string(limits_.max_depth));
      }
      ++position_;
      return first == '{' ? ParseObject(depth + 1) : ParseArray(depth + 1);
    }
    if (first == '"') {
      PLASM_TRY(std::string text, ParseString());
      return JsonValue{std::move(text)};
    }
    if (first == '-' || IsDigit(first)) return ParseNumber();
    if (Skip("true")) return JsonValue{true};
    if (Skip("false")) return JsonValue{false};
    if (Skip("null")) return JsonValue{};
    return Malformed();
  }

  Result<JsonValue> ParseArray(std::size_t depth) {
    JsonArray array;
    SkipSpace();
    if (Skip("]")) return JsonValue{std::move(array)};
    while (true) {
      SkipSpace();
      PLASM_TRY(JsonValue value, ParseValue(depth));
      array.push_back(std::move(value));
      SkipSpace();
      if (Skip("]")) return JsonValue{std::move(array)};
      if (!Skip(",")) return Malformed();
    }
  }

  Result<JsonValue> ParseObject(std::size_t depth) {
    JsonObject object;
    SkipSpace();
    bool more = !Skip("}");
    while (more) {
      SkipSpace();
      if (Peek() != '"') return Malformed();
      PLASM_TRY(std::string key, ParseString());
      SkipSpace();
      if (!Skip(":")) return Malformed();
      SkipSpace();
      PLASM_TRY(JsonValue value, ParseValue(depth));
      object.push_back({std::move(key), std::move(value)});
      SkipSpace();
      more = Skip(",");
      if (!more && !Skip("}")) return Malformed();
    }
    std::vector<std::string_view> keys;
    keys.reserve(object.size());
    for (const JsonMember& member : object) keys.push_back(member.key);
    std::sort(keys.begin(), keys.end());
    if (const auto twice = std::adjacent_find(keys.begin(), keys.end()); twice != keys.end()) {
      return Invalid("duplicate key " + Quote(*twice));
    }
    return JsonValue{std::move(object)};
  }

  Result<JsonValue> ParseNumber() {
    const std::size_t begin = position_;
    const bool negative = Skip("-");
    if (!IsDigit(Peek())) return MalformedNumber();
    const bool leading_zero = Skip("0");
    if (leading_zero && IsDigit(Peek())) return MalformedNumber();
    while (IsDigit(Peek())) ++position_;
    if (const char next = Peek(); next == '.' || next == 'e' || next == 'E') {
      return Invalid("found a number with a fraction or an exponent, expected an integer");
    }
    // A signed text has to have one spelling for each value.
    if (negative && leading_zero) return Invalid("found the number -0, expected 0");
    const std::string_view digits = text_.substr(begin, position_ - begin);
    const auto read = [&digits](auto& value) {
      const auto [end, failed] = std::from_chars(digits.begin(), digits.end(), value);
      return failed == std::errc() && end == digits.end();
    };
    if (negative) {
      std::int64_t value = 0;
      if (!read(value)) return MalformedNumber();
      return JsonValue{value};
    }
    std::uint64_t value = 0;
    if (!read(value)) return MalformedNumber();
    return JsonValue{value};
  }

  // At the quote that opens it.
  Result<std::string> ParseString() {
    ++position_;
    std::string out;
    while (true) {
      const std::size_t begin = position_;
      while (!AtEnd() && Peek() != '"' && Peek() != '\\' &&
             static_cast<unsigned char>(Peek()) >= 0x20) {
        ++position_;
      }
      out += text_.substr(begin, position_ - begin);
      if (Skip("\"")) return out;
      if (!Skip("\\") || !ParseEscape(out)) return MalformedString();
    }
  }

  // Behind the backslash. False for an escape that there is not.
  bool ParseEscape(std::string& out) {
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (Skip("u")) return ParseUnicodeEscape(out);
    if (AtEnd()) return false;
    const auto letter = kLetters.find(text_[position_++]);
    if (letter == kLetters.npos) return false;
    out.push_back(kMeanings[letter]);
    return true;
  }

  // Behind "\u". Half a surrogate pair is no character.
  bool ParseUnicodeEscape(std::string& out) {
    const auto first = ParseFourHexDigits();
    if (!first) return false;
    if (*first < 0xd800 || *first > 0xdfff) return AppendUtf8(out, *first), true;
    if (*first > 0xdbff || !Skip("\\u")) return false;
    const auto second = ParseFourHexDigits();
    if (!second || *second < 0xdc00 || *second > 0xdfff) return false;
    AppendUtf8(out, 0x10000 + ((*first - 0xd800) << 10) + (*second - 0xdc00));
    return true;
  }

  std::optional<std::uint32_t> ParseFourHexDigits() {
    const std::string_view digits = text_.substr(position_, 4);
    std::uint32_t value = 0;
    const auto [end, failed] = std::from_chars(digits.begin(), digits.end(), value, 16);
    // from_chars takes a minus sign for signed types only, and no prefix.
    if (digits.size() != 4 || failed != std::errc() || end != digits.end()) return {};
    position_ += 4;
    return value;
  }

  std::string_view text_;
  std::string_view name_;
  const JsonLimits& limits_;
  std::size_t position_ = 0;
  std::size_t values_ = 0;
};

}  // namespace

Result<JsonNode> ParseJson(ByteView text, std::string_view name, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return Error{ErrorCode::kLimitExceeded, std::string(name) + ": larger than " +
                                                std::to_string(limits.max_bytes) + " bytes"};
  }
  if (!IsValidUtf8(text)) {
    return Error{ErrorCode::kInvalid, std::string(name) + ": not JSON: ill-formed UTF-8"};
  }
  PLASM_TRY(JsonValue value, Parser(AsText(text), name, limits).ParseDocument());
  return JsonNode(std::move(value), std::string(name));
}

}  // namespace plasm
