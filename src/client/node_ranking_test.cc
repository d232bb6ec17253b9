#include "client/node_ranking.h"

#include <gtest/gtest.h>

#include <string>

namespace plasm::client {
namespace {

using std::chrono::milliseconds;

Candidate Answering(const std::string& name, std::uint64_t cores, std::uint64_t queued,
                    std::uint64_t running, milliseconds round_trip, bool draining = false) {
  NodeStatus status;
  status.cores = cores;
  status.queued = queued;
  status.running = running;
  status.draining = draining;
  return {.node = {name, {}}, .status = status, .round_trip = round_trip, .error = {}};
}

std::string Ranked(std::vector<Candidate> candidates) {
  Rank(candidates);
  std::string names;
  for (const Candidate& candidate : candidates) names += candidate.node.name;
  return names;
}

TEST(NodeRankingTest, TheLeastBusyForItsCoresComesFirst) {
  EXPECT_EQ(
      Ranked({Answering("a", 2, 2, 2, milliseconds(1)), Answering("b", 8, 3, 8, milliseconds(9)),
              Answering("c", 4, 0, 0, milliseconds(50))}),
      "cba");
}

TEST(NodeRankingTest, OfEqualsTheNearest) {
  EXPECT_EQ(
      Ranked({Answering("a", 2, 0, 0, milliseconds(20)), Answering("b", 9, 0, 0, milliseconds(3))}),
      "ba");
}

TEST(NodeRankingTest, ThoseThatDrainOrDoNotAnswerComeLast) {
  Candidate silent{.node = {"s", {}}, .error = Error{ErrorCode::kUnavailable, "no answer"}};
  EXPECT_EQ(Ranked({silent, Answering("d", 9, 0, 0, milliseconds(1), true),
                    Answering("a", 1, 1000, 1, milliseconds(900))}),
            "ads");
}

TEST(NodeRankingTest, NumbersThatNoNodeHasDoNoHarm) {
  EXPECT_EQ(Ranked({Answering("a", 0, UINT64_MAX, UINT64_MAX, milliseconds(1)),
                    Answering("b", UINT64_MAX, UINT64_MAX, UINT64_MAX, milliseconds(1))}),
            "ba");
}

}  // namespace
}  // namespace plasm::client
