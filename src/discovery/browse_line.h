// Services of the local network as avahi-browse prints them (spec/discovery.md section 5). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "discovery/hint.h"

namespace plasm::discovery {

inline constexpr std::string_view kServiceType = "_plasm._tcp";
inline constexpr std::size_t kMaxBrowseLineBytes = 8 << 10;

// A hint from a line of `avahi-browse --parsable --resolve`; nothing for lines of other kinds, of
// other services, of addresses with a scope, and whatever is not as it should be: anybody on the
// network may say anything.
std::optional<Hint> ParseBrowseLine(std::string_view line);

// The TXT of a service.
std::vector<std::string> ServiceText(const crypto::PublicKey& identity, std::uint64_t version);

// The name of a service: that of the card, cut to the 63 bytes that DNS has room for.
std::string ServiceName(std::string_view card_name);

}  // namespace plasm::discovery
