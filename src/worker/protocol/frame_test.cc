#include "worker/protocol/frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

namespace plasm::worker {
namespace {

using ::testing::HasSubstr;

Bytes Header(std::uint32_t length, std::uint32_t type) {
  Bytes bytes;
  for (const std::uint32_t word : {length, type}) {
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(std::byte(word >> shift));
  }
  return bytes;
}

TEST(FrameTest, IsALengthATypeAndThePayload) {
  Bytes bytes;
  AppendFrame(bytes, FrameType::kOutput, AsBytes("abc"));
  EXPECT_EQ(AsText(bytes), std::string_view("\3\0\0\0\x42\0\0\0abc", 11));
}

TEST(FrameReaderTest, CutsAStreamThatComesByteByByte) {
  Bytes stream;
  AppendFrame(stream, FrameType::kStdin, AsBytes("first"));
  AppendFrame(stream, FrameType::kReady, {});
  AppendFrame(stream, FrameType::kEnded, AsBytes("third"));
  FrameReader reader;
  std::vector<std::pair<FrameType, std::string>> seen;
  for (const std::byte byte : stream) {
    reader.Append(std::array{byte});
    while (true) {
      const auto frame = reader.Next();
      ASSERT_TRUE(frame);
      if (!*frame) break;
      seen.emplace_back((*frame)->type, AsText((*frame)->payload));
    }
  }
  EXPECT_EQ(seen, (std::vector<std::pair<FrameType, std::string>>{{FrameType::kStdin, "first"},
                                                                  {FrameType::kReady, ""},
                                                                  {FrameType::kEnded, "third"}}));
  EXPECT_EQ(reader.buffered_bytes(), 0u);
}

TEST(FrameReaderTest, TakesThePayloadOfTheLargestSize) {
  const Bytes payload(kMaxPayloadBytes, std::byte{7});
  Bytes stream;
  AppendFrame(stream, FrameType::kOutput, payload);
  FrameReader reader;
  reader.Append(stream);
  const auto frame = reader.Next();
  ASSERT_TRUE(frame && *frame);
  EXPECT_EQ((*frame)->payload.size(), kMaxPayloadBytes);
}

TEST(FrameReaderTest, RefusesALargerPayloadByItsHeaderAlone) {
  for (const std::uint32_t length : {std::uint32_t{kMaxPayloadBytes} + 1, 0xffffffffu}) {
    FrameReader reader;
    reader.Append(Header(length, 66));
    const auto frame = reader.Next();
    ASSERT_FALSE(frame);
    EXPECT_EQ(frame.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(frame.error().message, HasSubstr(std::to_string(length)));
  }
}

TEST(FrameReaderTest, KnowsExactlyItsTypes) {
  int known = 0;
  for (std::uint32_t type = 0; type < 0x300; ++type) {
    FrameReader reader;
    reader.Append(Header(0, type));
    const auto frame = reader.Next();
    const bool expected = (type >= 1 && type <= 6) || (type >= 64 && type <= 73);
    EXPECT_EQ(frame.has_value(), expected) << type;
    known += frame.has_value() ? 1 : 0;
    if (frame) continue;
    EXPECT_EQ(frame.error().code, ErrorCode::kCorrupt);
  }
  EXPECT_EQ(known, 16);
}

TEST(FrameReaderTest, RefusesBytesThatMustBeZero) {
  for (const std::uint32_t type : {66u | 1u << 8, 66u | 1u << 16, 66u | 1u << 24}) {
    FrameReader reader;
    reader.Append(Header(0, type));
    EXPECT_FALSE(reader.Next()) << type;
  }
}

TEST(FrameReaderTest, KeepsNoMoreThanWhatIsUnread) {
  FrameReader reader;
  Bytes stream;
  AppendFrame(stream, FrameType::kOutput, Bytes(100'000, std::byte{1}));
  for (int i = 0; i < 1000; ++i) {
    reader.Append(stream);
    ASSERT_TRUE(*reader.Next());
    ASSERT_EQ(reader.buffered_bytes(), 0u);
  }
}

// Two streams interleaved in pieces that never end where a frame does.
TEST(FrameReaderTest, GoesOnAcrossItsOwnClearingUp) {
  Bytes stream;
  for (int i = 0; i < 200; ++i) {
    AppendFrame(stream, FrameType::kFileData, Bytes(70'001, static_cast<std::byte>(i)));
  }
  FrameReader reader;
  int frames = 0;
  for (std::size_t at = 0; at < stream.size(); at += 65'537) {
    reader.Append(ByteView(stream).subspan(at, std::min<std::size_t>(65'537, stream.size() - at)));
    while (true) {
      const auto frame = reader.Next();
      ASSERT_TRUE(frame);
      if (!*frame) break;
      ASSERT_EQ((*frame)->payload.size(), 70'001u);
      ASSERT_EQ((*frame)->payload.front(), static_cast<std::byte>(frames));
      ASSERT_EQ((*frame)->payload.back(), static_cast<std::byte>(frames));
      ++frames;
    }
  }
  EXPECT_EQ(frames, 200);
}

}  // namespace
}  // namespace plasm::worker
