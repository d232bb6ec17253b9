// The members that commands and events share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "discovery/protocol/dht_command.h"

namespace plasm::discovery {

// kInvalid, naming the member.
Result<crypto::PublicKey> TakePublicKey(JsonFields& fields);  // "key"
Result<std::string> TakeSalt(JsonFields& fields);
Result<AnnounceKey> TakeTarget(JsonFields& fields);
Result<std::uint16_t> TakePort(JsonFields& fields, std::string_view name);
Result<std::uint64_t> TakeSeq(JsonFields& fields);
Result<DhtItem> TakeItem(JsonFields& fields);

void WriteItem(JsonWriter& json, const DhtItem& item);

}  // namespace plasm::discovery
