#include "net/chunk_decoder.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>

namespace plasm::net {
namespace {

// The body, when all of the text is one, read with that much room and input at a time.
std::optional<std::string> Decode(std::string_view text, std::size_t input = 1000,
                                  std::size_t room = 1000) {
  ChunkDecoder decoder;
  std::string body;
  std::array<std::byte, 1000> out;
  while (!text.empty() && !decoder.done()) {
    const auto step = decoder.Decode(AsBytes(text.substr(0, input)), std::span(out).first(room));
    if (!step) return std::nullopt;
    body.append(AsText(std::span(out).first(step->written)));
    text.remove_prefix(step->consumed);
  }
  return decoder.done() ? std::optional(body) : std::nullopt;
}

TEST(ChunkDecoderTest, GivesTheSameBodyHoweverItComes) {
  const std::string text =
      "3\r\nabc\r\nA;x=\"y\"\r\n0123456789\r\n0d\r\n\r\n3\r\nabc\r\n0\r\n\r\n0\r\nX: "
      "y\r\nZ:\r\n\r\n";
  const std::string body = "abc0123456789\r\n3\r\nabc\r\n0\r\n";
  for (const std::size_t input : {1u, 2u, 3u, 7u, 1000u}) {
    for (const std::size_t room : {1u, 2u, 5u, 1000u}) {
      EXPECT_EQ(Decode(text, input, room), body) << input << " " << room;
    }
  }
}

TEST(ChunkDecoderTest, TakesNothingBehindTheBody) {
  ChunkDecoder decoder;
  std::array<std::byte, 10> out;
  const auto step = decoder.Decode(AsBytes("0\r\n\r\nGET"), out);
  ASSERT_TRUE(step);
  EXPECT_EQ(step->consumed, 5u);
  EXPECT_TRUE(decoder.done());
}

TEST(ChunkDecoderTest, RefusesEverythingElse) {
  for (const std::string_view text : {"\r\n",
                                      "x\r\n",
                                      "-1\r\n",
                                      "+1\r\n",
                                      " 1\r\n",
                                      "1 \r\n",
                                      "0x1\r\n",
                                      "1\n",
                                      "1\r\r\n",
                                      "1\r\na\n",
                                      "1\r\nab\r\n",
                                      "1;\x01\r\n",
                                      "1;a\nb\r\n",
                                      "0\r\n X: y\r\n\r\n",
                                      "0\r\nX: \x01\r\n\r\n",
                                      "0\r\nX\ny\r\n\r\n",
                                      "0\r\n\rx",
                                      "8000000000000000\r\n",
                                      "10000000000000000\r\n",
                                      "00000000000000001\r\n"}) {
    EXPECT_EQ(Decode(text), std::nullopt) << text;
    EXPECT_EQ(Decode(text, 1, 1), std::nullopt) << text;
  }
}

TEST(ChunkDecoderTest, OverheadIsBounded) {
  EXPECT_TRUE(Decode("1;" + std::string(4000, 'x') + "\r\na\r\n0\r\n\r\n"));
  EXPECT_FALSE(Decode("1;" + std::string(5000, 'x') + "\r\na\r\n0\r\n\r\n"));
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "1;xxxx\r\na\r\n";
  EXPECT_FALSE(Decode(many + "0\r\n\r\n"));
}

}  // namespace
}  // namespace plasm::net
