#include "receipt/receipt_v1.h"

#include <limits>

#include "base/json_reader.h"
#include "receipt/v01_fields.h"

namespace plasm::receipt {
namespace {

constexpr const char* kVersion = "0.1";

// A string field of a type that has FromHex.
template <class T>
Result<T> TakeHex(JsonFields& fields, std::string_view key) {
  PLASM_TRY(const JsonNode node, fields.Take(key));
  PLASM_TRY(const std::string text, JsonNode(node).AsString());
  auto value = T::FromHex(text);
  if (!value) return node.Invalid(value.error().message);
  return value;
}

}  // namespace

Result<ReceiptV1> ParseReceiptV1(ByteView json) {
  const JsonLimits limits{.max_bytes = kMaxReceiptV1Size, .max_depth = 1, .max_values = 64};
  PLASM_TRY(JsonNode root, ParseJson(json, "receipt", limits));
  PLASM_TRY(JsonFields fields, std::move(root).AsObject());
  ReceiptV1 receipt{};
  PLASM_TRY(receipt.version, TakeVersion(fields));
  PLASM_TRY(receipt.fields.module_hash, TakeModuleHash(fields));
  PLASM_TRY(const std::uint64_t exit_code,
            fields.TakeUint("exit_code", std::numeric_limits<std::uint8_t>::max()));
  receipt.fields.exit_code = static_cast<std::uint8_t>(exit_code);
  PLASM_TRY(receipt.fields.wall_time_ms, fields.TakeUint("wall_time_ms"));
  PLASM_TRY(receipt.fields.timestamp, fields.TakeUint("timestamp"));
  PLASM_TRY(receipt.node_pubkey, TakeHex<crypto::PublicKey>(fields, "node_pubkey"));
  PLASM_TRY(receipt.signature, TakeHex<crypto::Signature>(fields, "signature"));
  PLASM_TRY_VOID(fields.ExpectNoMore());
  return receipt;
}

void WriteReceiptV1(const ReceiptV1& receipt, JsonWriter& json) {
  json.BeginObject()
      .Field("exit_code", receipt.fields.exit_code)
      .Field("module_hash", receipt.fields.module_hash.ToString())
      .Field("node_pubkey", receipt.node_pubkey.ToHex())
      .Field("signature", receipt.signature.ToHex())
      .Field("timestamp", receipt.fields.timestamp)
      .Field("version", receipt.version)
      .Field("wall_time_ms", receipt.fields.wall_time_ms)
      .EndObject();
}

std::string SerializeReceiptV1(const ReceiptV1& receipt, JsonStyle style) {
  JsonWriter json(style);
  WriteReceiptV1(receipt, json);
  return std::move(json).Take();
}

Sha256Digest SignedDigestV1(const std::string& version, const ReceiptV1Fields& fields) {
  const std::string message =
      version + "|" + fields.module_hash.ToString() + "|" + std::to_string(fields.exit_code) + "|" +
      std::to_string(fields.wall_time_ms) + "|" + std::to_string(fields.timestamp);
  return Sha256Of(AsBytes(message));
}

ReceiptV1 SignReceiptV1(const ReceiptV1Fields& fields, const crypto::SigningKey& key) {
  return {.version = kVersion,
          .fields = fields,
          .node_pubkey = key.public_key(),
          .signature = key.Sign(SignedDigestV1(kVersion, fields).bytes)};
}

}  // namespace plasm::receipt
