#include "discovery/protocol/dht_command.h"

#include <utility>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/quote.h"
#include "discovery/protocol/item_fields.h"

namespace plasm::discovery {
namespace {

constexpr JsonLimits kLimits{.max_bytes = kMaxCommandBytes, .max_depth = 1, .max_values = 16};

Result<DhtCommand> TakeCommand(std::string_view word, JsonFields& fields) {
  if (word == "put") {
    PLASM_TRY(DhtItem item, TakeItem(fields));
    return DhtCommand(PutItem{std::move(item)});
  }
  if (word == "get") {
    GetItem get;
    PLASM_TRY(get.key, TakePublicKey(fields));
    PLASM_TRY(get.salt, TakeSalt(fields));
    return DhtCommand(std::move(get));
  }
  if (word == "announce") {
    Announce announce;
    PLASM_TRY(announce.target, TakeTarget(fields));
    PLASM_TRY(announce.port, TakePort(fields, "port"));
    return DhtCommand(announce);
  }
  if (word == "find") {
    PLASM_TRY(const AnnounceKey target, TakeTarget(fields));
    return DhtCommand(FindPeers{target});
  }
  if (word == "nodes") return DhtCommand(ListNodes{});
  if (word == "map") {
    PLASM_TRY(const std::uint16_t port, TakePort(fields, "port"));
    return DhtCommand(MapPort{port});
  }
  return Error{ErrorCode::kInvalid, "command.do: found " + Quote(word) +
                                        ", expected put, get, announce, find, nodes or map"};
}

struct Writer {
  JsonWriter& json;

  void operator()(const PutItem& put) const {
    json.Field("do", "put");
    WriteItem(json, put.item);
  }
  void operator()(const GetItem& get) const {
    json.Field("do", "get").Key("key").Hex(get.key.bytes);
    json.Field("salt", get.salt);
  }
  void operator()(const Announce& announce) const {
    json.Field("do", "announce").Key("target").Hex(announce.target.bytes);
    json.Field("port", announce.port);
  }
  void operator()(const FindPeers& find) const {
    json.Field("do", "find").Key("target").Hex(find.target.bytes);
  }
  void operator()(const ListNodes&) const { json.Field("do", "nodes"); }
  void operator()(const MapPort& map) const { json.Field("do", "map").Field("port", map.port); }
};

}  // namespace

Result<DhtCommand> ParseDhtCommand(ByteView line) {
  PLASM_TRY(JsonNode root, ParseJson(line, "command", kLimits));
  PLASM_TRY(JsonFields fields, std::move(root).AsObject());
  PLASM_TRY(const std::string word, fields.TakeString("do"));
  PLASM_TRY(DhtCommand command, TakeCommand(word, fields));
  PLASM_TRY_VOID(fields.ExpectNoMore());
  return command;
}

std::string SerializeDhtCommand(const DhtCommand& command) {
  JsonWriter json(JsonStyle::kCompact);
  json.BeginObject();
  std::visit(Writer{json}, command);
  json.EndObject();
  return std::move(json).Take() + "\n";
}

}  // namespace plasm::discovery
