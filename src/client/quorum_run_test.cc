#include "client/quorum_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/testing/known_nodes.h"

namespace plasm::client {
namespace {

using ::testing::HasSubstr;

class ChooseReplicasTest : public testing::KnownNodesTest {
 protected:
  std::string Chosen(std::uint32_t replicas) {
    const auto chosen = ChooseReplicas(nodes_, trusted_, replicas);
    if (!chosen) return chosen.error().message;
    return testing::NamesOf(*chosen);
  }
};

TEST_F(ChooseReplicasTest, TakesTheFirstOnes) {
  Know("a", 1);
  Know("b", 2);
  Know("c", 3);
  EXPECT_EQ(Chosen(2), "ab");
  EXPECT_EQ(Chosen(3), "abc");
  EXPECT_THAT(Chosen(4), HasSubstr("found 3 trusted nodes"));
}

TEST_F(ChooseReplicasTest, PassesOverStrangersBlockedOnesAndASecondOfOneOperator) {
  nodes_.push_back({"stranger", *net::Endpoint::Parse("https://stranger.invalid:7420")});
  Know("a", 1, "acme");
  Know("b", 2, "acme");
  Know("c", 3, {}, trust::TrustLevel::kBlocked);
  Know("d", 4);
  Know("e", 5);
  EXPECT_EQ(Chosen(3), "ade");
  nodes_.push_back(nodes_[1]);  // the same node once more
  EXPECT_THAT(Chosen(4), HasSubstr("found 3"));
}

}  // namespace
}  // namespace plasm::client
