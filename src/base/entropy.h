// Randomness, injected: only main() makes the real one.
#pragma once

#include <array>
#include <cstddef>
#include <mutex>
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

// Takes 4 KiB at a time from another generator, which outlives it: for many names that must not
// be guessed, at a tenth of the price. Not for keys, as what has not been given out yet lies in
// memory (what has is wiped). Not across a fork: both processes would go on with the same bytes.
class BufferedEntropy final : public Entropy {
 public:
  explicit BufferedEntropy(Entropy& source) : source_(source) {}
  void Fill(std::span<std::byte> out) noexcept override;

 private:
  Entropy& source_;
  std::mutex mutex_;
  std::array<std::byte, 4096> bytes_{};
  std::size_t left_ = 0;  // at the end of bytes_
};

}  // namespace plasm
