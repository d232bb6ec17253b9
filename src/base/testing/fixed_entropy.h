// For tests: "random" bytes that are the same in every run.
#pragma once

#include "base/entropy.h"

namespace plasm::testing {

// Counts upwards from `first`, on across calls. One thread at a time.
class FixedEntropy final : public Entropy {
 public:
  explicit FixedEntropy(unsigned char first = 0) : next_(first) {}
  void Fill(std::span<std::byte> out) noexcept override {
    for (std::byte& b : out) b = std::byte{next_++};
  }

 private:
  unsigned char next_;
};

}  // namespace plasm::testing
