// Receipt v1: the form of the project's first system ("version": "0.1"), byte for byte.
//
// It names the module, the exit code, the time and the node's key. It binds neither input
// nor output, and nothing in it says whether its key is to be trusted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "base/sha256.h"
#include "crypto/ed25519.h"

namespace plasm::receipt {

// A larger one is refused unread.
inline constexpr std::size_t kMaxReceiptV1Size = 64 * 1024;

// What is signed, apart from the version, which is 0.1 in all that we sign.
struct ReceiptV1Fields {
  Sha256Digest module_hash;
  std::uint8_t exit_code;
  std::uint64_t wall_time_ms;
  std::uint64_t timestamp;  // Unix seconds when execution ended

  friend bool operator==(const ReceiptV1Fields&, const ReceiptV1Fields&) = default;
};

// Well-formed; whether its signature is right is another question (receipt_v1_verify.h).
struct ReceiptV1 {
  std::string version;  // digits, a point, digits
  ReceiptV1Fields fields;
  crypto::PublicKey node_pubkey;
  crypto::Signature signature;

  friend bool operator==(const ReceiptV1&, const ReceiptV1&) = default;
};

// Reads one JSON object with exactly the seven keys, each once. kInvalid otherwise, and for
// values of another type, form or range; integers are plain decimals up to 2^64 - 1.
Result<ReceiptV1> ParseReceiptV1(ByteView json);

// Writes the receipt as one value, keys in the order of the first system (by name).
void WriteReceiptV1(const ReceiptV1& receipt, JsonWriter& json);
std::string SerializeReceiptV1(const ReceiptV1& receipt, JsonStyle style);

// The 32 bytes that are signed: SHA-256 of
// "version|module_hash|exit_code|wall_time_ms|timestamp".
Sha256Digest SignedDigestV1(const std::string& version, const ReceiptV1Fields& fields);

ReceiptV1 SignReceiptV1(const ReceiptV1Fields& fields, const crypto::SigningKey& key);

}  // namespace plasm::receipt
