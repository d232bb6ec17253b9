#include <gtest/gtest.h>

#include <string>

#include "discovery/protocol/dht_command.h"
#include "discovery/protocol/dht_event.h"
#include "discovery/protocol/lines.h"

namespace plasm::discovery {
namespace {

Bytes BytesOf(std::string_view text) {
  const ByteView view = AsBytes(text);
  return Bytes(view.begin(), view.end());
}

DhtItem SomeItem() {
  DhtItem item;
  item.key.bytes.fill(std::byte{1});
  item.salt = "plasm-node-1";
  item.seq = kMaxItemSeq;
  item.value = BytesOf(std::string_view("v\0\xff", 3));
  item.signature.bytes.fill(std::byte{2});
  return item;
}

std::string WithoutLineFeed(std::string line) {
  EXPECT_TRUE(line.ends_with('\n'));
  line.pop_back();
  EXPECT_EQ(line.find('\n'), std::string::npos);
  return line;
}

TEST(AnnounceKeyTest, IsThePrefixOfADigestThatAnybodyCanTake) {
  // printf 'plasm capability v1\narch=x86_64' | sha256sum | cut -c1-40
  EXPECT_EQ(AnnounceKeyOf("arch=x86_64").ToHex(), "a77ab0e5dbecbf14d1c285685c3cd2df277cb93a");
  EXPECT_EQ(AnnounceKeyOf("node").ToHex(), "046d1b4ef8472cfad6e55771fe5b4d64e4a4a0ae");
}

TEST(PeerAddressTest, HasOneSpelling) {
  EXPECT_EQ(PeerAddress::Parse("192.0.2.7:7420")->ToString(), "192.0.2.7:7420");
  EXPECT_EQ(PeerAddress::Parse("[2001:DB8:0::7]:1")->ToString(), "[2001:db8::7]:1");
  for (const char* text :
       {"", ":", "192.0.2.7", "192.0.2.7:0", "192.0.2.7:65536", "a.example:1", "192.0.2.7:01",
        "[192.0.2.7]:1", "2001:db8::7:1", "[]:1", "[fe80::1%eth0]:1", "127.1:1", " 192.0.2.7:1"}) {
    EXPECT_FALSE(PeerAddress::Parse(text)) << text;
  }
}

TEST(DhtCommandTest, EveryCommandComesBackAsItWasWritten) {
  const DhtItem item = SomeItem();
  const AnnounceKey target = AnnounceKeyOf("node");
  for (const DhtCommand& command :
       {DhtCommand(PutItem{item}), DhtCommand(GetItem{item.key, item.salt}),
        DhtCommand(Announce{target, 7420}), DhtCommand(FindPeers{target}), DhtCommand(ListNodes{}),
        DhtCommand(MapPort{65535})}) {
    const std::string line = WithoutLineFeed(SerializeDhtCommand(command));
    EXPECT_LE(line.size(), kMaxCommandBytes);
    const auto read = ParseDhtCommand(AsBytes(line));
    ASSERT_TRUE(read) << line << ": " << read.error().message;
    EXPECT_EQ(*read, command) << line;
  }
}

TEST(DhtCommandTest, RefusesWhatTheTextDoesNotName) {
  const std::string key(64, '1');
  for (const std::string& line :
       {std::string(""), std::string("{}"), std::string(R"({"do":"quit"})"),
        std::string(R"({"do":"nodes","more":1})"), std::string(R"({"do":"map","port":0})"),
        std::string(R"({"do":"map","port":65536})"), std::string(R"({"do":"map","port":"1"})"),
        std::string(R"({"do":"find","target":"00"})"), R"({"do":"get","key":")" + key + R"("})",
        R"({"do":"get","key":")" + key + R"(","salt":"a\nb"})",
        R"({"do":"get","key":")" + key + R"(","salt":")" + std::string(65, 'a') + R"("})"}) {
    EXPECT_FALSE(ParseDhtCommand(AsBytes(line))) << line;
  }
}

TEST(DhtCommandTest, RefusesAnItemThatTheDhtWouldDropInSilence) {
  DhtItem item = SomeItem();
  item.value.assign(kMaxItemBytes, std::byte{'a'});
  EXPECT_TRUE(ParseDhtCommand(AsBytes(WithoutLineFeed(SerializeDhtCommand(PutItem{item})))));
  item.value.push_back(std::byte{'a'});
  EXPECT_FALSE(ParseDhtCommand(AsBytes(WithoutLineFeed(SerializeDhtCommand(PutItem{item})))));
}

TEST(DhtEventTest, EveryEventComesBackAsItWasWritten) {
  const DhtItem item = SomeItem();
  const std::vector<PeerAddress> peers{{"192.0.2.7", 1}, {"2001:db8::7", 65535}};
  for (const DhtEvent& event :
       {DhtEvent(DhtReady{peers}), DhtEvent(DhtJoined{}), DhtEvent(ItemStored{item.key, 7, 0}),
        DhtEvent(ItemFound{item, true}), DhtEvent(ItemAbsent{item.key, item.salt}),
        DhtEvent(PeersFound{AnnounceKeyOf("node"), peers}), DhtEvent(NodesKnown{{}}),
        DhtEvent(PortMapped{1, 2}), DhtEvent(CommandRefused{"no"})}) {
    const std::string line = WithoutLineFeed(SerializeDhtEvent(event));
    const auto read = ParseDhtEvent(AsBytes(line));
    ASSERT_TRUE(read) << line << ": " << read.error().message;
    EXPECT_EQ(*read, event) << line;
  }
}

TEST(DhtEventTest, RefusesMorePeersThanOneAnswerMayHave) {
  PeersFound found{AnnounceKeyOf("node"), {}};
  found.peers.assign(kMaxPeersInEvent, {"255.255.255.255", 65535});
  const std::string line = WithoutLineFeed(SerializeDhtEvent(found));
  EXPECT_LE(line.size(), kMaxEventBytes);
  EXPECT_TRUE(ParseDhtEvent(AsBytes(line)));
  found.peers.push_back({"192.0.2.7", 1});
  EXPECT_FALSE(ParseDhtEvent(AsBytes(WithoutLineFeed(SerializeDhtEvent(found)))));
}

TEST(DhtEventTest, AMessageCanNeitherForgeLinesNorSteerATerminal) {
  const auto read = ParseDhtEvent(AsBytes(R"({"event":"refused","message":"a\u001b[2J\nb"})"));
  ASSERT_TRUE(read);
  EXPECT_EQ(std::get<CommandRefused>(*read).message, "a [2J b");
}

TEST(LineSplitterTest, GivesLinesHoweverTheyCome) {
  LineSplitter lines(4);
  lines.Feed(AsBytes("a"));
  EXPECT_FALSE(*lines.Next());
  lines.Feed(AsBytes("b\n\ncd\ne"));
  EXPECT_EQ(**lines.Next(), "ab");
  EXPECT_EQ(**lines.Next(), "");
  EXPECT_EQ(**lines.Next(), "cd");
  EXPECT_FALSE(*lines.Next());
  lines.Feed(AsBytes("fgh\n"));
  EXPECT_EQ(**lines.Next(), "efgh");
}

TEST(LineSplitterTest, RefusesALineThatIsTooLongBeforeItEnds) {
  LineSplitter lines(4);
  lines.Feed(AsBytes("abcde"));
  EXPECT_FALSE(lines.Next());
  lines.Feed(AsBytes("\n"));
  EXPECT_FALSE(lines.Next());
}

}  // namespace
}  // namespace plasm::discovery
