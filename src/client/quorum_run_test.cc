#include "client/quorum_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "trust/testing/cards.h"

namespace plasm::client {
namespace {

using ::testing::HasSubstr;

class ChooseReplicasTest : public ::testing::Test {
 protected:
  void Know(const std::string& name, unsigned char key, std::optional<std::string> who = {},
            trust::TrustLevel level = trust::TrustLevel::kLogged) {
    nodes_.push_back({name, *net::Endpoint::Parse("https://" + name + ".invalid:7420")});
    ASSERT_TRUE(trusted_.Add({.name = name,
                              .identity = trust::testing::PublicFrom(key),
                              .level = level,
                              .card_version = {},
                              .operator_name = std::move(who),
                              .revoked = {}}));
  }
  std::string Chosen(std::uint32_t replicas) {
    const auto chosen = ChooseReplicas(nodes_, trusted_, replicas);
    if (!chosen) return chosen.error().message;
    std::string names;
    for (const KnownNode& node : *chosen) names += node.name;
    return names;
  }

  std::vector<KnownNode> nodes_;
  trust::TrustFile trusted_;
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
