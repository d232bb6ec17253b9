#include "base/json_writer.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstring>
#include <utility>

#include "base/hex.h"
#include "base/utf8.h"

namespace plasm {
namespace {

[[maybe_unused]] constexpr unsigned kMaxDepth = 64;
constexpr std::size_t kLeastBytes = 64;
constexpr std::size_t kMaxIntegerBytes = 20;  // "-9223372036854775808"

using Word = std::uint64_t;

// Whether all eight bytes stand in JSON as they are: ASCII without quotes, backslashes and
// control characters. A byte that is not sets its own top bit: by itself, or by a borrow when
// 0x20 is taken from it, or one from what is zero where it is a quote or a backslash. Borrows
// from byte to byte begin at such a byte, too.
bool IsPlain(Word word) {
  constexpr Word kOnes = 0x0101'0101'0101'0101;
  const Word tops = word | (word - 0x20 * kOnes) | ((word ^ '"' * kOnes) - kOnes) |
                    ((word ^ '\\' * kOnes) - kOnes);
  return (tops & (0x80 * kOnes)) == 0;
}

bool IsPlain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

// Copies text that stands in JSON as it is, and gives whether it is all of that kind. Most text
// is nothing else, so looking and copying are one walk, in words. Otherwise what was copied is
// worth nothing.
bool CopyPlain(std::string_view text, char* out) {
  const char* const from = text.data();
  const std::size_t size = text.size();
  Word word;
  const auto copy = [&](std::size_t at) {
    std::memcpy(&word, from + at, sizeof(word));
    std::memcpy(out + at, &word, sizeof(word));
    return IsPlain(word);
  };
  if (size < sizeof(word)) {
    bool plain = true;
    for (std::size_t i = 0; i < size; ++i) {
      out[i] = from[i];
      plain = plain && IsPlain(from[i]);
    }
    return plain;
  }
  for (std::size_t i = 0; i + sizeof(word) <= size; i += sizeof(word)) {
    if (!copy(i)) return false;
  }
  return copy(size - sizeof(word));  // overlaps the one before
}

}  // namespace

JsonWriter::JsonWriter(JsonStyle style, std::size_t expected_bytes) : style_(style) {
  out_.resize(expected_bytes);
}

JsonWriter::JsonWriter(JsonStyle style, std::string written_over)
    : style_(style), out_(std::move(written_over)) {
  out_.resize(out_.capacity());
}

JsonWriter& JsonWriter::BeginObject() {
  Begin(Scope::kObject);
  return *this;
}
JsonWriter& JsonWriter::EndObject() {
  End(Scope::kObject);
  return *this;
}
JsonWriter& JsonWriter::BeginArray() {
  Begin(Scope::kArray);
  return *this;
}
JsonWriter& JsonWriter::EndArray() {
  End(Scope::kArray);
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view key) {
  assert(IsIn(Scope::kObject) && !after_key_);
  NextMember();
  AppendQuoted(key);
  Append(':');
  if (style_ == JsonStyle::kPretty) Append(' ');
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view text) {
  BeforeValue();
  AppendQuoted(text);
  return *this;
}
JsonWriter& JsonWriter::Hex(ByteView bytes) {
  BeforeValue();
  const std::size_t size = 2 * bytes.size() + 2;
  char* const out = Room(size);
  out[0] = '"';
  EncodeHexTo(bytes, out + 1);
  out[size - 1] = '"';
  Written(size);
  return *this;
}
JsonWriter& JsonWriter::Int(std::int64_t value) {
  BeforeValue();
  char* const out = Room(kMaxIntegerBytes);
  Written(static_cast<std::size_t>(std::to_chars(out, out + kMaxIntegerBytes, value).ptr - out));
  return *this;
}
JsonWriter& JsonWriter::Uint(std::uint64_t value) {
  BeforeValue();
  char* const out = Room(kMaxIntegerBytes);
  Written(static_cast<std::size_t>(std::to_chars(out, out + kMaxIntegerBytes, value).ptr - out));
  return *this;
}
JsonWriter& JsonWriter::Bool(bool value) {
  BeforeValue();
  Append(value ? "true" : "false");
  return *this;
}
JsonWriter& JsonWriter::Null() {
  BeforeValue();
  Append("null");
  return *this;
}

JsonWriter& JsonWriter::Json(std::string_view value) {
  BeforeValue();
  Append(value);
  return *this;
}

std::string JsonWriter::Take() && {
  assert(depth_ == 0 && size_ > 0);
  out_.resize(size_);
  return std::move(out_);
}

void JsonWriter::BeforeValue() {
  if (after_key_) {
    after_key_ = false;
  } else if (depth_ > 0) {
    assert(IsIn(Scope::kArray));
    NextMember();
  } else {
    assert(size_ == 0);
  }
}

void JsonWriter::NextMember() {
  if (!empty_) Append(',');
  empty_ = false;
  NewLine();
}

void JsonWriter::Begin(Scope scope) {
  BeforeValue();
  Append(scope == Scope::kObject ? '{' : '[');
  assert(depth_ < kMaxDepth);
  ++depth_;
  scopes_ = scopes_ << 1 | static_cast<std::uint64_t>(scope);
  empty_ = true;
}

void JsonWriter::End(Scope scope) {
  assert(IsIn(scope) && !after_key_);
  --depth_;
  scopes_ >>= 1;
  if (!empty_) NewLine();
  empty_ = false;
  Append(scope == Scope::kObject ? '}' : ']');
}

void JsonWriter::NewLine() {
  if (style_ == JsonStyle::kCompact) return;
  const std::size_t size = std::size_t{1} + depth_ * 2;
  char* const out = Room(size);
  out[0] = '\n';
  std::memset(out + 1, ' ', size - 1);
  Written(size);
}

void JsonWriter::Grow(std::size_t bytes) {
  out_.resize(std::max(2 * out_.size(), size_ + bytes + kLeastBytes));
}

void JsonWriter::Append(std::string_view text) {
  std::ranges::copy(text, Room(text.size()));
  Written(text.size());
}

void JsonWriter::AppendQuoted(std::string_view text) {
  char* const out = Room(text.size() + 2);
  if (!CopyPlain(text, out + 1)) return AppendEscaped(text);
  out[0] = '"';
  out[text.size() + 1] = '"';
  Written(text.size() + 2);
}

void JsonWriter::AppendEscaped(std::string_view text) {
  std::string repaired;
  if (!IsValidUtf8(AsBytes(text))) {
    repaired = ToUtf8Lossy(AsBytes(text));
    text = repaired;
  }
  Append('"');
  std::size_t plain = 0;  // start of the run that needs no escape
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    Append(text.substr(plain, i - plain));
    plain = i + 1;
    Append('\\');
    switch (c) {
      case '"':
      case '\\':
        Append(c);
        break;
      case '\b':
        Append('b');
        break;
      case '\f':
        Append('f');
        break;
      case '\n':
        Append('n');
        break;
      case '\r':
        Append('r');
        break;
      case '\t':
        Append('t');
        break;
      default:
        Append("u00");
        Append("0123456789abcdef"[c >> 4]);
        Append("0123456789abcdef"[c & 15]);
    }
  }
  Append(text.substr(plain));
  Append('"');
}

}  // namespace plasm
