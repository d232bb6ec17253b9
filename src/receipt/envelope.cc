#include "receipt/envelope.h"

#include <algorithm>
#include <utility>

#include "base/base64.h"
#include "base/json_reader.h"
#include "base/quote.h"
#include "crypto/public_key_text.h"

namespace plasm::receipt {
namespace {

constexpr std::size_t kUsualBytes = 320;  // beside the payload: spares growing, no limit

Result<EnvelopeSignature> TakeSignature(JsonNode node) {
  PLASM_TRY(JsonFields fields, std::move(node).AsObject());
  PLASM_TRY(JsonNode keyid, fields.Take("keyid"));
  PLASM_TRY(JsonNode sig, fields.Take("sig"));
  PLASM_TRY_VOID(fields.ExpectNoMore());
  const std::string sig_path = sig.path();

  EnvelopeSignature taken;
  const std::string keyid_path = keyid.path();
  PLASM_TRY(taken.keyid, std::move(keyid).AsString());
  if (!crypto::IsFingerprint(taken.keyid)) {
    return Error{ErrorCode::kInvalid, keyid_path + ": found " + Quote(taken.keyid) +
                                          ", expected SHA256: and 43 base64 digits"};
  }
  PLASM_TRY(const std::string text, std::move(sig).AsString());
  const auto bytes = DecodeBase64OrBase64Url(text);
  if (!bytes) return Error{ErrorCode::kInvalid, sig_path + ": " + bytes.error().message};
  if (bytes->size() != crypto::Signature::kSize) {
    return Error{ErrorCode::kInvalid,
                 sig_path + ": found " + std::to_string(bytes->size()) + " bytes, expected 64"};
  }
  std::ranges::copy(*bytes, taken.signature.bytes.begin());
  return taken;
}

}  // namespace

namespace {

// What stands before the payload.
std::string PreAuthHead(std::string_view payload_type, std::size_t payload_bytes) {
  constexpr std::string_view kVersion = "DSSEv1 ";
  constexpr std::size_t kMaxDigits = 20;
  std::string head;
  head.reserve(kVersion.size() + payload_type.size() + 2 * kMaxDigits + 3);
  head.append(kVersion).append(std::to_string(payload_type.size())).append(" ");
  head.append(payload_type).append(" ");
  head.append(std::to_string(payload_bytes)).append(" ");
  return head;
}

}  // namespace

Sha256Digest PreAuthDigest(std::string_view payload_type, ByteView payload) {
  Sha256 hash;
  hash.Update(AsBytes(PreAuthHead(payload_type, payload.size())));
  hash.Update(payload);
  return hash.Finish();
}

Bytes PreAuthEncoding(std::string_view payload_type, ByteView payload) {
  const std::string head = PreAuthHead(payload_type, payload.size());
  Bytes encoding;
  encoding.reserve(head.size() + payload.size());
  encoding.insert(encoding.end(), AsBytes(head).begin(), AsBytes(head).end());
  encoding.insert(encoding.end(), payload.begin(), payload.end());
  return encoding;
}

Result<Envelope> ParseEnvelope(ByteView json, const EnvelopeForm& form) {
  PLASM_TRY(JsonNode root, ParseJson(json, "envelope",
                                     {.max_bytes = form.max_bytes,
                                      .max_depth = 3,
                                      .max_values = 8 + 3 * form.max_signatures}));
  PLASM_TRY(JsonFields fields, std::move(root).AsObject());
  Envelope envelope;
  PLASM_TRY(envelope.payload_type, fields.TakeString("payloadType"));
  if (envelope.payload_type != form.payload_type) {
    return Error{ErrorCode::kInvalid, "envelope.payloadType: found " +
                                          Quote(envelope.payload_type) + ", expected \"" +
                                          std::string(form.payload_type) + "\""};
  }
  PLASM_TRY(const std::string payload, fields.TakeString("payload"));
  PLASM_TRY(std::vector<JsonNode> signatures, fields.TakeArray("signatures"));
  PLASM_TRY_VOID(fields.ExpectNoMore());

  auto decoded = DecodeBase64OrBase64Url(payload);
  if (!decoded) return Error{ErrorCode::kInvalid, "envelope.payload: " + decoded.error().message};
  if (decoded->size() > form.max_payload_bytes) {
    return Error{ErrorCode::kLimitExceeded,
                 "envelope.payload: found " + std::to_string(decoded->size()) +
                     " bytes, expected at most " + std::to_string(form.max_payload_bytes)};
  }
  envelope.payload = *std::move(decoded);
  if (signatures.size() > form.max_signatures) {
    return Error{ErrorCode::kInvalid,
                 "envelope.signatures: found " + std::to_string(signatures.size()) +
                     ", expected at most " + std::to_string(form.max_signatures)};
  }
  for (JsonNode& node : signatures) {
    PLASM_TRY(EnvelopeSignature signature, TakeSignature(std::move(node)));
    envelope.signatures.push_back(std::move(signature));
  }
  return envelope;
}

Envelope SignEnvelope(std::string payload_type, Bytes payload, const crypto::SigningKey& key) {
  const crypto::Signature signature = key.Sign(PreAuthEncoding(payload_type, payload));
  return {.payload_type = std::move(payload_type),
          .payload = std::move(payload),
          .signatures = {{crypto::Fingerprint(key.public_key()), signature}}};
}

bool VerifyEnvelope(const Envelope& envelope, const crypto::PublicKey& key) {
  return envelope.signatures.size() == 1 &&
         crypto::Verify(key, PreAuthEncoding(envelope.payload_type, envelope.payload),
                        envelope.signatures.front().signature);
}

void WriteEnvelope(const Envelope& envelope, JsonWriter& json) {
  json.BeginObject()
      .Field("payloadType", envelope.payload_type)
      .Field("payload", EncodeBase64(envelope.payload))
      .Key("signatures")
      .BeginArray();
  for (const EnvelopeSignature& signature : envelope.signatures) {
    json.BeginObject()
        .Field("keyid", signature.keyid)
        .Field("sig", EncodeBase64(signature.signature.bytes))
        .EndObject();
  }
  json.EndArray().EndObject();
}

std::string SerializeEnvelope(const Envelope& envelope) {
  JsonWriter json(JsonStyle::kCompact, kUsualBytes + envelope.payload.size() / 3 * 4);
  WriteEnvelope(envelope, json);
  return std::move(json).Take();
}

}  // namespace plasm::receipt
