// Byte strings in JSON (spec/job.md section 1.7): arguments and guest paths, which need not be
// text.
#pragma once

#include <string>
#include <string_view>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/result.h"

namespace plasm::receipt {

// The bytes of a JSON string, or of {"base64": "…"}. kInvalid for the object where the string
// would do, and for a string with NUL inside: a byte string has one form.
Result<std::string> ReadByteString(const JsonNode& node);

void WriteByteString(std::string_view bytes, JsonWriter& json);

}  // namespace plasm::receipt
