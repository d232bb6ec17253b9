#include "wasi/chacha20.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/bytes.h"

namespace plasm::wasi {
namespace {

std::string Hex(ByteView bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::byte b : bytes) {
    text += kDigits[std::to_integer<unsigned>(b) >> 4];
    text += kDigits[std::to_integer<unsigned>(b) & 15];
  }
  return text;
}

std::array<std::byte, 32> CountingKey() {
  std::array<std::byte, 32> key;
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::byte>(i);
  return key;
}

TEST(ChaCha20Test, ComputesTheBlockOfRfc8439Section232) {
  const std::array<std::uint32_t, 16> state = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574,
                                               0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c,
                                               0x13121110, 0x17161514, 0x1b1a1918, 0x1f1e1d1c,
                                               0x00000001, 0x09000000, 0x4a000000, 0x00000000};
  std::array<std::byte, 64> block;
  ChaCha20::Block(state, block);
  EXPECT_EQ(Hex(block),
            "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e"
            "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e");
}

TEST(ChaCha20Test, StartsAtBlockZeroWithANonceOfZeros) {
  // RFC 8439, appendix A.1, vectors 1 and 2.
  ChaCha20 stream(std::array<std::byte, 32>{});
  std::vector<std::byte> bytes(128);
  stream.Fill(bytes);
  EXPECT_EQ(Hex(bytes),
            "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
            "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586"
            "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed"
            "29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f");
}

TEST(ChaCha20Test, GivesTheSameStreamWhateverTheSizesAskedFor) {
  std::vector<std::byte> whole(300);
  ChaCha20(CountingKey()).Fill(whole);
  ChaCha20 stream(CountingKey());
  std::vector<std::byte> pieces(300);
  std::size_t at = 0;
  for (std::size_t size = 0; at < pieces.size(); ++size) {
    const std::size_t count = std::min(size, pieces.size() - at);
    stream.Fill(std::span(pieces).subspan(at, count));
    at += count;
  }
  EXPECT_EQ(pieces, whole);
}

}  // namespace
}  // namespace plasm::wasi
