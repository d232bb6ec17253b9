// Where a node may be, by the word of a stranger (spec/discovery.md section 1).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "crypto/ed25519.h"
#include "net/endpoint.h"

namespace plasm::discovery {

enum class HintOrigin { kList, kDht, kLan };

// As people and JSON see it: "list", "dht", "lan".
std::string_view HintOriginName(HintOrigin origin);

struct Hint {
  net::Endpoint endpoint;  // of the kind kTls
  HintOrigin origin = HintOrigin::kList;
  std::optional<crypto::PublicKey> identity{};
  // Of a card that the identity has signed for (NodeItem); older ones are not taken from there.
  std::optional<std::uint64_t> signed_version{};

  friend bool operator==(const Hint&, const Hint&) = default;
};

}  // namespace plasm::discovery
