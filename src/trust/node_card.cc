#include "trust/node_card.h"

#include <utility>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/quote.h"
#include "receipt/envelope.h"
#include "trust/node_card_fields.h"

namespace plasm::trust {
namespace {

constexpr std::string_view kType = "urn:plasm:card:v1";

constexpr receipt::EnvelopeForm kForm = {.payload_type = kCardPayloadType,
                                         .max_bytes = kMaxCardBytes,
                                         .max_payload_bytes = kMaxCardBytes};

void Write(JsonWriter& json, const NodeKey& key) {
  json.BeginObject()
      .Field("use", KeyUseName(key.use))
      .Field("key", key.key.ToHex())
      .Field("from", key.from.ToString())
      .Field("to", key.to.ToString());
  if (key.use == KeyUse::kLog) json.Field("origin", key.origin);
  json.EndObject();
}

void Write(JsonWriter& json, const RevokedKey& key) {
  json.BeginObject().Field("key", key.key.ToHex()).Field("at", key.at.ToString());
  if (key.log_size) json.Field("logSize", std::to_string(*key.log_size));
  json.EndObject();
}

void Write(JsonWriter& json, const std::string& text) { json.String(text); }

template <class T>
void WriteArray(JsonWriter& json, std::string_view key, const std::vector<T>& elements) {
  json.Key(key).BeginArray();
  for (const T& element : elements) Write(json, element);
  json.EndArray();
}

void WriteMachine(JsonWriter& json, const Capabilities& capabilities) {
  if (capabilities.cores) json.Field("cores", *capabilities.cores);
  if (capabilities.memory_mib) json.Field("memoryMib", *capabilities.memory_mib);
  if (!capabilities.cpu.empty()) WriteArray(json, "cpu", capabilities.cpu);
  if (capabilities.policy) json.Field("policy", SubmitPolicyName(*capabilities.policy));
}

}  // namespace

std::string_view SubmitPolicyName(SubmitPolicy policy) {
  return policy == SubmitPolicy::kOpen ? "open" : "invitation";
}

std::string_view KeyUseName(KeyUse use) {
  switch (use) {
    case KeyUse::kReceipt:
      return "receipt";
    case KeyUse::kLog:
      return "log";
    case KeyUse::kTls:
      return "tls";
  }
  return "";
}

Result<NodeCard> ParseNodeCard(ByteView payload) {
  PLASM_TRY(JsonNode root, ParseJson(payload, "card", {.max_bytes = kMaxCardBytes}));
  PLASM_TRY(JsonFields fields, std::move(root).AsObject());
  PLASM_TRY(const std::string type, fields.TakeString("type"));
  if (type != kType) {
    return Error{ErrorCode::kInvalid,
                 "card.type: found " + Quote(type) + ", expected \"" + std::string(kType) + "\""};
  }
  NodeCard card;
  PLASM_TRY(card.identity, TakeKey(fields, "identity"));
  PLASM_TRY(card.name, fields.TakeString("name"));
  PLASM_TRY(card.version, fields.TakeUint("version", kMaxCardVersion));
  PLASM_TRY(card.issued, TakeTime(fields, "issued"));
  PLASM_TRY(card.expires, TakeTime(fields, "expires"));
  PLASM_TRY(card.keys, TakeNodeKeys(fields));
  PLASM_TRY(card.revoked, TakeRevokedKeys(fields));
  PLASM_TRY(card.endpoints, TakeTexts(fields, "endpoints"));
  PLASM_TRY(card.capabilities, TakeCapabilities(fields));
  PLASM_TRY_VOID(fields.ExpectNoMore());
  PLASM_TRY_VOID(CheckNodeCard(card));
  return card;
}

std::string SerializeNodeCard(const NodeCard& card) {
  JsonWriter json(JsonStyle::kCompact);
  json.BeginObject()
      .Field("type", kType)
      .Field("identity", card.identity.ToHex())
      .Field("name", card.name)
      .Field("version", card.version)
      .Field("issued", card.issued.ToString())
      .Field("expires", card.expires.ToString());
  WriteArray(json, "keys", card.keys);
  WriteArray(json, "revoked", card.revoked);
  WriteArray(json, "endpoints", card.endpoints);
  json.Key("capabilities")
      .BeginObject()
      .Field("engine", card.capabilities.engine)
      .Field("arch", card.capabilities.arch);
  WriteArray(json, "profiles", card.capabilities.profiles);
  json.Key("labels").BeginObject();
  for (const auto& [key, value] : card.capabilities.labels) json.Field(key, value);
  json.EndObject();
  WriteMachine(json, card.capabilities);
  json.EndObject().EndObject();
  return std::move(json).Take();
}

Result<OpenedCard> OpenNodeCard(ByteView envelope_json) {
  PLASM_TRY(const receipt::Envelope envelope, receipt::ParseEnvelope(envelope_json, kForm));
  if (envelope.signatures.empty()) {
    return Error{ErrorCode::kInvalid, "envelope.signatures: found none, expected one"};
  }
  PLASM_TRY(NodeCard card, ParseNodeCard(envelope.payload));
  if (!receipt::VerifyEnvelope(envelope, card.identity)) {
    return Error{ErrorCode::kDenied, "card: not signed by its identity key " +
                                         card.identity.ToHex() + ", or changed since"};
  }
  return OpenedCard{.card = std::move(card),
                    .envelope_digest = Sha256Of(envelope_json),
                    .payload_digest = Sha256Of(envelope.payload)};
}

Result<std::string> SignNodeCard(const NodeCard& card, const crypto::SigningKey& identity) {
  PLASM_TRY_VOID(CheckNodeCard(card));
  if (identity.public_key() != card.identity) {
    return Error{ErrorCode::kInvalid, "card.identity: found " + card.identity.ToHex() +
                                          ", expected the signing key " +
                                          identity.public_key().ToHex()};
  }
  const std::string payload = SerializeNodeCard(card);
  const ByteView bytes = AsBytes(payload);
  std::string envelope = receipt::SerializeEnvelope(receipt::SignEnvelope(
      std::string(kCardPayloadType), Bytes(bytes.begin(), bytes.end()), identity));
  if (envelope.size() > kMaxCardBytes) {
    return Error{ErrorCode::kLimitExceeded, "card: found " + std::to_string(envelope.size()) +
                                                " bytes, expected at most " +
                                                std::to_string(kMaxCardBytes)};
  }
  return envelope;
}

}  // namespace plasm::trust
