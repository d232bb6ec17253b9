#include "discovery/hint_pool.h"

#include <gtest/gtest.h>

#include <string>

namespace plasm::discovery {
namespace {

constexpr std::uint64_t kNow = 1'000'000'000'000;

Hint HintAt(const std::string& host, std::uint16_t port = 7420,
            HintOrigin origin = HintOrigin::kDht) {
  return {.endpoint = {.host = host, .port = port}, .origin = origin};
}

crypto::PublicKey Key(unsigned char fill) {
  crypto::PublicKey key;
  key.bytes.fill(std::byte{fill});
  return key;
}

TEST(HintPoolTest, AnEndpointIsAskedOnceARoundHoweverOftenItIsHintedAt) {
  HintPool pool;
  const Hint hint = HintAt("192.0.2.7");
  EXPECT_EQ(pool.Add(hint, kNow), HintStanding::kProbe);
  EXPECT_EQ(pool.Add(hint, kNow), HintStanding::kKnown);
  pool.Answered(hint.endpoint);
  EXPECT_EQ(pool.Add(hint, kNow), HintStanding::kKnown);
  pool.BeginRound();
  EXPECT_EQ(pool.Add(hint, kNow), HintStanding::kProbe);
}

TEST(HintPoolTest, WhatFailedIsLeftAloneForLongerEachTime) {
  HintPool pool;
  const Hint hint = HintAt("192.0.2.7");
  std::uint64_t now = kNow;
  std::uint64_t pause = HintPool::kFirstPauseNs;
  for (int i = 0; i < 10; ++i) {
    pool.BeginRound();
    ASSERT_EQ(pool.Add(hint, now), HintStanding::kProbe);
    pool.Failed(hint.endpoint, now);
    pool.BeginRound();
    EXPECT_EQ(pool.Add(hint, now + pause - 1), HintStanding::kFailedLately);
    now += pause;
    pause = std::min(2 * pause, HintPool::kLongestPauseNs);
  }
  EXPECT_EQ(pause, HintPool::kLongestPauseNs);
}

TEST(HintPoolTest, AnAnswerEndsThePause) {
  HintPool pool;
  const Hint hint = HintAt("192.0.2.7");
  pool.Add(hint, kNow);
  pool.Failed(hint.endpoint, kNow);
  pool.BeginRound();
  ASSERT_EQ(pool.Add(hint, kNow + HintPool::kFirstPauseNs), HintStanding::kProbe);
  pool.Answered(hint.endpoint);
  pool.BeginRound();
  EXPECT_EQ(pool.Add(hint, kNow), HintStanding::kProbe);
  pool.Failed(hint.endpoint, kNow);
  pool.BeginRound();
  EXPECT_EQ(pool.Add(hint, kNow + HintPool::kFirstPauseNs), HintStanding::kProbe)
      << "the pause has started over";
}

TEST(HintPoolTest, OneNetworkCanBringOnlySoManyStrangers) {
  HintPool pool;
  for (std::uint16_t i = 0; i < HintPool::kMostOfNetwork; ++i) {
    ASSERT_EQ(pool.Add(HintAt("192.0.2." + std::to_string(i)), kNow), HintStanding::kProbe);
  }
  EXPECT_EQ(pool.Add(HintAt("192.0.2.200"), kNow), HintStanding::kTooManyOfNetwork);
  EXPECT_EQ(pool.Add(HintAt("192.0.3.1"), kNow), HintStanding::kProbe);
  // Dead ones go on counting, good ones do not.
  pool.Failed({.host = "192.0.2.0", .port = 7420}, kNow);
  EXPECT_EQ(pool.Add(HintAt("192.0.2.200"), kNow), HintStanding::kTooManyOfNetwork);
  pool.Answered({.host = "192.0.2.1", .port = 7420});
  EXPECT_EQ(pool.Add(HintAt("192.0.2.200"), kNow), HintStanding::kProbe);
}

TEST(HintPoolTest, TheUsersOwnListHasNoCapOnNetworks) {
  HintPool pool;
  for (std::uint16_t i = 0; i < 2 * HintPool::kMostOfNetwork; ++i) {
    EXPECT_EQ(pool.Add(HintAt("192.0.2." + std::to_string(i), 1, HintOrigin::kList), kNow),
              HintStanding::kProbe);
  }
  EXPECT_EQ(pool.Add(HintAt("192.0.2.7"), kNow), HintStanding::kProbe);
}

TEST(HintPoolTest, OneKeyCanClaimOnlySoManyEndpoints) {
  HintPool pool;
  Hint hint = HintAt("node.example");
  hint.identity = Key(1);
  for (std::uint16_t i = 1; i <= HintPool::kMostOfKey; ++i) {
    hint.endpoint.port = i;
    ASSERT_EQ(pool.Add(hint, kNow), HintStanding::kProbe);
    ASSERT_EQ(pool.Add(hint, kNow), HintStanding::kKnown);
  }
  hint.endpoint.port = 1000;
  EXPECT_EQ(pool.Add(hint, kNow), HintStanding::kTooManyOfKey);
  hint.identity.reset();
  EXPECT_EQ(pool.Add(hint, kNow), HintStanding::kProbe);
}

TEST(HintPoolTest, IsBounded) {
  HintPool pool;
  for (std::size_t i = 0; i < HintPool::kMostHints; ++i) {
    ASSERT_EQ(
        pool.Add(HintAt("10." + std::to_string(i / 256) + "." + std::to_string(i % 256) + ".1"),
                 kNow),
        HintStanding::kProbe);
  }
  EXPECT_EQ(pool.Add(HintAt("192.0.2.7"), kNow), HintStanding::kFull);
  EXPECT_EQ(pool.size(), HintPool::kMostHints);
}

TEST(HintPoolTest, KnowsNetworksByAddressAndName) {
  const auto network = [](const std::string& host) { return NetworkOf({.host = host}); };
  EXPECT_EQ(network("192.0.2.1"), network("192.0.2.255"));
  EXPECT_NE(network("192.0.2.1"), network("192.0.3.1"));
  EXPECT_EQ(network("2001:db8:1::1"), network("2001:db8:1:ffff::1"));
  EXPECT_NE(network("2001:db8:1::1"), network("2001:db8:2::1"));
  EXPECT_EQ(network("a.example.org"), network("b.c.example.org"));
  EXPECT_NE(network("example.org"), network("example.net"));
  EXPECT_EQ(network("host"), network("host"));
  EXPECT_NE(network("127.0.0.1"), network("127.0.0.2"));
  EXPECT_NE(NetworkOf({.host = "::1", .port = 1}), NetworkOf({.host = "::1", .port = 2}));
}

}  // namespace
}  // namespace plasm::discovery
