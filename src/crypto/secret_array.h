// Bytes on the stack that hold a secret for a moment.
#pragma once

#include <sodium/utils.h>

#include <array>
#include <cstddef>

namespace plasm::crypto {

// Wiped when the object ends. Not copied, not moved.
template <std::size_t N>
struct SecretArray {
  SecretArray() = default;
  SecretArray(const SecretArray&) = delete;
  SecretArray& operator=(const SecretArray&) = delete;
  ~SecretArray() { sodium_memzero(bytes.data(), bytes.size()); }

  std::array<std::byte, N> bytes{};
};

}  // namespace plasm::crypto
