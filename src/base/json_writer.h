// JSON out, byte for byte under our control.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace plasm {

enum class JsonStyle {
  kCompact,  // no blanks at all
  kPretty,   // two spaces a level, one member a line, no line end after the last brace
};

// Writes one JSON value in the order of the calls:
//
//   JsonWriter json(JsonStyle::kCompact);
//   json.BeginObject().Field("name", "x").Key("list").BeginArray().Int(1).EndArray().EndObject();
//   Use(std::move(json).Take());  // {"name":"x","list":[1]}
//
// The caller keeps to the grammar (a key before each member's value, as many ends as
// begins, at most 64 levels), which debug builds assert. Text should be UTF-8; ill-formed parts
// become U+FFFD, so that the output is always valid. Escaped are only '"', '\' and characters below
// U+0020.
class JsonWriter {
 public:
  // `expected_bytes` is reserved at once.
  explicit JsonWriter(JsonStyle style, std::size_t expected_bytes = 0);
  // Writes over a text whose memory is used again.
  JsonWriter(JsonStyle style, std::string written_over);

  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();
  JsonWriter& Key(std::string_view key);

  JsonWriter& String(std::string_view text);
  JsonWriter& Hex(ByteView bytes);  // a string of two digits a byte, as EncodeHex has them
  JsonWriter& Int(std::int64_t value);
  JsonWriter& Uint(std::uint64_t value);
  JsonWriter& Bool(bool value);
  JsonWriter& Null();
  // A value that is JSON already, written as it is: the caller vouches for it.
  JsonWriter& Json(std::string_view value);

  JsonWriter& Field(std::string_view key, std::string_view text) { return Key(key).String(text); }
  JsonWriter& Field(std::string_view key, const char* text) { return Key(key).String(text); }
  JsonWriter& Field(std::string_view key, bool value) { return Key(key).Bool(value); }
  template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>)
  JsonWriter& Field(std::string_view key, T value) {
    if constexpr (std::signed_integral<T>) {
      return Key(key).Int(value);
    } else {
      return Key(key).Uint(value);
    }
  }

  // The finished text. The value must be complete.
  std::string Take() &&;

 private:
  enum class Scope : std::uint8_t { kObject, kArray };
  void BeforeValue();
  void NextMember();
  void Begin(Scope scope);
  void End(Scope scope);
  bool IsIn(Scope scope) const {
    return depth_ > 0 && (scopes_ & 1) == static_cast<std::uint64_t>(scope);
  }
  void NewLine();
  void AppendQuoted(std::string_view text);
  void AppendEscaped(std::string_view text);
  // Where the next `bytes` go; Written says how many of them there are then.
  char* Room(std::size_t bytes) {
    if (out_.size() - size_ < bytes) Grow(bytes);
    return out_.data() + size_;
  }
  void Written(std::size_t bytes) { size_ += bytes; }
  void Grow(std::size_t bytes);
  void Append(char c) {
    *Room(1) = c;
    Written(1);
  }
  void Append(std::string_view text);

  JsonStyle style_;
  std::string out_;  // longer than what is written: its size is its capacity
  std::size_t size_ = 0;
  unsigned depth_ = 0;
  std::uint64_t scopes_ = 0;  // that are open, the innermost in the lowest bit
  bool empty_ = true;         // the innermost one, so far: all around it have a member
  bool after_key_ = false;
};

}  // namespace plasm
