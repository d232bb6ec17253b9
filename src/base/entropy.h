// Randomness, injected: only main() makes the real one.
#pragma once

#include <cstddef>
#include <span>

namespace plasm {

// Thread-safe.
class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual void Fill(std::span<std::byte> out) noexcept = 0;
};

// The kernel's generator. Aborts when it fails: there is no safe way on without it.
class SystemEntropy final : public Entropy {
 public:
  void Fill(std::span<std::byte> out) noexcept override;
};

}  // namespace plasm
