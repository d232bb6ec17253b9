#include "discovery/protocol/item_fields.h"

#include <utility>

#include "base/base64.h"
#include "base/text_form.h"

namespace plasm::discovery {
namespace {

Error In(const JsonFields& fields, std::string_view name, std::string_view message) {
  return {ErrorCode::kInvalid,
          fields.path() + "." + std::string(name) + ": " + std::string(message)};
}

Result<crypto::Signature> TakeSignature(JsonFields& fields) {
  PLASM_TRY(const std::string text, fields.TakeString("signature"));
  auto signature = crypto::Signature::FromHex(text);
  if (!signature) return In(fields, "signature", signature.error().message);
  return signature;
}

Result<Bytes> TakeValue(JsonFields& fields) {
  PLASM_TRY(const std::string text, fields.TakeString("value"));
  auto bytes = DecodeBase64(text);
  if (!bytes) return In(fields, "value", bytes.error().message);
  if (bytes->size() > kMaxItemBytes) {
    return In(fields, "value",
              "found " + std::to_string(bytes->size()) + " bytes, expected at most " +
                  std::to_string(kMaxItemBytes));
  }
  return bytes;
}

}  // namespace

Result<crypto::PublicKey> TakePublicKey(JsonFields& fields) {
  PLASM_TRY(const std::string text, fields.TakeString("key"));
  auto key = crypto::PublicKey::FromHex(text);
  if (!key) return In(fields, "key", key.error().message);
  return key;
}

Result<std::string> TakeSalt(JsonFields& fields) {
  PLASM_TRY(std::string salt, fields.TakeString("salt"));
  if (salt.size() > kMaxSaltBytes || !IsPlainText(salt)) {
    return In(fields, "salt", "expected at most 64 bytes of UTF-8 without control characters");
  }
  return salt;
}

Result<AnnounceKey> TakeTarget(JsonFields& fields) {
  PLASM_TRY(const std::string text, fields.TakeString("target"));
  auto key = AnnounceKey::FromHex(text);
  if (!key) return In(fields, "target", key.error().message);
  return key;
}

Result<std::uint16_t> TakePort(JsonFields& fields, std::string_view name) {
  PLASM_TRY(const std::uint64_t port, fields.TakeUint(name, UINT16_MAX));
  if (port == 0) return In(fields, name, "found 0, expected a port from 1 on");
  return static_cast<std::uint16_t>(port);
}

Result<std::uint64_t> TakeSeq(JsonFields& fields) { return fields.TakeUint("seq", kMaxItemSeq); }

Result<DhtItem> TakeItem(JsonFields& fields) {
  DhtItem item;
  PLASM_TRY(item.key, TakePublicKey(fields));
  PLASM_TRY(item.salt, TakeSalt(fields));
  PLASM_TRY(item.seq, TakeSeq(fields));
  PLASM_TRY(item.value, TakeValue(fields));
  PLASM_TRY(item.signature, TakeSignature(fields));
  return item;
}

void WriteItem(JsonWriter& json, const DhtItem& item) {
  json.Key("key").Hex(item.key.bytes);
  json.Field("salt", item.salt).Field("seq", item.seq);
  json.Field("value", EncodeBase64(item.value));
  json.Key("signature").Hex(item.signature.bytes);
}

}  // namespace plasm::discovery
