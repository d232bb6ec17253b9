#pragma once

#include <cstdint>

namespace plasm::wasi {

// kDet1: spec/profile-det-1.md. kLive: the same, with the machine's clock and randomness.
enum class Profile : std::uint8_t { kDet1, kLive };

}  // namespace plasm::wasi
