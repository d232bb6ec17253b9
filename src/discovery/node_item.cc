#include "discovery/node_item.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/quote.h"
#include "crypto/public_key_text.h"
#include "trust/node_card.h"

namespace plasm::discovery {
namespace {

constexpr std::string_view kType = "urn:plasm:node-item:v1";
constexpr JsonLimits kLimits{.max_bytes = kMaxItemBytes, .max_depth = 2, .max_values = 32};
constexpr std::uint64_t kMsOfUs = 1000;
constexpr std::uint64_t kMostAheadMs = 5 * 60'000;
constexpr std::uint64_t kLongestLifeMs = 24 * 3'600'000;

Result<std::vector<net::Endpoint>> TakeEndpoints(JsonFields& fields) {
  PLASM_TRY(std::vector<JsonNode> nodes, fields.TakeArray("endpoints"));
  if (nodes.size() > kMaxItemEndpoints) {
    return Error{ErrorCode::kInvalid,
                 "item.endpoints: found " + std::to_string(nodes.size()) + ", expected at most 8"};
  }
  std::vector<net::Endpoint> endpoints;
  for (JsonNode& node : nodes) {
    const std::string path = node.path();
    PLASM_TRY(const std::string text, std::move(node).AsString());
    auto endpoint = net::Endpoint::Parse(text);
    if (!endpoint) return Error{ErrorCode::kInvalid, path + ": " + endpoint.error().message};
    if (endpoint->kind != net::Endpoint::Kind::kTls) {
      return Error{ErrorCode::kInvalid, path + ": found " + Quote(text) + ", expected https://…"};
    }
    endpoints.push_back(*std::move(endpoint));
  }
  return endpoints;
}

std::string Serialize(const NodeItem& item, std::size_t endpoints) {
  JsonWriter json(JsonStyle::kCompact);
  json.BeginObject().Field("type", kType).Key("card").Hex(item.card.bytes);
  json.Field("version", item.version).Field("expires", item.expires.ToString());
  json.Key("endpoints").BeginArray();
  for (std::size_t i = 0; i < endpoints; ++i) json.String(item.endpoints[i].ToString());
  json.EndArray().EndObject();
  return std::move(json).Take();
}

}  // namespace

std::string SerializeNodeItem(const NodeItem& item) {
  std::size_t count = std::min(item.endpoints.size(), kMaxItemEndpoints);
  std::string text = Serialize(item, count);
  while (text.size() > kMaxItemBytes && count > 0) text = Serialize(item, --count);
  return text;
}

Result<NodeItem> ParseNodeItem(ByteView value) {
  PLASM_TRY(JsonNode root, ParseJson(value, "item", kLimits));
  PLASM_TRY(JsonFields fields, std::move(root).AsObject());
  PLASM_TRY(const std::string type, fields.TakeString("type"));
  if (type != kType) {
    return Error{ErrorCode::kInvalid,
                 "item.type: found " + Quote(type) + ", expected \"" + std::string(kType) + "\""};
  }
  NodeItem item;
  PLASM_TRY(const std::string card, fields.TakeString("card"));
  const auto digest = Sha256Digest::FromHex(card);
  // FromHex also takes the longer form with the name of the hash before it.
  if (!digest || card.size() != 2 * Sha256Digest::kSize) {
    return Error{ErrorCode::kInvalid,
                 "item.card: found " + Quote(card) + ", expected 64 hex digits"};
  }
  item.card = *digest;
  PLASM_TRY(item.version, fields.TakeUint("version", trust::kMaxCardVersion));
  if (item.version == 0)
    return Error{ErrorCode::kInvalid, "item.version: found 0, expected from 1"};
  PLASM_TRY(const std::string expires, fields.TakeString("expires"));
  const auto time = UtcTime::Parse(expires);
  if (!time) return Error{ErrorCode::kInvalid, "item.expires: " + time.error().message};
  item.expires = *time;
  PLASM_TRY(item.endpoints, TakeEndpoints(fields));
  PLASM_TRY_VOID(fields.ExpectNoMore());
  return item;
}

Bytes SignedBytesOf(std::string_view salt, std::uint64_t seq, ByteView value) {
  std::string text = "4:salt" + std::to_string(salt.size()) + ":" + std::string(salt) + "3:seqi" +
                     std::to_string(seq) + "e1:v" + std::to_string(value.size()) + ":";
  text += AsText(value);
  const ByteView bytes = AsBytes(text);
  return Bytes(bytes.begin(), bytes.end());
}

DhtItem SignNodeItem(const NodeItem& item, std::uint64_t seq, const crypto::SigningKey& identity) {
  const std::string value = SerializeNodeItem(item);
  const ByteView bytes = AsBytes(value);
  return {.key = identity.public_key(),
          .salt = std::string(kNodeItemSalt),
          .seq = seq,
          .value = Bytes(bytes.begin(), bytes.end()),
          .signature = identity.Sign(SignedBytesOf(kNodeItemSalt, seq, bytes))};
}

std::uint64_t NextSeq(std::uint64_t now_ns, std::uint64_t last) {
  return std::max(now_ns / 1000, last + 1);
}

Result<NodeItem> ItemReader::Accept(const DhtItem& item, UtcTime now) {
  const std::string name = "item of " + crypto::Fingerprint(item.key);
  if (item.salt != kNodeItemSalt) {
    return Error{ErrorCode::kInvalid, name + ": found the salt " + Quote(item.salt) +
                                          ", expected \"" + std::string(kNodeItemSalt) + "\""};
  }
  if (!crypto::Verify(item.key, SignedBytesOf(item.salt, item.seq, item.value), item.signature)) {
    return Error{ErrorCode::kDenied, name + ": not signed by this key"};
  }
  PLASM_TRY(NodeItem read, ParseNodeItem(item.value));
  if (item.seq / kMsOfUs > now.milliseconds + kMostAheadMs) {
    return Error{ErrorCode::kInvalid, name + ": its sequence number is of a time to come: " +
                                          std::to_string(item.seq) + " µs"};
  }
  if (read.expires < now || read.expires.milliseconds > now.milliseconds + kLongestLifeMs) {
    return Error{ErrorCode::kInvalid, name + ": expires at " + read.expires.ToString() +
                                          ", expected within a day from now"};
  }
  const Sha256Digest value = Sha256Of(item.value);
  const auto before = accepted_.find(item.key);
  if (before != accepted_.end()) {
    const bool older = item.seq < before->second.seq;
    if (older || (item.seq == before->second.seq && value != before->second.value)) {
      return Error{ErrorCode::kConflict,
                   name + ": a rollback, sequence number " + std::to_string(before->second.seq) +
                       " was accepted before" + (older ? "" : " with another value")};
    }
  }
  accepted_[item.key] = {item.seq, value};
  return read;
}

}  // namespace plasm::discovery
