#include "discovery/search.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <string>

#include "base/unique_fd.h"
#include "trust/testing/cards.h"

namespace plasm::discovery {
namespace {

using namespace trust::testing;

class ManualSource final : public HintSource {
 public:
  explicit ManualSource(std::vector<Hint> hints) : hints_(std::move(hints)) {}
  HintOrigin origin() const override { return HintOrigin::kDht; }
  Result<void> Find(const Query&, const HintSink& sink, int stop_fd) override {
    for (const Hint& hint : hints_) sink(hint);
    if (!waits_) return result_;
    pollfd polled{stop_fd, POLLIN, 0};
    poll(&polled, 1, -1);
    return result_;
  }

  bool waits_ = false;  // until it is stopped
  Result<void> result_{};

 private:
  std::vector<Hint> hints_;
};

Hint HintAt(std::uint16_t port) {
  return {.endpoint = {.host = "127.0.0.1", .port = port}, .origin = HintOrigin::kDht};
}

// Nodes by port. A node's keys are made of its number, from 21 on.
class SearchTest : public ::testing::Test {
 protected:
  static trust::NodeCard CardOf(unsigned char number, std::uint64_t version = 7) {
    trust::NodeCard card = ExampleCard();
    card.identity = PublicFrom(number);
    card.version = version;
    card.expires = Time("9000-01-01T00:00:00Z");
    card.issued = Time("2020-01-01T00:00:00Z");
    for (trust::NodeKey& key : card.keys) {
      if (key.use != trust::KeyUse::kTls) continue;
      key.key = PublicFrom(static_cast<unsigned char>(number + 100));
      key.from = Time("2020-01-01T00:00:00Z");
      key.to = Time("9000-01-01T00:00:00Z");
    }
    return card;
  }
  void AddNode(std::uint16_t port, const trust::NodeCard& card, unsigned char number) {
    nodes_[port] = {.card = Opened(card, number),
                    .envelope = {},
                    .tls_key = PublicFrom(static_cast<unsigned char>(number + 100)),
                    .round_trip_ns = 1};
  }

  Probe ProbeOf() {
    return [this](const net::Endpoint& endpoint, int stop_fd) -> Result<ProbedNode> {
      ++probes_;
      const auto node = nodes_.find(endpoint.port);
      if (node != nodes_.end()) return node->second;
      if (endpoint.port == kHangs) {
        pollfd polled{stop_fd, POLLIN, 0};
        poll(&polled, 1, -1);
      }
      return Error{ErrorCode::kUnavailable, endpoint.ToString() + ": nobody answers"};
    };
  }
  SearchReport Run(std::vector<HintSource*> sources, SearchSettings settings = {},
                   int stop_fd = -1) {
    Search search({.sources = std::move(sources),
                   .probe = ProbeOf(),
                   .pool = pool_,
                   .found = found_,
                   .clock = clock_});
    auto report = search.Run({}, settings, stop_fd);
    EXPECT_TRUE(report);
    return *std::move(report);
  }

  static constexpr std::uint16_t kHangs = 9;
  static constexpr std::uint64_t kForever = 100'000'000'000'000;
  SystemClock clock_;
  HintPool pool_;
  FoundNodes found_;
  std::map<std::uint16_t, ProbedNode> nodes_;
  std::atomic<int> probes_ = 0;
};

TEST_F(SearchTest, SourcesMerge) {
  AddNode(1, CardOf(21), 21);
  AddNode(2, CardOf(22), 22);
  ManualSource one({HintAt(1), HintAt(2)});
  ManualSource two({HintAt(2), HintAt(2)});
  const SearchReport report = Run({&one, &two}, {.timeout_ns = kForever});
  EXPECT_EQ(found_.Nodes().size(), 2u);
  EXPECT_EQ(probes_, 2);
  EXPECT_EQ(report.hints, 4u);
}

TEST_F(SearchTest, NineInTenAnswersMayBeForgedStaleOrDead) {
  std::vector<Hint> hints;
  constexpr unsigned char kHonest = 10;
  for (unsigned char i = 0; i < kHonest; ++i) {
    const auto port = static_cast<std::uint16_t>(1000 + i);
    AddNode(port, CardOf(static_cast<unsigned char>(i + 21)), static_cast<unsigned char>(i + 21));
    hints.push_back(HintAt(port));
    // Of the same node: forged (its card shown by a server with another key), stale, and seven
    // dead.
    ProbedNode copied = nodes_.at(port);
    copied.tls_key = PublicFrom(99);
    nodes_[static_cast<std::uint16_t>(2000 + i)] = copied;
    AddNode(static_cast<std::uint16_t>(3000 + i), CardOf(static_cast<unsigned char>(i + 21), 6),
            static_cast<unsigned char>(i + 21));
    for (std::uint16_t thousand = 2; thousand <= 10; ++thousand) {
      Hint bad = HintAt(static_cast<std::uint16_t>(thousand * 1000 + i));
      if (thousand > 3) bad.identity = PublicFrom(static_cast<unsigned char>(i + 21));
      hints.insert(hints.begin(), bad);
    }
  }
  ASSERT_EQ(hints.size(), 10u * kHonest);
  ManualSource source(hints);
  const SearchReport report = Run({&source}, {.timeout_ns = kForever});
  ASSERT_EQ(found_.Nodes().size(), kHonest);
  for (const FoundNode* node : found_.Nodes()) {
    ASSERT_EQ(node->card.card.version, 7u);
    ASSERT_EQ(node->endpoints.size(), 1u);
    EXPECT_EQ(node->endpoints[0].port / 1000, 1) << "only where the node itself answers";
  }
  EXPECT_GT(report.refused, 0u);
  EXPECT_GT(report.unanswered, 0u);
  EXPECT_FALSE(report.reasons.empty());
  // Once more at once: the bad ones are left alone.
  probes_ = 0;
  Run({&source}, {.timeout_ns = kForever});
  EXPECT_EQ(found_.Nodes().size(), kHonest);
  EXPECT_LE(probes_, 2 * kHonest);
}

TEST_F(SearchTest, SilentNodesAndSourcesHoldNobodyUpBeyondTheTimeOut) {
  AddNode(1, CardOf(21), 21);
  ManualSource source({HintAt(kHangs), HintAt(1)});
  source.waits_ = true;
  const SearchReport report = Run({&source}, {.timeout_ns = 200'000'000, .probes_at_a_time = 2});
  EXPECT_EQ(found_.Nodes().size(), 1u);
  EXPECT_EQ(report.unanswered, 0u) << "it was interrupted";
}

TEST_F(SearchTest, EnoughNodesEndItEarly) {
  AddNode(1, CardOf(21), 21);
  ManualSource source({HintAt(kHangs), HintAt(1)});
  source.waits_ = true;
  Run({&source},
      {.timeout_ns = kForever, .are_enough = [](const auto& nodes) { return nodes.size() == 1; }});
  EXPECT_EQ(found_.Nodes().size(), 1u);
}

TEST_F(SearchTest, FiftySilentNodesDoNotStandInTheWayOfTheOneBehindThem) {
  AddNode(1, CardOf(21), 21);
  std::vector<Hint> hints;
  for (unsigned char i = 0; i < 50; ++i) {
    hints.push_back(HintAt(kHangs));
    hints.back().endpoint.host = "127.0.0." + std::to_string(i + 1);
  }
  hints.push_back(HintAt(1));
  ManualSource source(hints);
  Run({&source},
      {.timeout_ns = kForever, .are_enough = [](const auto& nodes) { return !nodes.empty(); }});
  EXPECT_EQ(found_.Nodes().size(), 1u);
}

TEST_F(SearchTest, TheCallerCanStopIt) {
  ManualSource source({});
  source.waits_ = true;
  const UniqueFd stop(eventfd(1, EFD_CLOEXEC));
  Run({&source}, {.timeout_ns = kForever}, stop.get());
}

TEST_F(SearchTest, ASourceThatFailsIsReportedAndTheOthersGoOn) {
  AddNode(1, CardOf(21), 21);
  ManualSource broken({});
  broken.result_ = Error{ErrorCode::kUnavailable, "no daemon"};
  ManualSource good({HintAt(1)});
  const SearchReport report = Run({&broken, &good}, {.timeout_ns = kForever});
  EXPECT_EQ(report.sources, std::vector<std::string>{"dht: no daemon"});
  EXPECT_EQ(found_.Nodes().size(), 1u);
}

TEST_F(SearchTest, WithoutSourcesItEndsAtOnce) {
  EXPECT_EQ(Run({}, {.timeout_ns = kForever}).hints, 0u);
}

TEST_F(SearchTest, AFalseNameInAHintHarmsNoHonestNode) {
  AddNode(1, CardOf(21), 21);
  Hint hint = HintAt(1);
  hint.identity = PublicFrom(50);
  ManualSource source({hint});
  Run({&source}, {.timeout_ns = kForever});
  ASSERT_EQ(found_.Nodes().size(), 1u);
  EXPECT_EQ(found_.Nodes()[0]->card.card.identity, PublicFrom(21));
}

TEST_F(SearchTest, WhatAnIdentityHasSignedForBoundsItsCards) {
  AddNode(1, CardOf(21, 7), 21);
  Hint hint = HintAt(1);
  hint.identity = PublicFrom(21);
  hint.signed_version = 8;
  ManualSource source({hint});
  const SearchReport report = Run({&source}, {.timeout_ns = kForever});
  EXPECT_TRUE(found_.Nodes().empty());
  EXPECT_EQ(report.refused, 1u);
}

}  // namespace
}  // namespace plasm::discovery
