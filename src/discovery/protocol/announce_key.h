// The keys under which nodes are announced in the DHT (spec/discovery.md section 2).
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plasm::discovery {

struct AnnounceKey {
  static constexpr std::size_t kSize = 20;
  std::array<std::byte, kSize> bytes{};

  friend auto operator<=>(const AnnounceKey&, const AnnounceKey&) = default;

  std::string ToHex() const;
  // kInvalid unless text is exactly what ToHex produces for some key.
  static Result<AnnounceKey> FromHex(std::string_view text);
};

// That of a capability, as in "arch=x86_64".
AnnounceKey AnnounceKeyOf(std::string_view capability);

}  // namespace plasm::discovery
