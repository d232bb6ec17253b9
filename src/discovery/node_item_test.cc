#include "discovery/node_item.h"

#include <gtest/gtest.h>

#include <string>

#include "trust/testing/cards.h"

namespace plasm::discovery {
namespace {

using trust::testing::KeyFrom;
using trust::testing::Time;

const UtcTime kNow = Time("2026-06-01T12:00:00Z");
constexpr std::uint64_t kSeq = 1'780'315'200'000'000;  // kNow in microseconds

NodeItem SomeItem() {
  return {
      .card = Sha256Of(AsBytes("card")),
      .version = 7,
      .expires = Time("2026-06-01T14:00:00Z"),
      .endpoints = {{.host = "node.example", .port = 7420}, {.host = "2001:db8::7", .port = 1}}};
}

TEST(NodeItemTest, ComesBackAsItWasSigned) {
  ItemReader reader;
  const auto read = reader.Accept(SignNodeItem(SomeItem(), kSeq, KeyFrom(1)), kNow);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, SomeItem());
}

TEST(NodeItemTest, IsSignedAsTheDhtWantsIt) {
  // BEP 44, the test vector of a mutable item with a salt.
  const std::string value = "Hello World!";
  EXPECT_EQ(AsText(SignedBytesOf("foobar", 1, AsBytes(value))),
            "4:salt6:foobar3:seqi1e1:v12:Hello World!");
}

TEST(NodeItemTest, WithdrawsWithoutEndpoints) {
  NodeItem item = SomeItem();
  item.endpoints.clear();
  const auto read = ParseNodeItem(AsBytes(SerializeNodeItem(item)));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->endpoints.empty());
}

TEST(NodeItemTest, LeavesOutEndpointsThatDoNotFit) {
  NodeItem item = SomeItem();
  item.endpoints.assign(
      20, {.host = std::string(60, 'a') + "." + std::string(60, 'b') + ".example", .port = 65535});
  const std::string value = SerializeNodeItem(item);
  EXPECT_LE(value.size(), kMaxItemBytes);
  const auto read = ParseNodeItem(AsBytes(value));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_GE(read->endpoints.size(), 4u);
  EXPECT_LE(read->endpoints.size(), kMaxItemEndpoints);
}

TEST(NodeItemTest, RefusesWhatTheTextDoesNotName) {
  const std::string good = SerializeNodeItem(SomeItem());
  ASSERT_TRUE(ParseNodeItem(AsBytes(good)));
  using trust::testing::With;
  for (const std::string& bad :
       {std::string(), std::string("{}"), With(good, "node-item:v1", "node-item:v2"),
        With(good, "\"version\":7", "\"version\":0"),
        With(good, "\"version\":7", "\"version\":\"7\""),
        With(good, "{\"type\"", "{\"more\":1,\"type\""), With(good, "https://node", "http://node"),
        With(good, "https://node.example:7420", "unix:/tmp/socket"),
        With(good, "2026-06-01T14", "2026-06-01 14"),
        With(good, "\"card\":\"", "\"card\":\"sha256:")}) {
    EXPECT_NE(bad, good);
    EXPECT_FALSE(ParseNodeItem(AsBytes(bad))) << bad;
  }
}

TEST(ItemReaderTest, RefusesAForgery) {
  ItemReader reader;
  const DhtItem good = SignNodeItem(SomeItem(), kSeq, KeyFrom(1));
  DhtItem other_key = good;
  other_key.key = trust::testing::PublicFrom(2);
  DhtItem other_seq = good;
  ++other_seq.seq;
  DhtItem other_value = good;
  other_value.value.back() = std::byte{' '};
  DhtItem other_salt = good;
  other_salt.salt = "plasm-node-2";
  for (const DhtItem& bad : {other_key, other_seq, other_value, other_salt}) {
    EXPECT_FALSE(reader.Accept(bad, kNow));
  }
  EXPECT_TRUE(reader.Accept(good, kNow));
}

TEST(ItemReaderTest, RefusesARollback) {
  ItemReader reader;
  const DhtItem old = SignNodeItem(SomeItem(), kSeq, KeyFrom(1));
  NodeItem newer = SomeItem();
  newer.endpoints.clear();
  ASSERT_TRUE(reader.Accept(old, kNow));
  ASSERT_TRUE(reader.Accept(old, kNow)) << "the same again is no rollback";
  const auto other = reader.Accept(SignNodeItem(newer, kSeq, KeyFrom(1)), kNow);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kConflict);
  ASSERT_TRUE(reader.Accept(SignNodeItem(newer, kSeq + 1, KeyFrom(1)), kNow));
  EXPECT_FALSE(reader.Accept(old, kNow));
  EXPECT_TRUE(reader.Accept(SignNodeItem(SomeItem(), kSeq, KeyFrom(2)), kNow))
      << "of another key nothing was accepted";
}

TEST(ItemReaderTest, WhatIsRefusedIsNotRemembered) {
  ItemReader reader;
  NodeItem expired = SomeItem();
  expired.expires = Time("2026-06-01T11:59:59Z");
  EXPECT_FALSE(reader.Accept(SignNodeItem(expired, kSeq + 1, KeyFrom(1)), kNow));
  EXPECT_TRUE(reader.Accept(SignNodeItem(SomeItem(), kSeq, KeyFrom(1)), kNow));
}

TEST(ItemReaderTest, RefusesItemsOfAnotherTime) {
  NodeItem long_lived = SomeItem();
  long_lived.expires = Time("2026-06-02T12:00:00.001Z");
  EXPECT_FALSE(ItemReader().Accept(SignNodeItem(long_lived, kSeq, KeyFrom(1)), kNow));
  constexpr std::uint64_t kFiveMinutes = 300'000'000;
  EXPECT_TRUE(ItemReader().Accept(SignNodeItem(SomeItem(), kSeq + kFiveMinutes, KeyFrom(1)), kNow));
  EXPECT_FALSE(
      ItemReader().Accept(SignNodeItem(SomeItem(), kSeq + kFiveMinutes + 1000, KeyFrom(1)), kNow));
}

TEST(NodeItemTest, SequenceNumbersGrowWhateverTheClockDoes) {
  EXPECT_EQ(NextSeq(5'000, 0), 5u);
  EXPECT_EQ(NextSeq(5'000, 5), 6u);
  EXPECT_EQ(NextSeq(1'000, 100), 101u);
}

}  // namespace
}  // namespace plasm::discovery
