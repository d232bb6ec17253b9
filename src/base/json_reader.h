// JSON in, strictly: one reader for every format of the project.
//
//   PLASM_TRY(JsonNode root, ParseJson(bytes, "receipt", limits));
//   PLASM_TRY(JsonFields fields, std::move(root).AsObject());
//   PLASM_TRY(std::string version, fields.TakeString("version"));
//   PLASM_TRY(std::uint64_t exit_code, fields.TakeUint("exit_code", 255));
//   PLASM_TRY_VOID(fields.ExpectNoMore());
//
// Errors are kInvalid (kLimitExceeded for a limit) and name the place, as in
// "receipt.exit_code: found a string, expected an integer from 0 to 255". Text from the
// document is quoted in them (base/quote.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json_value.h"
#include "base/result.h"

namespace plasm {

struct JsonLimits {
  std::size_t max_bytes = 1024 * 1024;
  std::size_t max_depth = 16;       // objects and arrays inside each other
  std::size_t max_values = 65'536;  // values of every kind, in all
};

class JsonFields;

// A value and the place where it stood in the document.
class JsonNode {
 public:
  JsonNode(JsonValue value, std::string path) : value_(std::move(value)), path_(std::move(path)) {}

  const JsonValue& value() const { return value_; }
  const std::string& path() const { return path_; }
  bool IsNull() const;
  bool IsString() const;
  bool IsObject() const;
  bool IsArray() const;

  Result<std::string> AsString() &&;
  Result<std::uint64_t> AsUint(std::uint64_t max = std::numeric_limits<std::uint64_t>::max()) const;
  Result<std::int64_t> AsInt() const;
  Result<bool> AsBool() const;
  Result<JsonFields> AsObject() &&;
  Result<std::vector<JsonNode>> AsArray() &&;

  // "<path>: <message>", for a value of the right type that is wrong otherwise.
  Error Invalid(std::string_view message) const;

 private:
  Error Mismatch(std::string_view expected) const;

  JsonValue value_;
  std::string path_;
};

// The members of an object, taken out one by one, so that what nobody asked for is noticed.
class JsonFields {
 public:
  JsonFields(JsonObject members, std::string path)
      : members_(std::move(members)), taken_(members_.size()), path_(std::move(path)) {}

  const std::string& path() const { return path_; }
  bool Has(std::string_view key) const;  // and not yet taken

  // kInvalid when there is no such member, or when it has another type.
  Result<JsonNode> Take(std::string_view key);
  Result<std::string> TakeString(std::string_view key);
  Result<std::uint64_t> TakeUint(std::string_view key,
                                 std::uint64_t max = std::numeric_limits<std::uint64_t>::max());
  Result<std::int64_t> TakeInt(std::string_view key);
  Result<bool> TakeBool(std::string_view key);
  Result<JsonFields> TakeObject(std::string_view key);
  Result<std::vector<JsonNode>> TakeArray(std::string_view key);

  // kInvalid "<path>: unknown key ..." unless all members have been taken.
  Result<void> ExpectNoMore() const;

 private:
  static constexpr std::size_t kNowhere = ~std::size_t{0};
  std::size_t Find(std::string_view key) const;
  // Takes the member, whatever it is; null when it is not there.
  JsonValue* Claim(std::string_view key);
  Error Missing(std::string_view key) const;
  JsonNode Named(std::string_view key, JsonValue value) const;

  JsonObject members_;
  std::vector<bool> taken_;  // of members_
  std::string path_;
};

// The one value that the text consists of. Beyond RFC 8259 it refuses duplicate keys at any
// depth, numbers with a fraction or an exponent or beyond 64 bits, "-0", and what exceeds the
// limits. `name` stands at the start of every path. In json_parser.cc.
Result<JsonNode> ParseJson(ByteView text, std::string_view name, const JsonLimits& limits = {});

}  // namespace plasm
