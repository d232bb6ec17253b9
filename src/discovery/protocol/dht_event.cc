#include "discovery/protocol/dht_event.h"

#include <utility>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/one_line.h"
#include "base/quote.h"
#include "discovery/protocol/item_fields.h"

namespace plasm::discovery {
namespace {

constexpr JsonLimits kLimits{.max_bytes = kMaxEventBytes, .max_depth = 2, .max_values = 1024};

Result<std::vector<PeerAddress>> TakeAddresses(JsonFields& fields, std::string_view name) {
  PLASM_TRY(std::vector<JsonNode> nodes, fields.TakeArray(name));
  if (nodes.size() > kMaxPeersInEvent) {
    return Error{ErrorCode::kLimitExceeded, fields.path() + "." + std::string(name) + ": found " +
                                                std::to_string(nodes.size()) +
                                                ", expected at most " +
                                                std::to_string(kMaxPeersInEvent)};
  }
  std::vector<PeerAddress> addresses;
  addresses.reserve(nodes.size());
  for (JsonNode& node : nodes) {
    const std::string path = node.path();
    PLASM_TRY(const std::string text, std::move(node).AsString());
    auto address = PeerAddress::Parse(text);
    if (!address) return Error{ErrorCode::kInvalid, path + ": " + address.error().message};
    addresses.push_back(*std::move(address));
  }
  return addresses;
}

Result<DhtEvent> TakeItemStored(JsonFields& fields) {
  ItemStored stored;
  PLASM_TRY(stored.key, TakePublicKey(fields));
  PLASM_TRY(stored.seq, TakeSeq(fields));
  PLASM_TRY(const std::uint64_t copies, fields.TakeUint("copies", UINT32_MAX));
  stored.copies = static_cast<std::uint32_t>(copies);
  return DhtEvent(stored);
}

Result<DhtEvent> TakeItemFound(JsonFields& fields) {
  ItemFound found;
  PLASM_TRY(found.item, TakeItem(fields));
  PLASM_TRY(found.final, fields.TakeBool("final"));
  return DhtEvent(std::move(found));
}

Result<DhtEvent> TakeItemAbsent(JsonFields& fields) {
  ItemAbsent absent;
  PLASM_TRY(absent.key, TakePublicKey(fields));
  PLASM_TRY(absent.salt, TakeSalt(fields));
  return DhtEvent(std::move(absent));
}

Result<DhtEvent> TakePeersFound(JsonFields& fields) {
  PeersFound found;
  PLASM_TRY(found.target, TakeTarget(fields));
  PLASM_TRY(found.peers, TakeAddresses(fields, "peers"));
  return DhtEvent(std::move(found));
}

Result<DhtEvent> TakePortMapped(JsonFields& fields) {
  PortMapped mapped;
  PLASM_TRY(mapped.port, TakePort(fields, "port"));
  PLASM_TRY(mapped.external, TakePort(fields, "external"));
  return DhtEvent(mapped);
}

Result<DhtEvent> TakeRefused(JsonFields& fields) {
  PLASM_TRY(const std::string message, fields.TakeString("message"));
  if (message.size() > kMaxMessageBytes) {
    return Error{
        ErrorCode::kLimitExceeded,
        "event.message: found " + std::to_string(message.size()) + " bytes, expected at most 1024"};
  }
  return DhtEvent(CommandRefused{OneLine(message)});
}

Result<DhtEvent> TakeEvent(std::string_view word, JsonFields& fields) {
  if (word == "ready") {
    PLASM_TRY(std::vector<PeerAddress> listen, TakeAddresses(fields, "listen"));
    return DhtEvent(DhtReady{std::move(listen)});
  }
  if (word == "joined") return DhtEvent(DhtJoined{});
  if (word == "stored") return TakeItemStored(fields);
  if (word == "item") return TakeItemFound(fields);
  if (word == "absent") return TakeItemAbsent(fields);
  if (word == "peers") return TakePeersFound(fields);
  if (word == "nodes") {
    PLASM_TRY(std::vector<PeerAddress> nodes, TakeAddresses(fields, "nodes"));
    return DhtEvent(NodesKnown{std::move(nodes)});
  }
  if (word == "mapped") return TakePortMapped(fields);
  if (word == "refused") return TakeRefused(fields);
  return Error{ErrorCode::kInvalid, "event.event: found " + Quote(word) +
                                        ", expected a word of spec/discovery.md section 4"};
}

struct Writer {
  JsonWriter& json;

  void Addresses(std::string_view name, const std::vector<PeerAddress>& addresses) const {
    json.Key(name).BeginArray();
    for (const PeerAddress& address : addresses) json.String(address.ToString());
    json.EndArray();
  }

  void operator()(const DhtReady& ready) const {
    json.Field("event", "ready");
    Addresses("listen", ready.listen);
  }
  void operator()(const DhtJoined&) const { json.Field("event", "joined"); }
  void operator()(const ItemStored& stored) const {
    json.Field("event", "stored").Key("key").Hex(stored.key.bytes);
    json.Field("seq", stored.seq).Field("copies", stored.copies);
  }
  void operator()(const ItemFound& found) const {
    json.Field("event", "item");
    WriteItem(json, found.item);
    json.Field("final", found.final);
  }
  void operator()(const ItemAbsent& absent) const {
    json.Field("event", "absent").Key("key").Hex(absent.key.bytes);
    json.Field("salt", absent.salt);
  }
  void operator()(const PeersFound& found) const {
    json.Field("event", "peers").Key("target").Hex(found.target.bytes);
    Addresses("peers", found.peers);
  }
  void operator()(const NodesKnown& known) const {
    json.Field("event", "nodes");
    Addresses("nodes", known.nodes);
  }
  void operator()(const PortMapped& mapped) const {
    json.Field("event", "mapped").Field("port", mapped.port).Field("external", mapped.external);
  }
  void operator()(const CommandRefused& refused) const {
    json.Field("event", "refused").Field("message", refused.message);
  }
};

}  // namespace

Result<DhtEvent> ParseDhtEvent(ByteView line) {
  PLASM_TRY(JsonNode root, ParseJson(line, "event", kLimits));
  PLASM_TRY(JsonFields fields, std::move(root).AsObject());
  PLASM_TRY(const std::string word, fields.TakeString("event"));
  PLASM_TRY(DhtEvent event, TakeEvent(word, fields));
  PLASM_TRY_VOID(fields.ExpectNoMore());
  return event;
}

std::string SerializeDhtEvent(const DhtEvent& event) {
  JsonWriter json(JsonStyle::kCompact);
  json.BeginObject();
  std::visit(Writer{json}, event);
  json.EndObject();
  return std::move(json).Take() + "\n";
}

}  // namespace plasm::discovery
