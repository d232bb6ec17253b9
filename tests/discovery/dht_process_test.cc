#include "discovery/dht_process.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>

#include "dht_fixture.h"
#include "discovery/node_item.h"
#include "trust/testing/cards.h"

namespace plasm::discovery {
namespace {

using trust::testing::KeyFrom;
using trust::testing::PublicFrom;

class DhtProcessTest : public testing::DhtTest {
 protected:
  NodeItem ItemNow(std::vector<net::Endpoint> endpoints = {{.host = "node.example"}}) {
    return {.card = Sha256Of(AsBytes("card")),
            .version = 7,
            .expires = UtcTime::FromNanoseconds(clock_.RealtimeNs() + 7200'000'000'000),
            .endpoints = std::move(endpoints)};
  }
  DhtItem Signed(std::uint64_t seq, unsigned char key = 1) {
    return SignNodeItem(ItemNow(), seq, KeyFrom(key));
  }
};

TEST_F(DhtProcessTest, ProcessesFindEachOthersItemsAndAnnouncements) {
  DhtProcess first(SettingsOf({}), clock_);
  const std::string at = Listening(first);
  DhtProcess second(SettingsOf({at}), clock_);
  DhtProcess third(SettingsOf({at}), clock_);
  ASSERT_TRUE(Until<DhtJoined>(second));
  ASSERT_TRUE(Until<DhtJoined>(third));
  ASSERT_TRUE(Until<DhtJoined>(first));

  const DhtItem item = Signed(NextSeq(clock_.RealtimeNs(), 0));
  second.Send(PutItem{item});
  const auto stored = Until<ItemStored>(second);
  ASSERT_TRUE(stored);
  EXPECT_GT(stored->copies, 0u);
  EXPECT_EQ(stored->seq, item.seq);
  third.Send(GetItem{item.key, item.salt});
  const auto found = Until<ItemFound>(third);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->item, item);
  ItemReader reader;
  EXPECT_TRUE(reader.Accept(found->item, UtcTime::FromNanoseconds(clock_.RealtimeNs())));

  // Many at once, all of which arrive.
  constexpr std::uint16_t kMany = 20;
  for (std::uint16_t i = 0; i < kMany; ++i) {
    second.Send(Announce{AnnounceKeyOf("label.n=" + std::to_string(i)), 7420});
  }
  for (std::uint16_t i = 0; i < kMany; ++i) {
    // An announcement arrives a moment after it was made: who asks before asks again.
    const AnnounceKey target = AnnounceKeyOf("label.n=" + std::to_string(i));
    bool found_it = false;
    const std::uint64_t end_ns = clock_.MonotonicNs() + testing::kLongNs;
    while (!found_it && clock_.MonotonicNs() < end_ns) {
      third.Send(FindPeers{target});
      while (const auto event = third.Next(200'000'000, -1)) {
        const auto* answer = std::get_if<PeersFound>(&*event);
        found_it = found_it || (answer != nullptr && answer->target == target &&
                                std::ranges::find(answer->peers, PeerAddress{"127.0.0.1", 7420}) !=
                                    answer->peers.end());
        if (found_it) break;
      }
    }
    EXPECT_TRUE(found_it) << i;
  }
}

TEST_F(DhtProcessTest, AnItemNeitherGoesBackNorIsForged) {
  DhtProcess first(SettingsOf({}), clock_);
  const std::string at = Listening(first);
  DhtProcess second(SettingsOf({at}), clock_);
  ASSERT_TRUE(Until<DhtJoined>(second));
  const DhtItem item = Signed(1000);
  second.Send(PutItem{item});
  ASSERT_GT(Until<ItemStored>(second)->copies, 0u);
  second.Send(PutItem{Signed(999)});
  EXPECT_EQ(Until<ItemStored>(second)->copies, 0u);
  DhtItem forged = Signed(1001);
  forged.signature.bytes[0] ^= std::byte{1};
  second.Send(PutItem{forged});
  EXPECT_EQ(Until<ItemStored>(second)->copies, 0u);
  first.Send(GetItem{item.key, item.salt});
  EXPECT_EQ(Until<ItemFound>(first)->item, item);
  first.Send(GetItem{PublicFrom(9), item.salt});
  EXPECT_EQ(Until<ItemAbsent>(first)->key, PublicFrom(9));
}

TEST_F(DhtProcessTest, AKilledProcessComesBackAndJoinsAgain) {
  DhtProcess first(SettingsOf({}), clock_);
  const std::string at = Listening(first);
  DhtProcess second(SettingsOf({at}), clock_);
  ASSERT_TRUE(Until<DhtJoined>(second));
  const auto pid = second.pid();
  ASSERT_TRUE(pid);
  ASSERT_EQ(kill(*pid, SIGKILL), 0);
  ASSERT_TRUE(Until<DhtReady>(second));
  EXPECT_NE(second.TakeFailure().find("killed by signal 9"), std::string::npos);
  EXPECT_NE(second.pid(), pid);
  ASSERT_TRUE(Until<DhtJoined>(second));
  second.Send(PutItem{Signed(1)});
  EXPECT_GT(Until<ItemStored>(second)->copies, 0u);
}

TEST_F(DhtProcessTest, BootstrapNodesMayComeLater) {
  // A port that is free again when the second process has asked there in vain.
  std::string at;
  {
    DhtProcess gone(SettingsOf({}), clock_);
    at = Listening(gone);
  }
  DhtProcess second(SettingsOf({at}), clock_);
  ASSERT_TRUE(Until<DhtReady>(second));
  DhtProcess first({.program = PLASM_DHT, .listen = {at}, .bootstrap = {}}, clock_);
  ASSERT_EQ(Listening(first), at);
  EXPECT_TRUE(Until<DhtJoined>(second));
}

TEST_F(DhtProcessTest, AnAddressThatIsTakenIsToldAndTriedAgain) {
  DhtProcess first(SettingsOf({}), clock_);
  const std::string at = Listening(first);
  DhtProcess second({.program = PLASM_DHT, .listen = {at}, .bootstrap = {}}, clock_);
  std::string failure;
  for (int i = 0; i < 100 && failure.empty(); ++i) {
    second.Next(100'000'000, -1);
    failure = second.TakeFailure();
  }
  EXPECT_NE(failure.find(at.substr(at.find(':') + 1)), std::string::npos) << failure;
}

}  // namespace
}  // namespace plasm::discovery
