#include "wasi/chacha20.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace plasm::wasi {
namespace {

using Words = std::array<std::uint32_t, 16>;

std::uint32_t LoadLittle(const std::byte* at) {
  std::uint32_t word = 0;
  for (int i = 3; i >= 0; --i) word = word << 8 | std::to_integer<std::uint32_t>(at[i]);
  return word;
}

void StoreLittle(std::uint32_t word, std::byte* at) {
  for (int i = 0; i < 4; ++i) at[i] = static_cast<std::byte>(word >> (8 * i));
}

void QuarterRound(Words& x, std::size_t a, std::size_t b, std::size_t c, std::size_t d) {
  x[a] += x[b];
  x[d] = std::rotl(x[d] ^ x[a], 16);
  x[c] += x[d];
  x[b] = std::rotl(x[b] ^ x[c], 12);
  x[a] += x[b];
  x[d] = std::rotl(x[d] ^ x[a], 8);
  x[c] += x[d];
  x[b] = std::rotl(x[b] ^ x[c], 7);
}

}  // namespace

ChaCha20::ChaCha20(std::span<const std::byte, 32> key)
    : state_{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574} {
  for (std::size_t i = 0; i < 8; ++i) state_[4 + i] = LoadLittle(key.data() + 4 * i);
}

void ChaCha20::Fill(std::span<std::byte> out) {
  while (!out.empty()) {
    if (used_ == block_.size()) {
      Block(state_, block_);
      if (++state_[12] == 0) ++state_[13];
      used_ = 0;
    }
    const std::size_t count = std::min(out.size(), block_.size() - used_);
    std::memcpy(out.data(), block_.data() + used_, count);
    used_ += count;
    out = out.subspan(count);
  }
}

void ChaCha20::Block(const Words& state, std::span<std::byte, 64> out) {
  Words x = state;
  for (int round = 0; round < 10; ++round) {
    QuarterRound(x, 0, 4, 8, 12);
    QuarterRound(x, 1, 5, 9, 13);
    QuarterRound(x, 2, 6, 10, 14);
    QuarterRound(x, 3, 7, 11, 15);
    QuarterRound(x, 0, 5, 10, 15);
    QuarterRound(x, 1, 6, 11, 12);
    QuarterRound(x, 2, 7, 8, 13);
    QuarterRound(x, 3, 4, 9, 14);
  }
  for (std::size_t i = 0; i < x.size(); ++i) StoreLittle(x[i] + state[i], out.data() + 4 * i);
}

}  // namespace plasm::wasi
