#include "client/remote_replay.h"

#include <gtest/gtest.h>

#include "trust/testing/cards.h"

namespace plasm::client {
namespace {

class OthersThanTest : public ::testing::Test {
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
  std::string OthersThanNode(unsigned char key) {
    receipt::Statement statement;
    statement.node.identity = trust::testing::FingerprintFrom(key);
    std::string names;
    for (const KnownNode& node : OthersThan(statement, nodes_, trusted_)) names += node.name;
    return names;
  }

  std::vector<KnownNode> nodes_;
  trust::TrustFile trusted_;
};

TEST_F(OthersThanTest, NobodyBearsWitnessAboutItself) {
  Know("a", 1);
  Know("b", 2);
  EXPECT_EQ(OthersThanNode(1), "b");
  EXPECT_EQ(OthersThanNode(9), "ab");
}

TEST_F(OthersThanTest, NorAboutANodeOfItsOperator) {
  Know("a", 1, "acme");
  Know("b", 2, "acme");
  Know("c", 3, "other");
  Know("d", 4);
  EXPECT_EQ(OthersThanNode(1), "cd");
  EXPECT_EQ(OthersThanNode(4), "abc");
}

TEST_F(OthersThanTest, StrangersAndBlockedNodesBearNone) {
  Know("a", 1);
  Know("b", 2, {}, trust::TrustLevel::kBlocked);
  nodes_.push_back({"stranger", *net::Endpoint::Parse("https://stranger.invalid:7420")});
  EXPECT_EQ(OthersThanNode(9), "a");
}

}  // namespace
}  // namespace plasm::client
