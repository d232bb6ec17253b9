#include "discovery/browse_line.h"

#include <algorithm>
#include <array>

#include "discovery/protocol/peer_address.h"

namespace plasm::discovery {
namespace {

constexpr std::size_t kMaxNameBytes = 63;

// =;eth0;IPv4;name;_plasm._tcp;local;host.local;192.0.2.7;7420;"v=1" "id=…"
enum Field : std::size_t { kEvent, kType = 4, kAddress = 7, kPort = 8, kText = 9, kFields = 10 };

bool SplitFields(std::string_view line, std::array<std::string_view, kFields>& fields) {
  for (std::size_t i = 0; i + 1 < kFields; ++i) {
    const std::size_t end = line.find(';');
    if (end == std::string_view::npos) return false;
    fields[i] = line.substr(0, end);
    line.remove_prefix(end + 1);
  }
  fields[kText] = line;  // semicolons in it are its own
  return true;
}

// What stands between quotes. None of what is looked for has to be escaped.
std::vector<std::string_view> QuotedWords(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t begin = text.find('"');
    if (begin == std::string_view::npos) return words;
    std::size_t end = begin + 1;
    while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
    if (end >= text.size()) return words;
    words.push_back(text.substr(begin + 1, end - begin - 1));
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::optional<Hint> ParseBrowseLine(std::string_view line) {
  std::array<std::string_view, kFields> fields;
  if (line.size() > kMaxBrowseLineBytes || !SplitFields(line, fields)) return std::nullopt;
  if (fields[kEvent] != "=" || fields[kType] != kServiceType) return std::nullopt;
  const std::string host(fields[kAddress]);
  const bool v6 = host.find(':') != std::string::npos;
  const auto address =
      PeerAddress::Parse((v6 ? "[" + host + "]:" : host + ":") + std::string(fields[kPort]));
  if (!address || address->host.starts_with("fe80:")) return std::nullopt;
  Hint hint{.endpoint = {.host = address->host, .port = address->port}, .origin = HintOrigin::kLan};
  bool right_version = false;
  constexpr std::string_view kIdentity = "id=";
  for (const std::string_view word : QuotedWords(fields[kText])) {
    right_version = right_version || word == "v=1";
    if (!word.starts_with(kIdentity)) continue;
    const auto key = crypto::PublicKey::FromHex(word.substr(kIdentity.size()));
    if (!key) return std::nullopt;
    hint.identity = *key;
  }
  return right_version ? std::optional(std::move(hint)) : std::nullopt;
}

std::vector<std::string> ServiceText(const crypto::PublicKey& identity, std::uint64_t version) {
  return {"v=1", "id=" + identity.ToHex(), "card=" + std::to_string(version)};
}

std::string ServiceName(std::string_view card_name) {
  std::size_t size = std::min(card_name.size(), kMaxNameBytes);
  // Not in the middle of a character.
  while (size > 0 && size < card_name.size() &&
         (static_cast<unsigned char>(card_name[size]) & 0xc0) == 0x80) {
    --size;
  }
  return std::string(card_name.substr(0, size));
}

}  // namespace plasm::discovery
