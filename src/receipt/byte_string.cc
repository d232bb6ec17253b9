#include "receipt/byte_string.h"

#include "base/base64.h"
#include "base/bytes.h"
#include "base/utf8.h"

namespace plasm::receipt {
namespace {

bool FitsIntoString(std::string_view bytes) {
  return bytes.find('\0') == std::string_view::npos && IsValidUtf8(AsBytes(bytes));
}

}  // namespace

Result<std::string> ReadByteString(const JsonNode& node) {
  if (const auto* text = std::get_if<std::string>(&node.value().v)) {
    if (!FitsIntoString(*text)) return node.Invalid("found NUL in a string, expected base64");
    return *text;
  }
  if (!node.IsObject()) return node.Invalid("expected a string or an object with base64");
  PLASM_TRY(JsonFields fields, JsonNode(node).AsObject());
  PLASM_TRY(const std::string text, fields.TakeString("base64"));
  PLASM_TRY_VOID(fields.ExpectNoMore());
  const auto decoded = DecodeBase64(text);
  if (!decoded) return node.Invalid(decoded.error().message);
  std::string bytes(AsText(*decoded));
  if (FitsIntoString(bytes)) return node.Invalid("found base64 of plain text, expected a string");
  return bytes;
}

void WriteByteString(std::string_view bytes, JsonWriter& json) {
  if (FitsIntoString(bytes)) {
    json.String(bytes);
  } else {
    json.BeginObject().Field("base64", EncodeBase64(AsBytes(bytes))).EndObject();
  }
}

}  // namespace plasm::receipt
