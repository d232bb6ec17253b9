// The members of a card out of JSON. Errors are kInvalid and name the member. What a value must
// keep to beyond its type is asked by CheckNodeCard (node_card.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json_reader.h"
#include "base/result.h"
#include "base/utc_time.h"
#include "trust/node_card.h"

namespace plasm::trust {

Result<crypto::PublicKey> TakeKey(JsonFields& fields, std::string_view name);
Result<UtcTime> TakeTime(JsonFields& fields, std::string_view name);
Result<std::vector<std::string>> TakeTexts(JsonFields& fields, std::string_view name);

Result<std::vector<NodeKey>> TakeNodeKeys(JsonFields& card);
Result<std::vector<RevokedKey>> TakeRevokedKeys(JsonFields& card);
Result<Capabilities> TakeCapabilities(JsonFields& card);

}  // namespace plasm::trust
