// The random numbers of profile plasm-det-1: the ChaCha20 key stream of RFC 8439.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace plasm::wasi {

class ChaCha20 {
 public:
  // The stream for `key` with a nonce of zeros, from block 0. The block counter is 64 bits
  // wide: it runs on into the first nonce word after 2^32 blocks.
  explicit ChaCha20(std::span<const std::byte, 32> key);

  // The next out.size() bytes of the stream, whatever the sizes asked for before.
  void Fill(std::span<std::byte> out);

  // RFC 8439, 2.3: one block from a state of key, counter and nonce words.
  static void Block(const std::array<std::uint32_t, 16>& state, std::span<std::byte, 64> out);

 private:
  std::array<std::uint32_t, 16> state_;
  std::array<std::byte, 64> block_{};
  std::size_t used_ = 64;  // bytes of block_ that have been handed out
};

}  // namespace plasm::wasi
