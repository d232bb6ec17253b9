#include "base/json_writer.h"

#include <cassert>
#include <charconv>
#include <cstring>

#include "base/bytes.h"
#include "base/utf8.h"

namespace plasm {
namespace {

constexpr std::size_t kUsualDepth = 8;

template <class Integer>
void AppendInteger(std::string& out, Integer value) {
  char digits[20];  // "-9223372036854775808", "18446744073709551615"
  const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
  out.append(digits, end);
}

// The length of the longest prefix that stands in JSON as it is: ASCII without quotes,
// backslashes and control characters. Most text is nothing else.
std::size_t PlainPrefix(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101;
  constexpr std::uint64_t kTops = 0x80 * kOnes;
  // Nonzero where a byte of `word` is zero; exact as long as it is only asked whether any is.
  const auto any_zero = [](std::uint64_t word) { return (word - kOnes) & ~word & kTops; };
  std::size_t i = 0;
  for (std::uint64_t word; i + sizeof(word) <= text.size(); i += sizeof(word)) {
    std::memcpy(&word, text.data() + i, sizeof(word));
    const std::uint64_t below_blank = (word - 0x20 * kOnes) & ~word & kTops;
    if (((word & kTops) | below_blank | any_zero(word ^ '"' * kOnes) |
         any_zero(word ^ '\\' * kOnes)) != 0) {
      break;
    }
  }
  const auto plain = [](unsigned char c) { return c >= 0x20 && c < 0x80 && c != '"' && c != '\\'; };
  while (i < text.size() && plain(static_cast<unsigned char>(text[i]))) ++i;
  return i;
}

}  // namespace

JsonWriter::JsonWriter(JsonStyle style, std::size_t expected_bytes) : style_(style) {
  out_.reserve(expected_bytes);
  open_.reserve(kUsualDepth);
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
  assert(!open_.empty() && open_.back().scope == Scope::kObject && !after_key_);
  NextMember();
  AppendQuoted(key);
  out_.push_back(':');
  if (style_ == JsonStyle::kPretty) out_.push_back(' ');
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view text) {
  BeforeValue();
  AppendQuoted(text);
  return *this;
}
JsonWriter& JsonWriter::Int(std::int64_t value) {
  BeforeValue();
  AppendInteger(out_, value);
  return *this;
}
JsonWriter& JsonWriter::Uint(std::uint64_t value) {
  BeforeValue();
  AppendInteger(out_, value);
  return *this;
}
JsonWriter& JsonWriter::Bool(bool value) {
  BeforeValue();
  out_.append(value ? "true" : "false");
  return *this;
}
JsonWriter& JsonWriter::Null() {
  BeforeValue();
  out_.append("null");
  return *this;
}

JsonWriter& JsonWriter::Json(std::string_view value) {
  BeforeValue();
  out_.append(value);
  return *this;
}

std::string JsonWriter::Take() && {
  assert(open_.empty() && !out_.empty());
  return std::move(out_);
}

void JsonWriter::BeforeValue() {
  if (after_key_) {
    after_key_ = false;
  } else if (!open_.empty()) {
    assert(open_.back().scope == Scope::kArray);
    NextMember();
  } else {
    assert(out_.empty());
  }
}

void JsonWriter::NextMember() {
  if (!open_.back().empty) out_.push_back(',');
  open_.back().empty = false;
  NewLine();
}

void JsonWriter::Begin(Scope scope) {
  BeforeValue();
  out_.push_back(scope == Scope::kObject ? '{' : '[');
  open_.push_back({scope, true});
}

void JsonWriter::End(Scope scope) {
  assert(!open_.empty() && open_.back().scope == scope && !after_key_);
  const bool empty = open_.back().empty;
  open_.pop_back();
  if (!empty) NewLine();
  out_.push_back(scope == Scope::kObject ? '}' : ']');
}

void JsonWriter::NewLine() {
  if (style_ == JsonStyle::kCompact) return;
  out_.push_back('\n');
  out_.append(open_.size() * 2, ' ');
}

void JsonWriter::AppendQuoted(std::string_view text) {
  std::size_t i = PlainPrefix(text);
  if (i == text.size()) {
    out_.push_back('"');
    out_.append(text);
    out_.push_back('"');
    return;
  }
  std::string repaired;
  if (!IsValidUtf8(AsBytes(text))) {
    repaired = ToUtf8Lossy(AsBytes(text));
    text = repaired;
  }
  out_.push_back('"');
  std::size_t plain = 0;  // start of the run that needs no escape
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    out_.append(text.substr(plain, i - plain));
    plain = i + 1;
    out_.push_back('\\');
    switch (c) {
      case '"':
      case '\\':
        out_.push_back(c);
        break;
      case '\b':
        out_.push_back('b');
        break;
      case '\f':
        out_.push_back('f');
        break;
      case '\n':
        out_.push_back('n');
        break;
      case '\r':
        out_.push_back('r');
        break;
      case '\t':
        out_.push_back('t');
        break;
      default:
        out_.append("u00");
        out_.push_back("0123456789abcdef"[c >> 4]);
        out_.push_back("0123456789abcdef"[c & 15]);
    }
  }
  out_.append(text.substr(plain));
  out_.push_back('"');
}

}  // namespace plasm
