// The members that a manifest and a receipt share, in and out of JSON. All errors are kInvalid
// and name the member.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "base/sha256.h"
#include "base/utc_time.h"
#include "receipt/job_parts.h"

namespace plasm::receipt {

// Whether the bytes can be a path in the guest: not empty, no NUL.
bool IsGuestPath(std::string_view bytes);

// "<path>.<key>: <message>".
Error InvalidField(const JsonFields& fields, std::string_view key, std::string_view message);

// A string that has one value only, as in "type".
Result<void> TakeFixed(JsonFields& fields, std::string_view key, std::string_view expected);

// 1 to 64 letters, digits, '.', '_', '+' or '-', as in "x86_64-linux".
Result<std::string> TakeToken(JsonFields& fields, std::string_view key);

Result<Sha256Digest> TakeDigest(JsonFields& fields, std::string_view key);
// {"sha256": "…"} and nothing else.
Result<Sha256Digest> TakeDigestObject(JsonFields& fields, std::string_view key);
// A decimal string.
Result<std::uint64_t> TakeDecimal(JsonFields& fields, std::string_view key,
                                  std::uint64_t max = UINT64_MAX);
Result<UtcTime> TakeTime(JsonFields& fields, std::string_view key);
// A key's fingerprint.
Result<std::string> TakeFingerprint(JsonFields& fields, std::string_view key);
// 32 to 128 hex digits, an even number.
Result<std::string> TakeNonce(JsonFields& fields, std::string_view key);
Result<Profile> TakeProfile(JsonFields& fields, std::string_view key);
Result<ModuleName> TakeModule(JsonFields& fields, std::string_view key);
Result<Limits> TakeLimits(JsonFields& fields, std::string_view key);
Result<std::vector<InputTree>> TakeInputTrees(JsonFields& fields, std::string_view key);

void WriteDigest(JsonWriter& json, std::string_view key, const Sha256Digest& digest);
void WriteDigestObject(JsonWriter& json, std::string_view key, const Sha256Digest& digest);
void WriteDecimal(JsonWriter& json, std::string_view key, std::uint64_t value);
void WriteModule(JsonWriter& json, std::string_view key, const ModuleName& module);
void WriteLimits(JsonWriter& json, std::string_view key, const Limits& limits);
void WriteInputTrees(JsonWriter& json, std::string_view key, const std::vector<InputTree>& trees);

}  // namespace plasm::receipt
